"""Questions of a file are looked at first, chosen, taken in one transaction, and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.jobs import Halt
from lti_tool.models import Course, Enrolment, Role
from lti_tool.running import working
from lti_tool.running.working import drain as work
from quizzes.bank import sorting, writing
from quizzes.exchange.bringing import finding, looking, taking_over
from quizzes.exchange.bringing.models import ImportedQuestion, ImportState, QuestionImport
from quizzes.formats import registry
from quizzes.formats.model import Bank as Brought
from quizzes.questions import Bank, Question, QuestionState, QuestionVersion
from tests.cast import Cast
from tests.mentoring.reading import words
from tests.quizzes.bank.conftest import Write
from tests.quizzes.exchange.bringing.conftest import Bringing
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def texts(session: Session, bank: Bank) -> list[str]:
    session.rollback()
    session.expire_all()
    wanted = select(QuestionVersion).join(Question).where(Question.bank_id == bank.id).order_by(Question.id)
    return [str(each.body["text"]) for each in session.scalars(wanted)]


def the_import(session: Session) -> QuestionImport:
    session.rollback()
    session.expire_all()
    return session.scalars(select(QuestionImport)).one()


def test_looked_at_first_everything_of_the_file_is_told(session: Session, bringing: Bringing, bank: Bank):
    assert bringing.bring().status_code == 302

    seen = words(bringing.client.get(bringing.address))

    assert "Recognized as GIFT" in seen
    assert "4 questions can be taken. 1 of them is there already." in seen
    assert "Left out" in seen
    assert "Line 11" in seen
    assert "Question 1 of this file asks the same." in seen
    assert "How many days has a week?" in seen
    assert texts(session, bank) == []
    assert bringing.ticked() == ["1", "2", "3"]


@pytest.mark.parametrize("name", REPERTOIRES)
def test_every_kind_of_question_that_a_format_holds_is_shown_as_learners_meet_it(
    app: Flask, session: Session, bringing: Bringing, name: str
):
    made = tuple(questions(REPERTOIRES[name], 3 * len(REPERTOIRES[name].kinds), seed=5))
    written = registry.write(Brought(questions=made), name)
    bringing.bring(written.content, f"everything.{written.ending}", format=name)
    work(app)

    seen = "".join(bringing.page(first) for first in range(0, len(made), finding.AT_ONCE))

    rows = session.scalars(select(ImportedQuestion).order_by(ImportedQuestion.n)).all()
    assert {row.kind for row in rows} == set(REPERTOIRES[name].kinds)
    assert all(f'name="shown" value="{row.n}"' in seen for row in rows)
    assert [row.n for row in rows if not re.search(rf'id="question-{row.n}-text|name="q{row.n}[-"]', seen)] == []


def test_what_is_chosen_comes_in_and_the_rest_does_not(session: Session, bringing: Bringing, bank: Bank):
    bringing.bring()

    bringing.decide("take", wanted=(2, 3))

    assert texts(session, bank) == ["How many days has a week?", "The house has a library."]
    seen = words(bringing.client.get(bringing.address))
    assert "The file held 4 questions. Taken 2 questions were taken." in seen
    assert "can be taken" not in seen
    category = session.scalars(select(Question)).first()
    assert category is not None
    assert category.category.title == "Starting"


def test_its_author_sees_what_is_right(bringing: Bringing):
    bringing.bring("Which one? {=This one ~That one}\n\nHow many?{#7}\n\nTell us.{}")

    seen = words(bringing.client.get(bringing.address))

    assert "Right An answer that earns everything: This one" in seen
    assert "Right An answer that earns everything: 7" in seen
    assert "Marked by hand Whoever teaches marks this by hand." in seen


def test_known_questions_are_told_and_left_out_unless_wanted(session: Session, bringing: Bringing, bank: Bank):
    bringing.bring()
    bringing.decide("take")
    bringing.bring()

    seen = words(bringing.client.get(bringing.address))

    assert "4 of them are there already." in seen
    assert "See the question that asks the same" in seen
    assert bringing.ticked() == []
    bringing.decide("all")
    assert bringing.ticked() == ["1", "2", "3", "4"]
    bringing.decide("none")
    assert bringing.ticked() == []
    bringing.decide("take")
    assert "Nothing is chosen." in bringing.page()
    assert len(texts(session, bank)) == 3


def test_taken_back_all_of_it_is_gone_but_what_was_used_or_changed(
    session: Session, bringing: Bringing, bank: Bank, ines: Enrolment
):
    bringing.bring()
    bringing.decide("take")
    changed = session.scalars(select(Question).order_by(Question.id)).first()
    assert changed is not None
    said = replace(writing.Said.of(writing.newest_of(session, changed)), difficulty=3)
    writing.change(session, changed, said, state=changed.state, by=ines, at=clock.now())
    session.commit()

    bringing.client.post(f"{bringing.address}/undo")

    assert texts(session, bank)[0] == "Whom do you ask first?"
    assert session.scalar(select(func.count()).select_from(Question)) == 1
    seen = words(bringing.client.get(bringing.address))
    assert "2 questions were taken back. 1 stays" in seen
    bringing.client.post(f"{bringing.address}/undo")
    assert "It has been taken back already" in bringing.page()


def test_taken_twice_at_once_it_comes_once(session: Session, bringing: Bringing, bank: Bank):
    bringing.bring()
    bringing.decide("take")

    again = bringing.client.post(bringing.address, data={"do": "take", "shown": ["1"], "wanted": ["1"]})

    assert again.status_code == 302
    assert "Somebody has decided on it already." in bringing.page()
    assert len(texts(session, bank)) == 3


def test_choices_of_one_page_stay_when_another_is_looked_at(session: Session, bringing: Bringing):
    many = "\n\n".join(f"::Q{n}:: Question {n}? {{=a ~b}}" for n in range(1, 31))
    bringing.bring(many)

    bringing.decide("onward", wanted=(1, 20))

    assert 'name="shown" value="21"' in bringing.page(20)
    assert bringing.ticked() == ["1", "20"]
    assert "12 are ticked, on all pages together." in bringing.page()


def test_large_files_are_read_and_taken_by_jobs_with_progress(
    app: Flask, session: Session, bringing: Bringing, bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(looking, "AT_ONCE", 10)
    monkeypatch.setattr(taking_over, "AT_ONCE", 1)
    bringing.bring()
    assert "Going on" in bringing.page()
    assert '<progress id="import-progress"></progress>' in bringing.page()
    work(app)
    assert "4 questions can be taken." in bringing.page()

    bringing.decide("take")
    assert "The questions are being taken." in bringing.page()
    assert '<progress id="import-progress"></progress>' in bringing.page()
    assert texts(session, bank) == []
    work(app)
    assert "3 questions were taken." in bringing.page()

    bringing.client.post(f"{bringing.address}/undo")
    work(app)
    assert "3 questions were taken back." in bringing.page()
    assert texts(session, bank) == []


def test_a_bar_shows_how_far_a_file_is_read(session: Session, bringing: Bringing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(looking, "AT_ONCE", 10)
    monkeypatch.setattr(looking, "ROWS", 2)
    bringing.bring("\n\n".join(f"Question {n}?{{=a ~b}}" for n in range(5)))
    told: list[tuple[int, int | None]] = []

    looking.look(the_import(session).id, lambda done, total: told.append((done, total)))

    assert told == [(2, 5), (4, 5), (5, 5)]


def test_the_page_shows_the_bar_with_what_was_read_so_far(
    app: Flask, bringing: Bringing, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(looking, "AT_ONCE", 10)
    monkeypatch.setattr(looking, "ROWS", 2)
    monkeypatch.setattr(working, "WRITE_EVERY", 0.0)
    seen: list[str] = []
    look = looking.look

    def watched(import_id: int, report: Callable[[int, int | None], None]) -> int:
        def told(done: int, total: int | None) -> None:
            report(done, total)
            seen.extend(re.findall(r"<progress[^>]*>", bringing.page()))

        return look(import_id, told)

    monkeypatch.setattr(looking, "look", watched)
    bringing.bring("\n\n".join(f"Question {n}?{{=a ~b}}" for n in range(5)))
    work(app)

    assert [re.findall(r'(?:value|max)="(\d+)"', each) for each in seen] == [["2", "5"], ["4", "5"], ["5", "5"]]


def test_a_package_is_read_by_a_job_unless_it_is_tiny(
    session: Session, bringing: Bringing, monkeypatch: pytest.MonkeyPatch
):
    """A small zip may hold thousands of items, and nobody waits for a page so long."""
    monkeypatch.setattr(looking, "PACKED_AT_ONCE", 10)

    bringing.bring(b"PK\x03\x04 and so on", "items.zip")

    assert the_import(session).state is ImportState.LOOKING


def test_taking_back_that_breaks_off_goes_on_where_it_was(
    session: Session, bringing: Bringing, bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(taking_over, "BACK_AT_ONCE", 1)
    bringing.bring()
    bringing.decide("take")
    row = the_import(session)
    row.state = ImportState.UNDOING
    session.commit()

    def killed(_done: int, _total: int | None) -> None:
        raise Halt

    with pytest.raises(Halt):
        taking_over._undo(row.id, killed)
    assert len(texts(session, bank)) == 2

    taking_over._undo(row.id)

    assert texts(session, bank) == []
    assert the_import(session).counted["removed"] == 3


def test_read_again_after_a_crash_nothing_is_there_twice(
    session: Session, bringing: Bringing, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(looking, "AT_ONCE", 10)
    bringing.bring()
    row = the_import(session)

    def killed(_done: int, _total: int | None) -> None:
        raise Halt

    with pytest.raises(Halt):
        looking.look(row.id, killed)
    assert the_import(session).state is ImportState.LOOKING
    assert session.scalar(select(func.count()).select_from(ImportedQuestion)) == 4

    looking.look(row.id, lambda _done, _total: None)

    assert the_import(session).state is ImportState.LOOKED
    assert session.scalar(select(func.count()).select_from(ImportedQuestion)) == 4


def test_what_fails_while_it_is_taken_leaves_nothing(
    session: Session, bringing: Bringing, bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    bringing.bring()
    row = the_import(session)

    def breaks(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(taking_over, "_remember", breaks)
    row.state = ImportState.TAKING
    session.commit()
    with pytest.raises(RuntimeError):
        taking_over._take(row.id)

    assert texts(session, bank) == []
    assert the_import(session).state is ImportState.TAKING


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.txt", "The file is empty."),
        (b"\x00\x01\x02\x03" * 50, "a.bin", "No question of this file can be taken."),
        (b"PK\x03\x04 not a zip", "a.zip", "No question of this file can be taken."),
        ("Just a letter to somebody, nothing asked.\n" * 5, "letter.txt", "No question of this file can be taken."),
    ],
)
def test_what_is_no_file_of_questions_is_told_so(bringing: Bringing, content: bytes | str, name: str, sentence: str):
    assert bringing.bring(content, name).status_code == 302

    assert sentence in words(bringing.client.get(bringing.address))


def test_without_a_file_or_with_bent_choices_it_is_said_what_is_missing(bringing: Bringing):
    nothing = bringing.client.post(f"{bringing.base}/bring", data={"category": "x", "format": "y"})

    assert nothing.status_code == 422
    assert "Choose the file to bring." in nothing.text
    assert bringing.bring(format="word").status_code == 422
    bringing.bring()
    bent = {"do": "take", "shown": ["x", "-1", "9" * 40], "wanted": ["😀"], "onward": "9" * 40}
    assert bringing.client.post(bringing.address, data=bent).status_code == 302


def test_pictures_of_the_file_are_shown_before_they_are_taken(session: Session, bringing: Bringing, bank: Bank):
    image = '<img src="@@PLUGINFILE@@/dot.png" alt="A dot">'
    moodle = f"""<?xml version="1.0" encoding="UTF-8"?><quiz><question type="truefalse"><name><text>P</text></name>
    <questiontext format="html"><text><![CDATA[<p>Is it red? {image}</p>]]></text>
    <file name="dot.png" path="/" encoding="base64">{PIXEL}</file></questiontext>
    <answer fraction="100"><text>true</text></answer>
    <answer fraction="0"><text>false</text></answer></question></quiz>"""
    bringing.bring(moodle, "pictures.xml")
    seen = bringing.page()
    [address] = {part.split('"')[0] for part in seen.split('src="') if "/pictures/" in part.split('"')[0]}

    picture = bringing.client.get(address)

    assert picture.status_code == 200
    assert picture.mimetype == "image/png"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    bringing.decide("take")
    assert len(texts(session, bank)) == 1
    assert bringing.client.get(address).status_code == 404


def test_only_those_who_write_the_bank_bring_into_it(
    visit: Callable[[Enrolment], FlaskClient],
    session: Session,
    cast: Cast,
    course: Course,
    bank: Bank,
    bringing: Bringing,
):
    bringing.bring()
    other = cast.course("Elsewhere")
    stranger = cast.enrol(other, "Olga", Role.INSTRUCTOR)
    theirs = sorting.new_bank(session, other, title="Theirs", language="en", first_category="General")
    session.commit()
    tail = bringing.address.removeprefix(bringing.base)
    learner = visit(cast.enrol(course, "Leo"))

    assert learner.get(f"{bringing.base}/bring").status_code == 403
    assert learner.get(bringing.address).status_code == 403
    olga = visit(stranger)
    assert olga.get(f"/courses/{other.public_id}/banks/{theirs.public_id}{tail}").status_code == 404
    assert olga.get(f"/courses/{other.public_id}/banks/{bank.public_id}/bring").status_code == 404


def test_a_file_may_be_as_large_as_a_bank(app: Flask, bringing: Bringing):
    page = bringing.client.get(f"{bringing.base}/bring")

    assert "At most 64 MB." in page.text
    assert getattr(app.view_functions["banks.bring_file"], "takes_a_file", 0) == registry.MOST_BYTES


def test_put_away_nothing_of_it_stays(session: Session, bringing: Bringing, bank: Bank):
    bringing.bring()

    bringing.client.post(f"{bringing.address}/forget")

    assert session.scalar(select(func.count()).select_from(ImportedQuestion)) == 0
    assert bringing.client.get(bringing.address).status_code == 404


def test_what_a_bank_does_not_keep_is_told_before_anything_is_taken(bringing: Bringing):
    bringing.bring("::T:: Which one? {=This#Well done ~That#Not that ####Read on}")

    seen = words(bringing.client.get(bringing.address))

    assert "feedback to single answers" in seen


def test_as_drafts_nobody_is_asked_them(session: Session, bringing: Bringing):
    bringing.bring(drafts="y")
    bringing.decide("take")

    assert set(session.scalars(select(Question.state))) == {QuestionState.DRAFT}


def test_letters_of_old_windows_are_read(session: Session, bringing: Bringing, bank: Bank):
    bringing.bring("::F:: Wie heißt die Straße? {=Königsweg – “alt” ~Weg}".encode("windows-1252"))

    assert "written in windows-1252" in words(bringing.client.get(bringing.address))
    bringing.decide("take")
    assert texts(session, bank) == ["Wie heißt die Straße?"]


def test_in_the_bank_already_is_found_among_questions_written_by_hand(bringing: Bringing, write: Write):
    write(text="Which one?", options=[{"id": "a", "text": "This"}, {"id": "b", "text": "That"}], right=["a"])

    bringing.bring("Which one? {=This ~That}")

    assert "is there already" in words(bringing.client.get(bringing.address))
