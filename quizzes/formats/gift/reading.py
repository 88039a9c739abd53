"""A block of GIFT as a question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizzes.formats.gift.answers import NotRead, Parsed, Wrong, parsed, written
from quizzes.formats.gift.blocks import Block, path_of
from quizzes.formats.gift.packing import InPackage, text_in
from quizzes.formats.gift.signs import BRACE, FORMAT, HEAD, place_of, unescaped
from quizzes.formats.model import Path, Place, Question
from quizzes.formats.packages import Package
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.texts import MOODLE, Written, cleaned, has_tags, together, without_marks
from quizzes.kinds import Kind
from quizzes.kinds.gaps import GAP
from quizzes.rich import TextFormat

BLANK = "_____"
GAP_NAME = "1"
_LONGEST_TITLE = 255
_IN_GAPS = (Kind.SINGLE, Kind.SHORT_TEXT, Kind.NUMERIC)
_WHY = "####"


def questions(
    blocks: Iterator[Block], report: Reporter, categories: list[Path], package: Package | None = None
) -> Iterator[Question]:
    """Each of the topics that the file names is put into `categories`; in `package` lie the media that it names."""
    within = text_in(package).rpartition("/")[0] if package else ""
    beside = f"{within}/" if within else ""
    category: Path = ()
    for block in blocks:
        if block.category is not None:
            category = path_of(block.category)
            categories.append(category)
        elif block.text:
            try:
                yield _question(block, category, report, package, beside)
            except NotRead as refused:
                report.error(refused.wrong, _place(block), what=refused.what or _beginning(block.text))


def _place(block: Block, title: str = "") -> Place:
    return Place(block.line, title or _beginning(block.text))


def _beginning(text: str) -> str:
    return " ".join(text[:200].split())[:60]


def _question(block: Block, category: Path, report: Reporter, package: Package | None, beside: str) -> Question:
    text, title = block.text, ""
    if head := HEAD.match(text):
        title, text = unescaped(head[1])[:_LONGEST_TITLE], text[head.end() :].strip()
    place = _place(block, title)
    before, inside, after = _parts(text)
    if inside is None:
        found, why = Parsed(Kind.DESCRIPTION, lambda _texts: {}), ""
    else:
        inside, why = _why_of(inside)
        found = parsed(inside, _usual(before))
    for what in found.lost:
        report.loss(Odd.NOT_KEPT, place, what=what)
    return _made(
        found,
        before,
        after,
        why,
        title=title,
        category=category,
        block=block,
        media=InPackage(package, beside, place, report),
        place=place,
        report=report,
    )


def _parts(text: str) -> tuple[str, str | None, str]:
    """What stands before the braces, between them and after them."""
    start, end = place_of("{", text), place_of("}", text)
    if start < 0 and end < 0:
        return text, None, ""
    if start < 0 or end < start:
        raise NotRead(Wrong.BRACE)
    after = text[end + 1 :]
    if after and any(found[0] in "{}" for found in BRACE.finditer(after)):
        raise NotRead(Wrong.TWO_BLOCKS)
    return text[:start], text[start + 1 : end], after


def _usual(before: str) -> str:
    found = FORMAT.match(before.strip())
    return found[1] if found else MOODLE


def _why_of(inside: str) -> tuple[str, str]:
    at = inside.rfind(_WHY)
    while at > 0 and place_of(_WHY, inside, at) != at:
        at = inside.rfind(_WHY, 0, at)
    return (inside, "") if at < 0 else (inside[:at], inside[at + len(_WHY) :])


def _made(
    found: Parsed,
    before: str,
    after: str,
    why: str,
    *,
    title: str,
    category: Path,
    block: Block,
    media: InPackage,
    place: Place,
    report: Reporter,
) -> Question:
    usual = _usual(before)
    how, head = written(before, usual)
    is_amid = bool(after.strip())
    in_gap = is_amid and found.kind in _IN_GAPS and not any(has_tags(said) for _how, said in found.texts)
    asked = _amid(before, after, usual, f"[[{GAP_NAME}]]" if in_gap else BLANK) if is_amid else head
    feedback = list(found.feedback.items())
    own = [] if in_gap else found.texts
    texts: list[Written] = [(how, asked), written(why, usual), *own, *(said for _path, said in feedback)]
    text_format, all_texts = together([_with_keys(each, media) for each in texts])
    all_texts = cleaned(all_texts, text_format, place, report)
    asked, why, *rest = all_texts
    parts = found.make([without_marks(*each) for each in found.texts] if in_gap else rest[: len(own)])
    kind, body, prefix = found.kind, {"text": asked, **parts}, ""
    if in_gap:
        kind, body = _in_gap(kind, asked, parts)
        prefix = f"gaps/{GAP_NAME}/"
    if why:
        body["why"] = why
    return Question(
        kind=kind,
        text_format=text_format,
        body=body,
        title=title,
        identifier=block.identifier,
        category=category,
        tags=tuple(block.tags),
        maximum=0.0 if kind is Kind.DESCRIPTION else 1.0,
        feedback={
            prefix + _path(where, parts): said
            for (where, _said), said in zip(feedback, rest[len(own) :], strict=True)
            if said
        },
        media=tuple(media.used.values()),
        place=place,
    )


def _with_keys(text: Written, media: InPackage) -> Written:
    how, said = text
    return text if how == TextFormat.PLAIN else (how, media.with_keys(said))


def _amid(before: str, after: str, usual: str, gap: str) -> str:
    """The text with the gap where the answers stood; what looks like a gap of ours in it is none."""
    return (
        GAP.sub(r"[\1]", written(before, usual)[1] + _space(before))
        + gap
        + _space(after, first=True)
        + unescaped(after)
    )


def _space(text: str, *, first: bool = False) -> str:
    """The spaces at the end of a text, or at its beginning: taken off with the others, and meant between words."""
    return text[: len(text) - len(text.lstrip())] if first else text[len(text.rstrip()) :]


def _in_gap(kind: Kind, asked: str, parts: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    gap = {"id": GAP_NAME, "kind": kind.value, **parts}
    return (Kind.DROP_DOWN if kind is Kind.SINGLE else Kind.CLOZE), {"text": asked, "gaps": [gap]}


def _path(where: tuple[str, int] | str, body: dict[str, Any]) -> str:
    if isinstance(where, str):
        return where
    name, number = where
    return f"{name}/{body[name][number].get('id', number)}"
