"""A newcomer on the roster is asked, reminded and put up for matching, without anybody's click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, happenings, outbox
from lti_tool.events import CourseEntered, PersonJoinedCourse
from lti_tool.models import Enrolment, Role
from lti_tool.outbox import Letter, LetterState, Told
from lti_tool.running.delivering import drain
from mentoring.events import AnswerAwaited, ReadyForMatching
from mentoring.participants.models import Came, Participant, ParticipantState
from mentoring.programs import cohorts, versions
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort
from mentoring.programs.newcomers import LOOKING, take_in
from mentoring.programs.starting import newest
from mentoring.programs.versions import stamp
from tests.cast import THEN
from tests.mentoring.conftest import School
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def evergreen(app: Flask, school: School) -> Cohort:
    """A run without an end that takes newcomers in and asks them; Maya and Leo take part already."""
    cohort = school.cohort
    with app.test_request_context():
        versions.save(
            school.session,
            school.course,
            lambda before: replace(before, needs_consent=True),
            seen=stamp(newest(school.session, school.course)),
            by=school.ines,
            at=THEN,
        )
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)
    school.cast.session.delete(school.zoe)
    change(school, cohort, invites_newcomers=True)
    deliver(app, school)
    return cohort


def change(school: School, cohort: Cohort, *, invites_newcomers: bool, **said) -> None:
    dates = {"starts": cohort.starts, "ends": cohort.ends, **said}
    cohorts.change(school.session, cohort, title="", invites_newcomers=invites_newcomers, at=THEN, **dates)
    school.session.commit()


def deliver(app: Flask, school: School, *, after: timedelta = A_MOMENT) -> None:
    school.session.commit()
    with clock.moved_to(THEN + after):
        drain(app)
    school.session.rollback()
    school.session.expire_all()


def joins(school: School, name: str, role: Role = Role.LEARNER, **rest: bool) -> Enrolment:
    """As a later reading of the roster tells it."""
    person = school.join(name, role, **rest)
    event = PersonJoinedCourse(at=THEN, who=person.who, where=school.course.where, role=role.value)
    outbox.announce(school.session, event)
    school.session.commit()
    return person


def part_of(school: School, person: Enrolment) -> Participant | None:
    return school.session.scalar(select(Participant).where(Participant.enrolment_id == person.id))


def heard(app: Flask, kind: type[Told]) -> list[Told]:
    told: list[Told] = []
    outbox.subscribe(app, kind, lambda _session, event: told.append(event))
    return told


def test_a_newcomer_on_the_roster_is_asked_without_a_click(app: Flask, school: School, evergreen: Cohort):
    amal = joins(school, "Amal")

    deliver(app, school)

    participant = part_of(school, amal)
    assert participant is not None
    assert (participant.cohort_id, participant.state, participant.came) == (evergreen.id, "invited", "newcomer")
    assert (participant.as_mentee, participant.as_mentor, participant.consented) == (True, False, None)


def test_a_newcomer_who_opens_the_tool_before_any_roster_names_them_is_asked_too(
    app: Flask, school: School, evergreen: Cohort
):
    amal = school.join("Amal")
    event = CourseEntered(at=THEN, who=amal.who, where=school.course.where, role="learner", is_first=True)
    with clock.moved_to(THEN):
        happenings.announce_soon(school.session, event)

    deliver(app, school)

    assert part_of(school, amal) is not None


def test_where_no_consent_is_needed_they_take_part_at_once_and_are_put_up(app: Flask, school: School):
    told = heard(app, ReadyForMatching)
    change(school, school.cohort, invites_newcomers=True)

    deliver(app, school)

    participant = part_of(school, school.leo)
    assert participant is not None
    assert (participant.state, participant.as_mentee) == (ParticipantState.TAKING_PART, True)
    assert [event.cohort for event in told] == [school.cohort.public_id]


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ASSISTANT, Role.OBSERVER])
def test_only_learners_are_newcomers(app: Flask, school: School, evergreen: Cohort, role: Role):
    olga = joins(school, "Olga", role)

    deliver(app, school)

    assert part_of(school, olga) is None


def test_nobody_is_asked_where_the_run_does_not_say_so(app: Flask, school: School):
    school.cohort  # noqa: B018
    amal = joins(school, "Amal")

    deliver(app, school)

    assert part_of(school, amal) is None
    assert school.session.scalars(select(Letter).where(Letter.lane == LOOKING)).all() == []


@pytest.mark.parametrize("state", [CohortState.CLOSING, CohortState.CLOSED])
def test_a_run_that_is_closing_takes_nobody_in(app: Flask, school: School, evergreen: Cohort, state: CohortState):
    evergreen.state = state
    amal = joins(school, "Amal")

    deliver(app, school)

    assert part_of(school, amal) is None


def test_a_run_past_its_last_day_takes_nobody_in(app: Flask, school: School, evergreen: Cohort):
    change(school, evergreen, invites_newcomers=True, ends=THEN + timedelta(days=1))
    amal = joins(school, "Amal")

    deliver(app, school, after=timedelta(days=2))

    assert part_of(school, amal) is None


def test_a_run_that_begins_later_takes_them_in_then(app: Flask, school: School, evergreen: Cohort):
    change(school, evergreen, invites_newcomers=True, starts=THEN + timedelta(days=7))
    amal = joins(school, "Amal")

    deliver(app, school)
    early = part_of(school, amal)
    deliver(app, school, after=timedelta(days=7, seconds=1))

    assert (early, part_of(school, amal) is None) == (None, False)


def test_one_look_does_for_many_and_looking_again_changes_nothing(app: Flask, school: School, evergreen: Cohort):
    for number in range(5):
        joins(school, f"Newcomer {number}")
    waiting = school.session.scalars(
        select(Letter).where(Letter.lane == LOOKING, Letter.state == LetterState.WAITING)
    ).all()

    deliver(app, school)
    again = take_in(school.session, evergreen, at=THEN)

    came = select(Participant).where(Participant.came == Came.NEWCOMER)
    assert (len(waiting), len(school.session.scalars(came).all()), list(again)) == (1, 5, [])


@pytest.fixture
def amal(app: Flask, school: School, evergreen: Cohort) -> Enrolment:
    person = joins(school, "Amal")
    deliver(app, school)
    return person


def home(school: School) -> str:
    return f"/courses/{school.course.public_id}/"


def say(school: School, client: FlaskClient, answer: str) -> str:
    address = f"/courses/{school.course.public_id}/mentoring/taking-part"
    return words(client.post(address, data={"answer": answer}, follow_redirects=True))


def test_their_home_page_asks_and_yes_is_consent(
    app: Flask, school: School, amal: Enrolment, evergreen: Cohort, visit: Visit
):
    told, client = heard(app, ReadyForMatching), visit(amal)
    asking = words(client.get(home(school)))

    said = say(school, client, "yes")

    participant = part_of(school, amal)
    assert "Would you like to take part in Mentoring?" in asking
    assert "You take part. We look for a mentor for you." in said
    assert participant is not None
    assert (participant.state, participant.consented is None) == (ParticipantState.TAKING_PART, False)
    assert [event.cohort for event in told] == [evergreen.public_id]
    assert panel(client.get(home(school)), "taking-part") is None


def test_not_now_is_kept_and_can_be_changed(school: School, amal: Enrolment, visit: Visit):
    client = visit(amal)
    said = say(school, client, "no")
    after = panel(client.get(home(school)), "taking-part")
    state = part_of(school, amal)
    declined = state and (state.state, state.consented)

    say(school, client, "yes")

    assert "You do not take part for now." in said
    assert after is not None
    assert "Take part after all" in after
    assert declined == ("left", None)
    taking_part = part_of(school, amal)
    assert taking_part is not None
    assert taking_part.state == ParticipantState.TAKING_PART


def test_nobody_answers_who_was_not_asked(school: School, evergreen: Cohort, visit: Visit):
    before = part_of(school, school.leo)
    state = before and (before.state, before.consented)

    said = say(school, visit(school.leo), "no")

    after = part_of(school, school.leo)
    assert "You have answered already, or nobody asks you any more." in said
    assert after is not None
    assert (after.state, after.consented) == state
    address = f"/courses/{school.course.public_id}/mentoring/taking-part"
    assert visit(school.ines).post(address, data={"answer": "yes"}).status_code == 403


def test_who_has_not_answered_in_time_is_reminded_once(app: Flask, school: School, amal: Enrolment):
    told = heard(app, AnswerAwaited)

    deliver(app, school, after=timedelta(days=2))
    before = len(told)
    deliver(app, school, after=timedelta(days=4))
    deliver(app, school, after=timedelta(days=9))

    assert before == 0
    assert [event.who.subject for event in told] == ["amal"]


def test_who_has_answered_is_not_reminded(app: Flask, school: School, amal: Enrolment, visit: Visit):
    told = heard(app, AnswerAwaited)
    say(school, visit(amal), "no")

    deliver(app, school, after=timedelta(days=4))

    assert told == []


def test_the_question_becomes_urgent_when_the_time_to_answer_is_over(school: School, amal: Enrolment, visit: Visit):
    with clock.moved_to(THEN + timedelta(days=4)):
        said = panel(visit(amal).get(home(school)), "taking-part")

    assert said is not None
    assert "Waiting for your answer" in said


def test_opening_a_run_takes_in_those_who_are_there_already(app: Flask, school: School, session: Session):
    cohort = school.cohort
    cohort.state, cohort.invites_newcomers = CohortState.DRAFT, True
    session.commit()

    cohorts.move(session, cohort, CohortState.OPEN, at=THEN)
    deliver(app, school)

    found = session.scalars(select(Participant).where(Participant.came == Came.NEWCOMER))
    assert sorted(each.name for each in found) == ["Leo Baum", "Maya Okafor", "Zoe Lind"]
