"""A GIFT file as blocks: what stands between blank lines, with what its comments say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from quizzes.formats.gift.signs import BRACE, place_of
from quizzes.formats.model import Path

CATEGORY = "$CATEGORY:"
_MARKS = re.compile(r"\[(id|tag):((?:\\\]|[^\]\x00-\x1f])+)\]")
_CONTEXTS = re.compile(r"\$(?:course|system|module|cat|coursecat|category)\w*\$(?:/|$)", re.IGNORECASE)
_SLASH = re.compile(r"(?<!/)/(?!/)")
MOST_BLOCKS = 50
"""That a brace may go on through: further away nobody meant to close it."""


@dataclass
class Block:
    line: int
    """Where its text begins, or its first comment."""
    lines: list[str] = field(default_factory=list)
    identifier: str = ""
    tags: list[str] = field(default_factory=list)
    category: str | None = None
    """What a `$CATEGORY:` says; such a block says nothing else."""

    @cached_property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def blocks(text: str) -> Iterator[Block]:
    """The blocks in their order. One whose brace is open takes in those that follow, if they close it."""
    held: list[Block] = []
    for block in _between_blank_lines(text):
        if not held:
            if _is_open(block):
                held = [block]
            else:
                yield block
        elif _first_brace(block) == "}" and block.category is None:
            yield _joined([*held, block])
            held = []
        elif _first_brace(block) or block.category is not None or len(held) == MOST_BLOCKS:
            # It begins anew: nobody closed the one above.
            yield from held
            held = [block] if _is_open(block) else []
            if not held:
                yield block
        else:
            held.append(block)
    yield from held


def _between_blank_lines(text: str) -> Iterator[Block]:
    here: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.strip()
        if not said:
            if here is not None:
                yield here
            here = None
        elif said.startswith("//"):
            here = here or Block(number)
            _take_marks(here, said)
        elif said.startswith(CATEGORY):
            if here is not None and here.lines:
                yield here
            yield Block(number, category=said.removeprefix(CATEGORY).strip())
            here = None
        else:
            here = here or Block(number)
            if not here.lines:
                here.line = number
            here.lines.append(line)
    if here is not None:
        yield here


def _first_brace(block: Block) -> str:
    return next((found[0] for found in BRACE.finditer(block.text) if found[0] in "{}"), "")


def _is_open(block: Block) -> bool:
    text = block.text
    start = place_of("{", text)
    return start >= 0 and place_of("}", text, start) < 0


def _joined(parts: Sequence[Block]) -> Block:
    lines = [line for part in parts for line in ["", *part.lines]]
    return replace(parts[0], lines=lines[1:], tags=[tag for part in parts for tag in part.tags])


def _take_marks(block: Block, comment: str) -> None:
    if "[" not in comment:
        return
    for what, said in _MARKS.findall(comment):
        said = said.replace("\\]", "]").strip()
        if what == "id":
            block.identifier = said
        elif said and said not in block.tags:
            block.tags.append(said)


def path_of(said: str) -> Path:
    """The topics of a Moodle category such as `$course$/top/Maths/Algebra`; two slashes are one in a title."""
    said = _CONTEXTS.sub("", said.strip())
    titles = [title.replace("//", "/").strip() for title in _SLASH.split(said)]
    titles = [title for title in titles if title]
    return tuple(titles[1:] if titles and titles[0] == "top" else titles)


def said_of(path: Path) -> str:
    """The same the other way round."""
    return "/".join(["$course$", "top", *map(_said, path)])


def titles_of(path: Path) -> str:
    """The same where nothing else than topics is meant."""
    return "/".join(map(_said, path))


def _said(title: str) -> str:
    """A title that begins or ends with a slash needs room around it, to be told from the slash between titles."""
    said = " ".join(title.split()).replace("/", "//")
    return f" {said} " if said[:1] == "/" or said[-1:] == "/" else said
