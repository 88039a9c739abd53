"""Groups and single learners with other rules in a quiz: which rule holds, and when it reaches whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Course, Enrolment, Role
from lti_tool.roster import groups
from lti_tool.roster.groups import CourseGroup, GroupMembership, Source
from quizzes import closing, personal, starting
from quizzes.accommodations import granting, overrides, overriding, standing
from quizzes.accommodations.models import Reason
from quizzes.accommodations.overrides import Override
from quizzes.designing import revising
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.entering import WrongCode
from quizzes.models import Quiz
from quizzes.progress import Progress
from quizzes.starting import NotYourTurn
from quizzes.timing import AS_FOR_ALL, Accommodation, Instead
from tests.cast import THEN, Cast
from tests.quizzes.making import a_quiz, changed

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ines(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Ines", Role.INSTRUCTOR)


@pytest.fixture
def group(session: Session, course: Course, leo: Enrolment):
    """A group of the course with Leo in it."""

    def made(name: str) -> CourseGroup:
        row = CourseGroup(course_id=course.id, source=Source.SERVICE, reference=name, name=name, created=THEN)
        session.add(row)
        session.flush()
        session.add(GroupMembership(group_id=row.id, enrolment_id=leo.id))
        session.commit()
        return row

    return made


@pytest.fixture
def put(session: Session, quiz: Quiz):
    def said(whom: CourseGroup | Enrolment, at=THEN, **instead) -> Override:
        row = overriding.put(session, quiz, whom, Instead(**instead), at=at)
        session.commit()
        return row

    return said


@pytest.fixture
def begin(session, quiz, leo):
    def begun(at=THEN, code: str = ""):
        attempt = starting.start(session, quiz, leo, seed=bytes(16), at=at, code=code)
        session.commit()
        return attempt

    return begun


def test_somebodys_own_comes_first_and_of_groups_what_gives_most(session, quiz, leo, group, put):
    put(group("North"), opens=THEN, closes=THEN + HOUR, limit=20 * MINUTE, attempts=5, access_codes=("n",))
    put(group("South"), opens=THEN + HOUR, closes=THEN + 2 * HOUR, limit=40 * MINUTE, access_codes=("s",))
    of_groups = overrides.for_learner(session, quiz, leo)
    put(leo, limit=10 * MINUTE, closes=THEN + MINUTE)

    assert of_groups == Instead(
        opens=THEN, closes=THEN + 2 * HOUR, limit=40 * MINUTE, attempts=5, access_codes=("n", "s")
    )
    assert overrides.for_learner(session, quiz, leo) == Instead(
        opens=THEN, closes=THEN + MINUTE, limit=10 * MINUTE, attempts=5, access_codes=("n", "s")
    )
    assert overrides.for_all(session, quiz) == {leo.id: overrides.for_learner(session, quiz, leo)}


def test_others_have_the_quizs_own_rules(session, quiz, cast, course, group, put):
    put(group("North"), limit=HOUR)
    nora = cast.enrol(course, "Nora")

    assert standing.of(session, quiz, nora, at=THEN).instead == AS_FOR_ALL


def test_a_group_begins_later_has_longer_and_more_often(session, quiz, leo, group, put, begin):
    put(group("North"), opens=THEN + HOUR, limit=HOUR, attempts=3)

    with pytest.raises(NotYourTurn):
        begin()
    session.rollback()
    attempt = begin(THEN + HOUR)

    assert attempt.deadline == THEN + 2 * HOUR
    granted = standing.of(session, quiz, leo, at=THEN)
    assert Progress(quiz=quiz, learner=leo, attempts=[attempt], granted=granted).left == 2


def test_what_was_granted_comes_on_top_of_a_groups_rules(session, quiz, leo, ines, group, put, begin):
    put(group("North"), limit=HOUR)
    more = Accommodation(multiplier=1.5, attempts=1)
    granting.grant(session, leo, None, more, reason=Reason.AGREED, valid_until=None, by=ines, at=THEN)

    assert begin().deadline == THEN + 90 * MINUTE
    assert standing.of(session, quiz, leo, at=THEN).attempts == 1


def test_each_groups_code_lets_in_and_the_quizs_own_does_not(session, quiz, group, put, begin):
    changed(session, quiz, access_code="everybody")
    put(group("North"), access_codes=("north",))
    put(group("South"), access_codes=("south",))

    with pytest.raises(WrongCode):
        begin(code="everybody")

    assert begin(code="South").n == 1


def test_a_running_attempt_gets_its_groups_time_and_its_page_says_so(app: Flask, cast, leo, course, group, put, begin):
    attempt = begin()
    client = cast.visit(app.test_client(), leo)
    put(group("North"), at=THEN + MINUTE, limit=HOUR)

    with clock.moved_to(THEN + 2 * MINUTE):
        pulse = client.get(f"/courses/{course.public_id}/quizzes/attempts/{attempt.public_id}/pulse").json

    assert pulse["deadline"] == (THEN + HOUR).isoformat()
    assert pulse["granted"] == "For you it is otherwise: 60 minutes for an attempt."


def test_time_that_an_attempt_has_is_not_taken_away(session, group, put, begin):
    attempt = begin()

    row = put(group("North"), limit=10 * MINUTE)
    overriding.remove(session, row)
    session.refresh(attempt)

    assert attempt.deadline == THEN + 30 * MINUTE


def test_rules_that_would_close_before_they_open_leave_it_open_until_they_close(quiz, leo, group, put, begin):
    put(group("North"), closes=THEN + HOUR)
    put(leo, opens=THEN + 2 * HOUR)

    assert begin().deadline == THEN + 30 * MINUTE


def test_keys_wait_until_it_is_closed_for_the_last_group(app, session, cast, course, quiz, leo, group, put):
    changed(session, quiz, closes=THEN + HOUR, attempts=1, review=PRESETS[Preset.WHEN_CLOSED])
    put(group("North"), closes=THEN + 3 * HOUR)
    nora = cast.enrol(course, "Nora")
    attempt = starting.start(session, quiz, nora, seed=bytes(16), at=THEN)
    closing.hand_in(session, attempt, {}, at=THEN + MINUTE)
    session.commit()
    client = cast.visit(app.test_client(), nora)

    pages = []
    for hours in (2, 4):
        with clock.moved_to(THEN + hours * HOUR):
            pages.append(client.get(f"/courses/{course.public_id}/quizzes/attempts/{attempt.public_id}").text)

    assert [">Right answer" in page for page in pages] == [False, True]


def test_a_group_that_is_gone_takes_its_rules_with_it(session, course, group, put):
    put(group("North"), limit=HOUR)

    groups.take_over_service(session, course, [], {})
    session.commit()

    assert session.scalars(select(Override)).all() == []


def test_a_quiz_that_nobody_has_begun_goes_with_its_rules(session, course, quiz, leo, ines, group):
    other = a_quiz(session, course, quiz.bank)
    overriding.put(session, other, group("North"), Instead(limit=HOUR), at=THEN)
    granting.grant(
        session, leo, other, Accommodation(attempts=1), reason=Reason.OTHER, valid_until=None, by=ines, at=THEN
    )

    revising.remove(session, other)
    session.commit()

    assert session.scalars(select(Override)).all() == []


def test_somebodys_own_rules_are_exported_and_erased(session, leo, group, put):
    put(leo, attempts=4)
    put(group("North"), attempts=5)

    said = personal.export(session, leo.person)["other_rules"]
    personal.erase(session, leo.person, THEN)

    assert [(each["quiz"], each["attempts"]) for each in said] == [("Onboarding quiz", 4)]
    assert [each.is_own for each in session.scalars(select(Override))] == [False]


def at(quiz: Quiz, rest: str = "") -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/overrides{rest}"


def test_ines_says_what_is_otherwise_and_takes_it_back(app, session, cast, quiz, leo, ines, group):
    client = cast.visit(app.test_client(), ines)
    north = group("North")
    fields = {"whom": f"group-{north.public_id}", "minutes": "45", "access_code": " soup "}

    page = client.post(at(quiz), data=fields, follow_redirects=True).text

    row = session.scalars(select(Override)).one()
    assert (row.minutes, row.access_code, row.opens) == (45, "soup", None)
    assert [
        each in page for each in ("45 minutes for an attempt", "soup", "What is said for somebody alone comes")
    ] == [
        True,
        True,
        True,
    ]
    assert 'value="45"' in client.get(at(quiz, f"?whom=group-{north.public_id}")).text
    page = cast.visit(app.test_client(), leo).get(f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}").text
    assert ("You have 45 minutes" in page, "For you it is otherwise" in page, "soup" in page) == (True, True, False)
    client.post(at(quiz, f"/{row.public_id}/removal"))
    session.expire_all()
    assert session.scalars(select(Override)).all() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"whom": ""}, "Choose a group or somebody."),
        ({"whom": "group-x", "minutes": "5"}, "Choose one of the list."),
        ({}, "Say what is otherwise: a time, a number of minutes or attempts, or a code."),
        ({"minutes": "0"}, "Minutes for an attempt: write a whole number from 1 to 1440."),
        ({"opens": "2026-09-14T10:00", "closes": "2026-09-14T09:00"}, "It would close before it opens."),
    ],
)
def test_what_cannot_be_is_refused_in_words(app, session, cast, quiz, leo, ines, fields, sentence):
    client = cast.visit(app.test_client(), ines)

    answer = client.post(at(quiz), data={"whom": f"person-{leo.public_id}", **fields})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert session.scalars(select(Override)).all() == []


def test_three_rules_ask_the_database_as_often_as_one(app, session, cast, course, quiz, leo, ines, group, put, queries):
    client = cast.visit(app.test_client(), ines)

    def asked() -> tuple[int, int]:
        client.get(at(quiz))
        with queries() as page:
            client.get(at(quiz))
        session.expire_all()
        with queries() as everybody:
            overrides.for_all(session, quiz)
        return len(page), len(everybody)

    put(group("Evening 0"), limit=HOUR)
    put(cast.enrol(course, "Zoe"), limit=HOUR)
    few = asked()
    for number in range(1, 3):
        put(group(f"Evening {number}"), limit=HOUR)
        put(cast.enrol(course, f"Learner {number}"), limit=HOUR)

    assert asked() == few


def test_others_are_not_let_in(app, cast, course, quiz, leo):
    omar = cast.enrol(course, "Omar", Role.ASSISTANT)
    ida = cast.enrol(cast.course("Elsewhere"), "Ida", Role.INSTRUCTOR)
    fields = {"whom": f"person-{leo.public_id}", "minutes": "50"}

    codes = [
        (visit.get(at(quiz)).status_code, visit.post(at(quiz), data=fields).status_code)
        for visit in (cast.visit(app.test_client(), who) for who in (leo, omar, ida))
    ]

    assert [(seen in (403, 404), put in (403, 404)) for seen, put in codes] == [
        (True, True),
        (False, True),
        (True, True),
    ]


def test_who_comes_into_a_group_while_an_attempt_runs_has_its_time_at_once(
    app, session, cast, course, quiz, leo, group, put
):
    """By the roster or by a launch; shorter times and leaving take nothing away."""
    zoe, nora = (cast.enrol(course, name) for name in ("Zoe", "Nora"))
    slow, quick = group("slow"), group("quick")
    put(slow, limit=HOUR)
    put(quick, limit=5 * MINUTE)
    attempts = [starting.start(session, quiz, who, seed=bytes(16), at=THEN) for who in (zoe, nora)]
    session.commit()

    with app.app_context(), clock.moved_to(THEN + MINUTE):
        groups.take_over_launch(
            session, zoe.id, course_id=course.id, custom={"canvas_sections": "1", "canvas_section_names": '["One"]'}
        )
        joined = [GroupMembership(group_id=slow.id, enrolment_id=zoe.id)]
        groups._replace(session, set(), {(each.group_id, each.enrolment_id) for each in joined})
        groups._replace(session, set(), {(quick.id, nora.id)})
        session.commit()
        first = [each.deadline for each in attempts]
        groups._replace(session, {(slow.id, zoe.id)}, set())
        session.commit()

    assert first == [THEN + HOUR, THEN + 30 * MINUTE]
    assert attempts[0].deadline == THEN + HOUR
