"""What every template is held to: words through gettext, nothing inline, no changing form without its token.

A template is read twice. As a page, with everything of Jinja cut out, to find words that stand there raw, inline
styles and scripts, and unprotected forms. As a program, to find words handed to macros as plain strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from jinja2 import Environment, nodes

FILLED_IN, PROTECTED = "\ue000", "\ue001"
"""What stands in the page for an expression of Jinja, and for one that prints the token against forgery."""
PROTECTS = frozenset({"csrf_token", "hidden_tag", "hidden_fields"})

SPOKEN = frozenset({"alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext"})
SHOWN = frozenset({"data-label", "hx-confirm", "hx-prompt", "label", "placeholder", "title"})
NOT_WORDS = frozenset({"code", "kbd", "pre", "samp"})
"""What stands in these is typed or pasted, and the same in every language."""
WORD_PARAMETERS = {
    *("about", "caption", "column", "columns", "detail", "hint", "how", "label", "legend"),
    *("sentence", "summary", "text", "title", "what", "word", "words"),
}
"""What a macro calls the arguments that people read."""
SENDS = ("hx-post", "hx-put", "hx-patch", "hx-delete")

Macros = Mapping[str, list[str]]
"""The parameters of each macro, by its name."""


def reading() -> Environment:
    """An environment that reads templates as the application does."""
    return Environment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], autoescape=True)


def macros_of(sources: Iterable[str]) -> dict[str, list[str]]:
    """The macros that these templates define."""
    read = reading()
    found = (macro for source in sources for macro in read.parse(source).find_all(nodes.Macro))
    return {macro.name: [argument.name for argument in macro.args] for macro in found}


def offences(source: str, macros: Macros | None = None) -> list[str]:
    """What is wrong with this template, each with its line."""
    page = Page()
    page.feed(as_page(source))
    page.close()
    return [*page.found, *raw_words(source, macros or {})]


def as_page(source: str) -> str:
    """The HTML of a template, on its own lines: translated words left out, a sign for each expression."""
    page: list[str] = []
    names: list[str] = []
    lines, is_translated = 1, False
    for line, kind, value in reading().lex(source):
        if kind == "data":
            kept = "" if is_translated else value
            page.append("\n" * (line - lines) + kept)
            lines = max(lines, line) + kept.count("\n")
        elif kind in ("block_begin", "variable_begin"):
            names = []
        elif kind == "name":
            names.append(value)
        elif kind == "block_end":
            is_translated = (is_translated or names[:1] == ["trans"]) and names[:1] != ["endtrans"]
        elif kind == "variable_end":
            page.append(PROTECTED if PROTECTS & set(names) else FILLED_IN)
    return "".join(page)


class Page(HTMLParser):
    """Reads the HTML of a template and notes what offends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._within: list[str] = []
        self._unprotected = ""
        """What is said if the form that is open ends without a token."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        self._note_inline(tag, said)
        self._note_words(tag, said)
        sends = next((name for name in SENDS if name in said), "")
        if tag == "form" and (sends or said.get("method", "").lower() == "post"):
            self._unprotected = self._at("a form that posts without a csrf token")
        elif sends and "form" not in self._within:
            self._note(f"{sends} outside a form, so without a csrf token")
        if any(PROTECTED in value for value in said.values()):
            self._unprotected = ""
        if tag == "form" or tag in NOT_WORDS:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._unprotected:
            self.found.append(self._unprotected)
            self._unprotected = ""
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, words: str) -> None:
        if PROTECTED in words:
            self._unprotected = ""
        if not NOT_WORDS & set(self._within) and has_letters(words):
            before = words[: len(words) - len(words.lstrip())].count("\n")
            self._note(f"not through gettext: {_short(words)}", further=before)

    def _note_inline(self, tag: str, said: Mapping[str, str]) -> None:
        if tag == "style" or (tag == "script" and "src" not in said):
            self._note(f"an inline <{tag}>")
        for name, value in said.items():
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")):
                self._note(f"the attribute {name}")
            if value.strip().lower().startswith(("javascript:", "js:")):
                self._note(f"a script in {name}")

    def _note_words(self, tag: str, said: Mapping[str, str]) -> None:
        is_button = tag == "input" and said.get("type", "").lower() in ("button", "reset", "submit")
        for name, value in said.items():
            is_read = name in SPOKEN or name in SHOWN or (is_button and name == "value")
            if is_read and has_letters(value):
                self._note(f"not through gettext: {_short(value)}, in {name}")

    def _note(self, what: str, further: int = 0) -> None:
        self.found.append(self._at(what, further))

    def _at(self, what: str, further: int = 0) -> str:
        return f"line {self.getpos()[0] + further}: {what}"


def raw_words(source: str, macros: Macros) -> Iterator[str]:
    """Words that are handed to macros as plain strings, alone or in a dictionary, or printed from one."""
    tree = reading().parse(source)
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else getattr(call.node, "attr", "")
        by_name = [(each.key, each.value) for each in call.kwargs]
        for parameter, value in [*zip(macros.get(name, ()), call.args, strict=False), *by_name]:
            if parameter == "placeholder" or (name in macros and parameter in WORD_PARAMETERS):
                yield from (_raw(string, f"{parameter} of {name}") for string in _strings(value))
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value in WORD_PARAMETERS:
            yield from (_raw(string, f"under {pair.key.value}") for string in _strings(pair.value))
    for output in tree.find_all(nodes.Output):
        for string in (each for node in output.nodes for each in _strings(node)):
            if string.value[:1].isupper() or len(string.value.split()) > 2:
                yield _raw(string, "printed")


def _strings(node: nodes.Node) -> Iterator[nodes.Const]:
    """The strings with letters that an expression may come to, but none that it calls, compares or looks up with."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str) and has_letters(node.value):
            yield node
    elif isinstance(node, nodes.CondExpr):
        yield from (each for part in (node.expr1, node.expr2) if part is not None for each in _strings(part))
    elif isinstance(node, nodes.Filter) and node.node is not None:
        yield from _strings(node.node)
    elif isinstance(node, nodes.List | nodes.Tuple | nodes.Concat | nodes.Or | nodes.Add):
        yield from (each for part in node.iter_child_nodes() for each in _strings(part))


def _raw(string: nodes.Const, where: str) -> str:
    return f"line {string.lineno}: not through gettext: {_short(string.value)}, {where}"


def _short(words: str) -> str:
    return repr(words.strip()[:40])


def has_letters(words: str) -> bool:
    """Whether anybody could read it: a letter of any alphabet."""
    return any(letter.isalpha() for letter in words)
