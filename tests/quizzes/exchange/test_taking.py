"""Questions of a file come into a bank, all of them or none, and go out again as they came."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import uploads
from lti_tool.models import Course
from quizzes.bank import copying, media, queries, sorting
from quizzes.bank.models import Picture, Sound
from quizzes.exchange import giving, taking
from quizzes.exchange.taking import Taken
from quizzes.formats import registry
from quizzes.formats.equality import canonical
from quizzes.formats.model import Media
from quizzes.formats.model import Question as Told
from quizzes.formats.reports import Odd, Part, Report, Reporter, Severity
from quizzes.kinds import Kind
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from quizzes.rich import TextFormat
from tests import recordings
from tests.cast import THEN
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES

SAMPLES = Path(__file__).parent.parent / "formats" / "samples"
OPTIONS = [{"id": "a", "text": "Red"}, {"id": "b", "text": "Blue"}]
RED = Told(kind=Kind.SINGLE, body={"text": "Which color?", "options": OPTIONS, "right": ["a"]})


@pytest.fixture
def bank(session: Session, course: Course) -> Bank:
    bank = sorting.new_bank(session, course, title="Our questions", language="en", first_category="General")
    session.commit()
    return bank


def take(session: Session, bank: Bank, *told: Told, **more: Any) -> tuple[Taken, Report]:
    report = Reporter()
    general = session.scalars(select(Category).where(Category.title == "General")).one()
    taken = taking.take(session, bank, told, category=general, at=THEN, report=report, **more)
    session.commit()
    session.expire_all()
    return taken, report.done()


def versions(session: Session) -> list[QuestionVersion]:
    return list(session.scalars(select(QuestionVersion).order_by(QuestionVersion.question_id)))


def test_questions_of_a_file_are_in_the_bank(session: Session, bank: Bank):
    told = replace(
        RED, category=("Colors", "Warm"), tags=("Paint", "art"), identifier="red-1", maximum=2.0, difficulty=3
    )

    taken, report = take(session, bank, told)

    [version] = versions(session)
    question = version.question
    assert (taken.made, taken.drafts, taken.known, report.findings) == ([question.id], 0, 0, ())
    assert (question.name, question.state) == ("red-1", QuestionState.READY)
    assert (question.category.title, question.category.parent.title) == ("Warm", "Colors")
    assert [tag.word for tag in question.tags] == ["art", "paint"]
    assert (version.n, version.kind, version.maximum, version.difficulty) == (1, Kind.SINGLE, 2.0, 3)
    assert version.body == RED.body
    assert len(version.sha256) == 64


def test_what_the_bank_asks_already_is_left_out_unless_it_is_wanted(session: Session, bank: Bank):
    take(session, bank, RED)
    otherwise = replace(RED, body={**RED.body, "text": " which  COLOR?", "options": OPTIONS[::-1]}, title="Color")

    taken, report = take(session, bank, RED, otherwise)
    again, _report = take(session, bank, RED, again=True)

    assert (taken.made, taken.known, len(again.made)) == ([], 2, 1)
    assert [each.odd for each in report.findings] == [Odd.KNOWN, Odd.KNOWN]


def test_what_is_not_complete_is_a_draft(session: Session, bank: Bank):
    taken, _report = take(session, bank, replace(RED, is_draft=True), replace(RED, body={**RED.body, "text": "Other?"}))

    states = [each.state for each in session.scalars(select(Question).order_by(Question.id))]
    assert (taken.drafts, states) == (1, [QuestionState.DRAFT, QuestionState.READY])


def test_what_is_said_to_answers_is_kept_beneath_the_explanation_and_the_rest_is_told(session: Session, bank: Bank):
    told = replace(
        RED,
        body={**RED.body, "why": "It is warm."},
        title="Colors",
        feedback={"options/b": "That is cold.", "right": "Well done."},
        hints=("Think of fire.",),
        penalty="1/3",
    )

    _taken, report = take(session, bank, told)

    assert versions(session)[0].why == "It is warm.\n\nBlue: That is cold."
    assert versions(session)[0].question.title == "Colors"
    assert [(each.severity, each.odd, each.about["part"]) for each in report.findings] == [
        (Severity.NOTE, Odd.KEPT_AS, Part.FEEDBACK),
        (Severity.LOSS, Odd.NOT_KEPT, Part.WHOLE),
        (Severity.LOSS, Odd.NOT_KEPT, Part.HINTS),
        (Severity.NOTE, Odd.NOT_KEPT, Part.PENALTY),
    ]


def test_topics_that_are_too_deep_or_too_long_are_made_to_fit(session: Session, bank: Bank):
    deep = tuple(f"Level {number}" for number in range(1, 9))

    _taken, report = take(session, bank, replace(RED, category=deep))

    assert versions(session)[0].question.category.title == "Level 6 / Level 7 / Level 8"
    assert [each.odd for each in report.findings] == [Odd.KEPT_AS]


def test_names_that_are_taken_are_told(session: Session, bank: Bank):
    other = replace(RED, body={**RED.body, "text": "Which other?"})

    _taken, report = take(session, bank, replace(RED, identifier="q1"), replace(other, identifier="q1"))

    first, second = (version.question.name for version in versions(session))
    assert (first, len(second)) == ("q1", 16)
    assert [(each.odd, each.about["what"]) for each in report.findings] == [(Odd.NAME_NOT_KEPT, "q1")]


def test_pictures_come_along_and_go_along(session: Session, bank: Bank):
    read = registry.read((SAMPLES / "everything.xml").read_bytes())
    alarm = read.bank.questions[0]

    take(session, bank, alarm)
    [picture] = session.scalars(select(Picture))
    given = giving.told_of(session, bank)

    assert f"picture:{picture.public_id}" in versions(session)[0].text
    assert uploads.path_of(picture.file).read_bytes() == alarm.media[0].content
    assert given.questions[0].media == alarm.media
    assert given.questions[0].body["text"] == alarm.body["text"]


def test_recordings_come_along_are_kept_copied_and_go_along(session: Session, bank: Bank, course: Course):
    call = Media(recordings.mp3(), "call.mp3", "audio/mpeg")
    text = f'<p>Who calls?</p><audio src="sound:{call.key}" title="It is Maya."></audio>'
    told = replace(RED, body={**RED.body, "text": text}, text_format=TextFormat.HTML, media=(call,))

    take(session, bank, told)
    [sound] = session.scalars(select(Sound))
    other = sorting.new_bank(session, course, title="Another", language="en", first_category="General")
    chosen = queries.listed(session, bank, [versions(session)[0].question.public_id])
    copying.copy_questions(session, chosen, other, by=None, at=THEN)
    [given] = giving.told_of(session, other).questions

    assert f"sound:{sound.public_id}" in versions(session)[0].text
    assert media.names_used(session, [sound.file, "0" * 32]) == [sound.file, sound.file]
    assert (given.media, given.body["text"]) == ((call,), text)


def test_places_in_a_picture_go_out_and_come_in_with_their_picture(session: Session, bank: Bank, course: Course):
    repertoire = replace(REPERTOIRES["qti30"], kinds=(Kind.HOTSPOT,))
    made = [replace(each, title="", feedback={}, media=each.media[-1:]) for each in questions(repertoire, 6, seed=2)]
    plainly = [replace(each, body={**each.body, "text": f"<p>Where? {n}</p>"}) for n, each in enumerate(made)]

    take(session, bank, *plainly)
    read = registry.read(giving.give(session, bank, "qti30").content)
    other = sorting.new_bank(session, course, title="Another", language="en", first_category="Elsewhere")
    category, reporter = session.scalars(select(Category).where(Category.bank_id == other.id)).one(), Reporter()
    taken = taking.take(session, other, read.bank.questions, category=category, at=THEN, report=reporter)
    session.commit()

    here, there = (giving.told_of(session, each).questions for each in (bank, other))
    assert (len(there), taken.drafts, read.report.findings, reporter.done().findings) == (6, 0, (), ())
    assert [each.body for each in there] == [each.body for each in here]
    assert [each.media[0].content for each in there] == [each.media[0].content for each in here]
    assert {medium.public_id for medium in session.scalars(select(Picture).where(Picture.bank_id == other.id))} == {
        version.body["image"] for version in versions(session) if version.question.bank_id == other.id
    }


def test_nothing_is_there_when_the_file_ends_in_a_fault(session: Session, bank: Bank):
    def faulty() -> Any:
        yield replace(registry.read((SAMPLES / "everything.xml").read_bytes()).bank.questions[0])
        raise RuntimeError

    general = session.scalars(select(Category)).one()
    with pytest.raises(RuntimeError):
        taking.take(session, bank, faulty(), category=general, at=THEN, report=Reporter())
    session.rollback()

    assert session.scalars(select(Question)).all() == []
    assert session.scalars(select(Picture)).all() == []


@pytest.mark.parametrize("name", ["moodle", "gift", "csv"])
def test_a_bank_goes_out_and_comes_in_again_as_it_was(session: Session, bank: Bank, course: Course, name: str):
    made = [
        replace(each, title="", feedback={}, hints=(), penalty="", media=())
        for each in questions(REPERTOIRES[name], 60, seed=4)
        if not each.media
    ]
    take(session, bank, *made, again=True)
    written = giving.give(session, bank, name)
    read = registry.read(written.content, format=name)

    def spoken(each: Told) -> dict[str, Any]:
        return canonical(replace(each, title="", difficulty=0))

    given = giving.told_of(session, bank)
    assert [spoken(each) for each in read.bank.questions] == [spoken(each) for each in given.questions]
    assert [spoken(replace(each, identifier="")) for each in given.questions] == [
        spoken(replace(each, identifier="", category=each.category or ("General",))) for each in made
    ]


def test_many_questions_ask_for_few_statements(session: Session, bank: Bank, queries: Any):
    def number_for(count: int, seed: int) -> int:
        made = list(questions(replace(REPERTOIRES["csv"], parts=frozenset()), count, seed=seed))
        with queries() as counted:
            take(session, bank, *made, again=True)
        return len(counted)

    assert number_for(20, 1) == number_for(900, 2)
