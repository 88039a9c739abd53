"""The guides say what is there: pictures, commands and their options, codes, and the words people see."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from flask import Flask

from lti_tool.arrivals import verdicts
from lti_tool.arrivals.verdicts import Reason
from lti_tool.claims import ASKED_CUSTOM
from tests.journeys.guides import typed_in

ROOT = Path(__file__).parents[2]
GUIDES = ("docs/install-moodle.md", "docs/install-canvas.md")
PAPERS = ("README.md", *GUIDES)
TEMPLATE = ROOT / "lti_tool" / "translations" / "messages.pot"
CODES = {each.code for each in vars(verdicts).values() if isinstance(each, Reason)}
MARK = re.compile(r"\*\*\[(?:campus|not yet|not yet, seen)\]\*\*")


def text_of(paper: str) -> str:
    return (ROOT / paper).read_text(encoding="utf-8")


def spoken() -> list[str]:
    """Every sentence that pages say."""
    with TEMPLATE.open("rb") as file:
        return [" ".join(str(message.id).split()) for message in read_po(file) if message.id]


def rows_of_troubles(guide: str) -> list[str]:
    """What the person sees, row by row."""
    table = text_of(guide).partition("## Troubleshooting")[2]
    return [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_picture_is_there(paper: str):
    named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text_of(paper))

    assert named
    assert [each for each in named if not (ROOT / paper).parent.joinpath(each).is_file()] == []


def test_commands_begin_in_one_way_that_works_as_it_is_written():
    papers = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))

    said = [line for paper in papers for line in paper.read_text("utf-8").splitlines() if "flask --app wsgi" in line]

    assert len(said) > 20
    assert [line for line in said if re.search(r"(?<!\.venv/bin/)flask --app wsgi", line)] == []


def commands_in(paper: str) -> list[list[str]]:
    """What is typed after `flask --app wsgi`, in blocks of code, with its lines put together."""
    return [shlex.split(re.sub(r"<[^>]*>", "something", each)) for each in typed_in(text_of(paper))]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_command_can_be_typed(app: Flask, paper: str):
    typed = commands_in(paper)

    assert typed
    for words in typed:
        command: click.Command = app.cli
        while isinstance(command, click.Group):
            assert words[0] in command.commands, " ".join(words)
            command = command.commands[words.pop(0)]
        options = {name for each in command.params if isinstance(each, click.Option) for name in each.opts}
        assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("guide", GUIDES)
def test_troubles_go_by_words_and_codes_that_pages_really_show(guide: str):
    rows, sentences = rows_of_troubles(guide), spoken()
    ours = [row for row in rows if not row.startswith(("Moodle:", "Canvas:"))]
    quoted = [each for row in ours for each in re.findall(r"\*([^*]+)\*", row)]

    assert len(rows) >= 10
    assert quoted
    shown = [re.sub(r"\d+", "%(number)s", each) for each in quoted]
    assert [each for each in shown if not any(each in sentence for sentence in sentences)] == []
    assert {code for row in rows for code in re.findall(r"\(`(\w+)`\)", row)} <= CODES


@pytest.mark.parametrize("guide", GUIDES)
def test_every_step_in_the_lms_says_whether_it_was_tried(guide: str):
    steps = [step for chapter in chapters_in_the_lms(guide) for step in steps_of(chapter)]

    assert len(steps) >= 14
    assert [step.splitlines()[0] for step in steps if not MARK.search(step)] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_chapter_about_the_lms_has_steps(guide: str):
    chapters = chapters_in_the_lms(guide)

    assert len(chapters) == 4, "before, registering, placing, by hand"
    assert [chapter.splitlines()[0] for chapter in chapters if len(steps_of(chapter)) < 3] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_mark_is_explained_where_the_guide_begins(guide: str):
    marks = set(re.findall(r"\*\*\[[^\]]*\]\*\*", text_of(guide)))

    assert marks == set(re.findall(r"^- (\*\*\[[^\]]*\]\*\*)", text_of(guide), re.MULTILINE))
    assert [mark for mark in marks if not MARK.fullmatch(mark)] == []


def chapters_in_the_lms(guide: str) -> list[str]:
    """The chapters that are done in the LMS, or ask something of it."""
    chapters = re.findall(r"^## [^\n]*\n.*?(?=^## |\Z)", text_of(guide), re.DOTALL | re.MULTILINE)
    wanted = re.compile(r"## (Before |By |\d\. (The \w+ administrator|An instructor) )")
    return [each for each in chapters if wanted.match(each)]


def steps_of(chapter: str) -> list[str]:
    """Every item of a list with all that belongs to it, and every paragraph that names a menu or a button."""
    blocks = re.split(r"\n(?=(?:\d\.|-) )|\n\n(?! )", chapter)[1:]
    listed, named = re.compile(r"(?:\d\.|-) "), re.compile(r"(?<!\*)\*\w[^*]*\*(?!\*)")
    return [each for each in blocks if listed.match(each) or named.search(each)]


@pytest.mark.parametrize("guide", GUIDES)
def test_what_is_entered_by_hand_is_what_the_tool_would_ask_for_itself(guide: str):
    (by_hand,) = [each for each in chapters_in_the_lms(guide) if each.startswith("## By ")]
    other = {"docs/install-moodle.md": ("canvas", "acting"), "docs/install-canvas.md": ("moodle",)}[guide]

    entered = dict(re.findall(r"`(\w+)=(\$[\w.]+)`", by_hand))

    assert entered == {name: value for name, value in ASKED_CUSTOM.items() if not name.startswith(other)}
