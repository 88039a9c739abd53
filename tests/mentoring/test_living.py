"""From the first meeting to the end: pauses, substitutes, ends, and what follows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from lti_tool import outbox
from lti_tool.events import PersonLeftCourse
from lti_tool.models import Enrolment
from lti_tool.outbox import Happening
from mentoring.mentorships import ending, living, substituting
from mentoring.mentorships.models import Mentorship, Part, Place, Task
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.winding import TO_BEGIN, TO_FINISH
from mentoring.participants.models import Exclusion, ExclusionSource
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import (
    A_DAY,
    deliver,
    designed,
    happened,
    held,
    in_state,
    proposed,
    requested,
    said_yes,
    wishes,
)
from tests.mentoring.conftest import School
from tests.mentoring.telling import Told

S = MentorshipState
LENGTH = timedelta(days=90)


@pytest.fixture
def asking(school: School) -> School:
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=2)
    return school


def leave(school: School, person: Enrolment) -> None:
    """As a reading of the roster does it."""
    person.is_active, person.left = False, THEN
    event = PersonLeftCourse(at=THEN, who=person.who, where=school.course.where, role=person.role.value)
    outbox.announce(school.session, event)
    school.session.commit()


def newest(school: School) -> Mentorship:
    found = school.session.scalars(select(Mentorship).order_by(Mentorship.id.desc())).first()
    assert found is not None
    return found


def test_a_pair_that_has_not_met_is_reminded_once(app: Flask, asking: School, told: Told):
    pair = in_state(asking, S.ACCEPTED)
    told.said.clear()

    deliver(app, asking.session, at=THEN + TO_BEGIN)
    deliver(app, asking.session, at=THEN + TO_BEGIN + A_DAY)

    assert told.subjects == [
        ("Maya Okafor", "Have you met Leo Baum yet?"),
        ("Leo Baum", "Have you met Maya Okafor yet?"),
    ]
    assert pair.state is S.ACCEPTED


def test_a_pair_that_never_met_is_called_off_two_weeks_after_its_planned_end(app: Flask, asking: School):
    pair = in_state(asking, S.ACCEPTED)

    deliver(app, asking.session, at=THEN + LENGTH + TO_FINISH)

    assert (pair.state, pair.end_reason, pair.places) == (S.CANCELLED, "never_began", [])


def test_at_the_planned_end_both_are_told_and_two_weeks_later_it_is_completed(app: Flask, asking: School, told: Told):
    pair = in_state(asking, S.ACTIVE)
    told.said.clear()

    deliver(app, asking.session, at=THEN + LENGTH)
    at_the_end = (pair.state, [name for name, _subject in told.subjects])
    deliver(app, asking.session, at=THEN + LENGTH + TO_FINISH)

    assert at_the_end == (S.ACTIVE, ["Maya Okafor", "Leo Baum"])
    assert (pair.state, pair.places, happened(asking.session)[-1]) == (S.COMPLETED, [], "MentorshipCompleted")


def test_a_pause_keeps_the_place_and_is_over_on_its_day(app: Flask, asking: School, told: Told):
    pair = in_state(asking, S.PAUSED)
    places, since = len(pair.places), pair.paused_until
    told.said.clear()

    deliver(app, asking.session, at=THEN + 10 * A_DAY)

    assert (places, since) == (1, THEN + 10 * A_DAY)
    assert (pair.state, pair.paused_until, happened(asking.session)[-1]) == (S.ACTIVE, None, "MentorshipResumed")
    assert told.subjects == [
        ("Maya Okafor", "Your mentorship with Leo Baum goes on"),
        ("Leo Baum", "Your mentorship with Maya Okafor goes on"),
    ]


def test_a_letter_of_an_earlier_pause_does_not_end_a_later_one(app: Flask, asking: School):
    pair = in_state(asking, S.PAUSED)
    living.resume(asking.session, held(asking, pair), by=asking.leo, at=THEN + A_DAY)
    living.pause(asking.session, pair, until=THEN + 30 * A_DAY, by=asking.leo, at=THEN + 2 * A_DAY)

    deliver(app, asking.session, at=THEN + 10 * A_DAY)

    assert (pair.state, pair.paused_until) == (S.PAUSED, THEN + 30 * A_DAY)


def test_a_pause_is_not_over_while_somebody_is_missing(app: Flask, asking: School):
    pair = in_state(asking, S.PAUSED)
    leave(asking, asking.leo)

    deliver(app, asking.session, at=THEN + 10 * A_DAY)
    in_grace = pair.state
    with pytest.raises(Refusal, match="not in the course at present"):
        living.resume(asking.session, held(asking, pair), by=asking.maya, at=THEN + 10 * A_DAY)
    deliver(app, asking.session, at=THEN + 14 * A_DAY)

    assert (in_grace, pair.state, pair.end_reason) == (S.PAUSED, S.ENDED_EARLY, "mentee_left")


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (THEN, "Choose a day to come"),
        (THEN + 61 * A_DAY, "A pause lasts until"),
    ],
)
def test_a_pause_is_of_sixty_days_at_the_most(asking: School, until, sentence: str):
    pair = in_state(asking, S.ACTIVE)

    with pytest.raises(Refusal, match=sentence):
        living.pause(asking.session, held(asking, pair), until=until, by=asking.leo, at=THEN)


def test_a_pause_does_not_reach_beyond_the_planned_end(asking: School):
    pair = in_state(asking, S.ACTIVE)
    late = THEN + LENGTH - A_DAY

    with pytest.raises(Refusal, match="A pause lasts until"):
        living.pause(asking.session, held(asking, pair), until=late + 5 * A_DAY, by=asking.leo, at=late)
    with pytest.raises(Refusal, match="The planned end has come"):
        living.pause(asking.session, pair, until=late + 5 * A_DAY, by=asking.leo, at=THEN + LENGTH)


def test_a_substitute_has_the_place_and_the_part_from_then_on(asking: School, told: Told):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")
    told.said.clear()

    substituting.substitute(asking.session, held(asking, pair), tom, by=asking.ines, at=THEN + A_DAY)

    assert [(member.participant.name, member.part, member.until) for member in pair.members] == [
        ("Maya Okafor", Part.MENTOR, THEN + A_DAY),
        ("Leo Baum", Part.MENTEE, None),
        ("Tom Reed", Part.SUBSTITUTE, None),
    ]
    assert [(place.mentor.name, place.mentee.name) for place in pair.places] == [("Tom Reed", "Leo Baum")]
    assert (pair.state, pair.mentor.name, pair.history[-1].reason) == (S.ACTIVE, "Tom Reed", "substituted")
    [body] = asking.session.scalars(select(Happening.body).where(Happening.name == "MentorSubstituted"))
    said = json.loads(body)
    assert (said["mentor"]["subject"], said["instead_of"]["subject"]) == ("tom-reed", "maya-okafor")
    assert told.subjects == [
        ("Tom Reed", "You mentor Leo Baum from now on, in somebody's place"),
        ("Leo Baum", "Tom Reed is your mentor from now on"),
        ("Maya Okafor", "Somebody else mentors Leo Baum from now on"),
    ]


def test_the_one_who_mentored_first_may_step_in_again(asking: School):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")
    substituting.substitute(asking.session, held(asking, pair), tom, by=asking.ines, at=THEN + A_DAY)

    substituting.substitute(asking.session, pair, asking.maya, by=asking.ines, at=THEN + 2 * A_DAY)

    assert (pair.mentor.name, len(pair.members)) == ("Maya Okafor", 4)


def test_a_substitute_passes_the_rules(asking: School):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")
    proposed(asking, asking.zoe, tom)
    held(asking, pair)

    for whom, sentence in (
        (tom, "Tom Reed has no free place left"),
        (asking.leo, "Nobody mentors themselves"),
        (asking.maya, "mentors Leo Baum already"),
        (asking.zoe, "Zoe Lind does not mentor at present"),
    ):
        with pytest.raises(Refusal, match=sentence):
            substituting.substitute(asking.session, pair, whom, by=asking.ines, at=THEN)


def test_nobody_steps_in_whom_somebody_asked_to_be_kept_from_and_nobody_learns_why(asking: School):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")
    one, other = sorted((asking.leo.id, tom.id))
    asking.session.add(
        Exclusion(
            one_id=one, other_id=other, source=ExclusionSource.ASKED, said_by_id=asking.leo.id, reason="!", created=THEN
        )
    )
    asking.session.commit()

    with pytest.raises(Refusal, match="cannot be a pair here"):
        substituting.substitute(asking.session, held(asking, pair), tom, by=asking.ines, at=THEN)


def test_a_rematch_is_a_new_mentorship_that_remembers_the_old_one(asking: School):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")

    made = substituting.rematch(asking.session, held(asking, pair), tom, by=asking.ines, at=THEN + A_DAY)

    assert (pair.state, pair.end_reason) == (S.ENDED_EARLY, "rematched")
    assert (made.state, made.replaces_id, made.mentor.name) == (S.PROPOSED, pair.id, "Tom Reed")


def test_who_ended_it_early_and_why_leaves_in_no_event(asking: School, told: Told):
    pair = in_state(asking, S.ACTIVE)
    told.said.clear()

    ending.end(
        asking.session, held(asking, pair), by=asking.leo, at=THEN, reason="not_a_fit", note="Rude", never_again=True
    )

    [body] = asking.session.scalars(select(Happening.body).where(Happening.name == "MentorshipEnded"))
    said = json.loads(body)
    assert (said["by"], said["reason"], said["outcome"]) == (None, "", "ended_early")
    assert "Rude" not in body
    assert told.subjects == [("Maya Okafor", "Your mentorship with Leo Baum has ended")]
    with pytest.raises(Refusal, match="cannot be a pair here"):
        requested(asking, asking.leo, asking.maya)


def test_what_somebody_was_asked_rests_when_they_leave_and_goes_on(asking: School, told: Told):
    tom = asking.join_mentor("Tom Reed")
    wishes(asking, asking.leo, tom)
    asked = proposed(asking, asking.leo, asking.maya)

    leave(asking, asking.maya)

    assert (asked.state, asked.end_reason) == (S.SUPERSEDED, "mentor_left")
    assert (newest(asking).mentor.name, newest(asking).passed_on_from_id) == ("Tom Reed", asked.id)
    assert ("Leo Baum", "Nothing is left to answer about Maya Okafor") in told.subjects
    assert "Maya Okafor" not in [name for name, _subject in told.subjects[1:]]


def test_what_a_mentee_asked_rests_when_they_leave(asking: School):
    asked = requested(asking, asking.leo, asking.maya)

    leave(asking, asking.leo)

    assert (asked.state, asked.end_reason, newest(asking)) == (S.SUPERSEDED, "mentee_left", asked)


def test_a_person_who_goes_takes_nobody_elses_record_along(app: Flask, asking: School):
    """Nothing cascades: the row of a person cannot even be removed while somebody's story needs it."""
    tables = inspect(asking.session.get_bind())
    story = ("mentorship", "membership", "place", "transition", "task")

    rules = {
        f"{table}.{key['constrained_columns'][0]}": key["options"].get("ondelete")
        for table in story
        for key in tables.get_foreign_keys(table)
    }

    assert set(rules.values()) == {None}
    assert {"membership.participant_id", "transition.actor_id", "task.done_by_id"} <= rules.keys()


def test_a_yes_once_given_is_history_that_stays(asking: School):
    pair = said_yes(asking, proposed(asking, asking.leo, asking.maya), asking.maya)

    assert [(step.from_state, step.to_state, step.actor.name if step.actor else "") for step in pair.history] == [
        (None, S.PROPOSED, "Ines Torres"),
        (S.PROPOSED, S.ACCEPTED, "Maya Okafor"),
    ]
    assert asking.session.scalars(select(Task)).all() == []
    assert len(asking.session.scalars(select(Place)).all()) == 1
