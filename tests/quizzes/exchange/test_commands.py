"""What operators type: a file is looked into, brought into a bank, and taken away again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.models import Course
from quizzes.bank import sorting
from quizzes.designing import revising
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import Plan
from quizzes.designing.settings import Settings
from quizzes.formats import registry
from quizzes.formats.model import Bank as Told
from quizzes.questions import Bank, Question
from tests.cast import THEN
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES
from tests.quizzes.making import a_quiz

GIFT = "$CATEGORY: top/Fire\n\n::Alarm::What first?{=Leave ~Stay}\n\n::Bad::What?{=a ~b\n\n::Lift::Take the lift?{F}\n"


@pytest.fixture
def bank(session: Session, course: Course) -> Bank:
    bank = sorting.new_bank(session, course, title="Our questions", language="en", first_category="General")
    session.commit()
    return bank


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    file = tmp_path / "fire.gift"
    file.write_text(GIFT, encoding="utf-8")
    return file


def run(app: Flask, *words: object):
    return app.test_cli_runner().invoke(args=["questions", *map(str, words)])


def number_of_questions(session: Session) -> int:
    return session.scalar(select(func.count(Question.id))) or 0


def test_a_file_is_looked_into_and_nothing_is_written(app: Flask, session: Session, gift: Path):
    found = run(app, "check", gift)

    assert found.exit_code == 1
    assert "Line 5, ::Bad::What?{=a ~b: Left out: A brace { or } stands alone." in found.output
    assert "GIFT, utf-8: 2 questions can be kept." in found.output
    assert number_of_questions(session) == 0


def test_a_file_comes_into_a_bank(app: Flask, session: Session, bank: Bank, gift: Path):
    found = run(app, "import", gift, "--bank", bank.public_id)
    again = run(app, "import", gift, "--bank", bank.public_id)

    assert found.output.endswith(f"GIFT: 2 questions taken. The bank is {bank.public_id}.\n")
    assert "0 questions taken, 2 known already" in again.output
    assert number_of_questions(session) == 2


@pytest.mark.parametrize(
    ("a_question", "told"),
    [
        (0.0199, []),
        (0.02, ["[##############################] 100 of about 100 questions"]),
        (0.1, ["[######........................] 20 of about 100 questions"]),
    ],
)
def test_from_two_seconds_on_and_not_later_a_bar_says_how_far_it_is(
    app: Flask, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_question: float, told: list[str]
):
    file = tmp_path / "many.gift"
    file.write_text("\n\n".join(f"Which number is {n}?{{=this ~that}}" for n in range(100)), encoding="utf-8")
    clock = [1000.0]
    read = registry.stream

    def slowly(*about: Any) -> Iterator[Any]:
        for question in read(*about):
            clock[0] = round(clock[0] + a_question, 6)
            yield question

    monkeypatch.setattr(registry, "stream", slowly)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    found = run(app, "import", file, "--bank", bank.public_id)

    said = [line for line in found.output.splitlines() if " of about " in line]
    assert "100 questions taken" in found.output
    assert said[:1] == told
    assert len(said) == {0.0199: 0, 0.02: 1, 0.1: 5}[a_question]


def test_a_file_comes_into_a_new_bank_of_a_course(app: Flask, session: Session, course: Course, gift: Path):
    found = run(app, "import", gift, "--course", course.public_id, "--title", "Fire", "--drafts")

    [made] = session.scalars(select(Bank).where(Bank.course_id == course.id))
    assert found.exit_code == 0
    assert (made.title, number_of_questions(session)) == ("Fire", 2)


def test_a_file_without_questions_leaves_no_bank(app: Flask, session: Session, course: Course, tmp_path: Path):
    file = tmp_path / "bad.gift"
    file.write_text("::Bad::What?{=a ~b")

    found = run(app, "import", file, "--course", course.public_id)

    assert found.exit_code == 1
    assert session.scalars(select(Bank).where(Bank.course_id == course.id)).all() == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Say where to: --bank"),
        (("--bank", "nobody"), "No bank nobody; its id stands in the address of its page."),
        (("--course", "nobody"), "Say where to: --bank"),
    ],
)
def test_it_has_to_be_said_where_to(app: Flask, gift: Path, words: tuple[str, ...], sentence: str):
    found = run(app, "import", gift, *words)

    assert (found.exit_code, sentence in found.output) == (1, True)


def test_a_bank_that_all_courses_share_is_not_changed(app: Flask, session: Session, gift: Path):
    shared = Bank(course_id=None, name="shared", title="Shared", language="en", license="MIT")
    session.add(shared)
    session.commit()

    found = run(app, "import", gift, "--bank", shared.public_id)

    assert "all courses share it" in found.output


@pytest.mark.parametrize("name", REPERTOIRES)
def test_a_bank_goes_into_a_file_of_each_format(app: Flask, bank: Bank, tmp_path: Path, name: str):
    first, second = tmp_path / "in.xml", tmp_path / f"out.{registry.FORMATS[name].ending}"
    first.write_bytes(
        registry.write(Told(questions=tuple(questions(REPERTOIRES["aiken"], 12, seed=1))), "moodle").content
    )
    run(app, "import", first, "--bank", bank.public_id)

    found = run(app, "export", bank.public_id, second, "--format", name)

    assert f"Written as {registry.FORMATS[name].title}." in found.output
    assert len(registry.read(second.read_bytes(), second.name).bank.questions) == 12


def test_one_topic_goes_out_alone(app: Flask, session: Session, bank: Bank, gift: Path, tmp_path: Path):
    run(app, "import", gift, "--bank", bank.public_id)
    out = tmp_path / "out.gift"

    other = run(app, "export", bank.public_id, out, "--topic", "General")
    unknown = run(app, "export", bank.public_id, out, "--topic", "Water")
    fire = run(app, "export", bank.public_id, out, "--topic", "Fire")

    assert (unknown.exit_code, "no topic called Water" in unknown.output) == (1, True)
    assert (other.exit_code, fire.exit_code) == (0, 0)
    assert len(registry.read(out.read_bytes(), out.name).bank.questions) == 2


def test_a_quiz_goes_out_as_a_whole(
    app: Flask, session: Session, course: Course, bank: Bank, gift: Path, tmp_path: Path
):
    run(app, "import", gift, "--bank", bank.public_id)
    quiz = a_quiz(session, course, bank, title="Drill", asks=2)
    empty = revising.make(session, course, bank, "Empty", Plan(), Settings(), at=THEN)
    session.commit()
    out = tmp_path / "drill.zip"

    found = run(app, "export", quiz.public_id, out, "--quiz", "--format", "qti30")
    looked = run(app, "check", out)

    by_ending = run(app, "export", quiz.public_id, tmp_path / "by-ending.zip", "--quiz")
    alone = run(app, "export", quiz.public_id, tmp_path / "alone.gift", "--quiz")

    assert "Written as QTI 2.1." in by_ending.output
    assert len(registry.read((tmp_path / "by-ending.zip").read_bytes()).bank.quizzes) == 1
    assert "Written as GIFT.\nThese are its questions alone" in alone.output
    assert "QTI 3.0 cannot say this: how many attempts there are." in found.output
    assert "Written as QTI 3.0." in found.output
    assert [each.title for each in registry.read(out.read_bytes()).bank.quizzes] == ["Drill"]
    assert "The page of a bank, and import --quizzes, make a draft of it, too." in looked.output
    for words, sentence in (
        ((quiz.public_id, out, "--quiz", "--topic", "Fire"), "A quiz goes out as a whole"),
        (("nobody", tmp_path / "x.gift", "--quiz"), "No quiz nobody"),
        ((empty.public_id, tmp_path / "x.gift", "--quiz"), "The quiz asks nothing yet"),
    ):
        no = run(app, "export", *words)
        assert (no.exit_code, sentence in no.output) == (1, True)


def test_drafts_are_made_of_the_quizzes_of_a_file(
    app: Flask, session: Session, course: Course, bank: Bank, gift: Path, tmp_path: Path
):
    run(app, "import", gift, "--bank", bank.public_id)
    quiz = a_quiz(session, course, bank, title="Drill", asks=2)
    out = tmp_path / "drill.zip"
    run(app, "export", quiz.public_id, out, "--quiz")

    unasked = run(app, "import", out, "--course", course.public_id, "--title", "Elsewhere")
    known = run(app, "import", out, "--bank", bank.public_id, "--quizzes")
    new = run(app, "import", out, "--course", course.public_id, "--title", "Third", "--quizzes")

    assert "A draft of" not in unasked.output
    for found in (known, new):
        assert "A draft of the quiz Drill is " in found.output, found.output
    session.rollback()
    drafts = session.scalars(select(QuizRevision).where(QuizRevision.title == "Drill").order_by(QuizRevision.id)).all()
    assert [(each.bank.title, each.is_draft, each.outlined.asks) for each in drafts[1:]] == [
        ("Our questions", True, 2),
        ("Third", True, 2),
    ]


def test_a_format_has_to_be_known(app: Flask, bank: Bank, tmp_path: Path):
    found = run(app, "export", bank.public_id, tmp_path / "out.doc")

    assert "No format is known by the ending of out.doc" in found.output


def test_a_file_without_an_end_is_read_no_further(app: Flask):
    found = run(app, "check", "/dev/zero", "--format", "csv")

    assert (found.exit_code, "Traceback" in found.output) == (1, False)
    assert len(found.output) < 500


@pytest.mark.parametrize("where", ["nowhere/questions.gift", "questions.gift/questions.gift"])
def test_a_file_that_cannot_be_written_is_told(app: Flask, bank: Bank, tmp_path: Path, where: str):
    (tmp_path / "questions.gift").write_text("mine", encoding="utf-8")

    found = run(app, "export", bank.public_id, tmp_path / where)

    assert (found.exit_code, found.exception.__class__) == (1, SystemExit)
    assert "Error: questions.gift cannot be written: no" in found.output
    assert (tmp_path / "questions.gift").read_text(encoding="utf-8") == "mine"


def test_a_name_steers_no_terminal(app: Flask, session: Session, course: Course, tmp_path: Path):
    file = tmp_path / "fire\x1b[31m\n.gift"
    file.write_text("Which \x1b[2J is it?{=a ~b}\n\nBad {\n", encoding="utf-8")

    found = run(app, "import", file, "--course", course.public_id)

    assert found.exit_code == 0
    assert "\x1b" not in found.output
