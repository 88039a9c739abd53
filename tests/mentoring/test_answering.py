"""An ask and what can be said to it: yes, no, tell me more, or nothing at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Enrolment
from lti_tool.outbox import Happening
from mentoring.mentorships import answering, breaks
from mentoring.mentorships.models import Mentorship, Origin, Part, Place
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.requesting import AT_ONCE
from mentoring.mentorships.silence import silent_mentors
from mentoring.mentorships.states import MentorshipState
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
    second_kind,
    wishes,
    with_task,
)
from tests.mentoring.conftest import School
from tests.mentoring.telling import Told

S = MentorshipState
REPLY = timedelta(days=3)


@pytest.fixture
def asking(school: School) -> School:
    """A program in which the mentor has to agree and mentees may ask; Maya has two places."""
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=2)
    return school


@pytest.fixture
def tom(asking: School) -> Enrolment:
    """Another mentor, with one place."""
    return asking.join_mentor("Tom Reed")


def places(school: School) -> list[tuple[str, str]]:
    return [(place.mentee.name, place.mentor.name) for place in school.session.scalars(select(Place))]


def newest(school: School) -> Mentorship:
    return school.session.scalars(select(Mentorship).order_by(Mentorship.id.desc())).first()  # type: ignore[return-value]


def test_a_proposal_asks_the_mentor_holds_the_place_and_says_until_when(asking: School, told: Told):
    asked = proposed(asking, asking.leo, asking.maya)

    assert (asked.state, asked.waits_for, asked.asked, asked.reply_by) == (S.PROPOSED, Part.MENTOR, THEN, THEN + REPLY)
    assert places(asking) == [("Leo Baum", "Maya Okafor")]
    assert happened(asking.session) == ["MentorshipProposed"]
    assert told.said == [("Maya Okafor", "proposals", "Would you mentor Leo Baum?")]


def test_a_yes_makes_them_a_pair_with_the_tasks_of_the_program(asking: School, told: Told):
    with_task(asking, "Introduce the colleagues", 7)
    asked = said_yes(asking, proposed(asking, asking.leo, asking.maya), asking.maya, at=THEN + A_DAY)

    assert (asked.state, asked.waits_for, asked.reply_by) == (S.ACCEPTED, None, None)
    assert (asked.started, asked.planned_end) == (THEN + A_DAY, THEN + 91 * A_DAY)
    assert [(task.title, task.part, task.due) for task in asked.tasks] == [
        ("Introduce the colleagues", Part.MENTOR, THEN + 8 * A_DAY)
    ]
    assert happened(asking.session) == ["MentorshipProposed", "MentorAssigned"]
    assert told.subjects[1:] == [
        ("Maya Okafor", "You mentor Leo Baum"),
        ("Leo Baum", "Maya Okafor is your mentor now"),
    ]


def test_where_both_have_to_agree_the_mentor_comes_first_and_each_says_yes_once(asking: School, told: Told):
    designed(asking, must_agree=MustAgree.BOTH)
    asked = proposed(asking, asking.leo, asking.maya)
    with pytest.raises(Refusal):
        answering.accept(asking.session, held(asking, asked), by=asking.leo, at=THEN)

    said_yes(asking, asked, asking.maya, at=THEN + A_DAY)
    between = (asked.state, asked.waits_for, asked.reply_by)
    with pytest.raises(Refusal):
        answering.accept(asking.session, held(asking, asked), by=asking.maya, at=THEN + A_DAY)
    said_yes(asking, asked, asking.leo, at=THEN + 2 * A_DAY)

    assert between == (S.PROPOSED, Part.MENTEE, THEN + A_DAY + REPLY)
    assert (asked.state, asked.started) == (S.ACCEPTED, THEN + 2 * A_DAY)
    assert ("Leo Baum", "Would you like Maya Okafor as your mentor?") in told.subjects


def test_where_nobody_has_to_agree_they_are_a_pair_at_once(school: School):
    school.mentors(maya=1)

    made = proposed(school, school.leo, school.maya)

    assert (made.state, made.origin, happened(school.session)) == (S.ACCEPTED, Origin.RUN, ["MentorAssigned"])


def test_a_request_holds_no_place_until_it_is_accepted(asking: School, told: Told):
    asked = requested(asking, asking.leo, asking.maya, case="I would like to learn Rust")
    before = places(asking)

    said_yes(asking, asked, asking.maya)

    assert (before, places(asking)) == ([], [("Leo Baum", "Maya Okafor")])
    assert told.said[0] == ("Maya Okafor", "requests", "Leo Baum asks whether you would mentor them")


def test_a_mentee_has_at_most_five_questions_open(asking: School):
    mentors = [asking.join_mentor(f"Mentor {n}") for n in range(AT_ONCE + 1)]
    for mentor in mentors[:AT_ONCE]:
        requested(asking, asking.leo, mentor)

    with pytest.raises(Refusal, match="You have 5 questions open"):
        requested(asking, asking.leo, mentors[AT_ONCE])


def test_nobody_asks_the_same_mentor_twice_at_a_time(asking: School):
    requested(asking, asking.leo, asking.maya)

    with pytest.raises(Refusal, match="mentors Leo Baum already, or has been asked to"):
        requested(asking, asking.leo, asking.maya)


def test_mentees_ask_only_where_the_program_lets_them(asking: School):
    designed(asking, takes_requests=False)

    with pytest.raises(Refusal, match="mentors are not asked by mentees"):
        requested(asking, asking.leo, asking.maya)


def test_the_first_yes_lets_the_other_questions_for_that_kind_rest(asking: School, tom: Enrolment, told: Told):
    second_kind(asking)
    first, second = requested(asking, asking.leo, asking.maya), requested(asking, asking.leo, tom)
    other_kind = requested(asking, asking.leo, asking.join_mentor("Noor Said"), kind=1)

    said_yes(asking, first, asking.maya)

    assert (second.state, second.end_reason, other_kind.state) == (S.SUPERSEDED, "other_accepted", S.PROPOSED)
    assert ("Tom Reed", "Nothing is left to answer about Leo Baum") in told.subjects
    assert happened(asking.session)[-2:] == ["MentorAssigned", "MentorshipSuperseded"]


def test_a_mentor_is_not_asked_twice_about_the_same_person(asking: School):
    asked = requested(asking, asking.leo, asking.maya)

    proposal = proposed(asking, asking.leo, asking.maya)

    assert (asked.state, proposal.state) == (S.SUPERSEDED, S.PROPOSED)
    assert places(asking) == [("Leo Baum", "Maya Okafor")]


def test_a_yes_to_a_question_takes_the_place_another_proposal_held(asking: School, tom: Enrolment):
    held_by_proposal = proposed(asking, asking.leo, tom)
    asked = requested_before(asking, held_by_proposal)

    said_yes(asking, asked, asking.maya)

    assert (held_by_proposal.state, places(asking)) == (S.SUPERSEDED, [("Leo Baum", "Maya Okafor")])


def requested_before(school: School, proposal: Mentorship) -> Mentorship:
    """A question that was open before the proposal: as if the proposal had come second."""
    place = proposal.places[0]
    nth, since = place.nth, place.since
    proposal.places.clear()
    school.session.commit()
    asked = requested(school, school.leo, school.maya)
    proposal.places.append(
        Place(mentor=proposal.mentor, mentee=proposal.mentee, kind=proposal.kind, nth=nth, since=since)
    )
    school.session.commit()
    return asked


def test_a_mentor_who_is_full_cannot_say_yes_any_more(asking: School, tom: Enrolment):
    first, second = requested(asking, asking.leo, tom), requested(asking, asking.zoe, tom)
    said_yes(asking, first, tom)

    with pytest.raises(Refusal, match="Tom Reed has no free place left"):
        said_yes(asking, second, tom)
    asking.session.rollback()

    assert (second.state, places(asking)) == (S.PROPOSED, [("Leo Baum", "Tom Reed")])


def test_a_mentor_asks_back_and_the_clock_is_the_mentees(asking: School, told: Told):
    asked = requested(asking, asking.leo, asking.maya)
    session = asking.session

    answering.ask_back(session, held(asking, asked), "Which project?", by=asking.maya, at=THEN + A_DAY)
    theirs = (asked.state, asked.waits_for, asked.reply_by)
    answering.answer(session, held(asking, asked), "The parser", by=asking.leo, at=THEN + 2 * A_DAY)

    assert theirs == (S.INFO_ASKED, Part.MENTEE, THEN + A_DAY + REPLY)
    assert (asked.state, asked.waits_for, asked.reply_by) == (S.PROPOSED, Part.MENTOR, THEN + 2 * A_DAY + REPLY)
    assert (asked.question, asked.answer) == ("Which project?", "The parser")
    assert happened(session) == ["MentorshipProposed", "MoreAsked", "MoreAnswered"]
    assert told.subjects[1:] == [
        ("Leo Baum", "Maya Okafor would like to know more before they answer"),
        ("Maya Okafor", "Leo Baum has answered your question"),
    ]


def test_asking_back_is_for_the_time_there_is(asking: School):
    asked = requested(asking, asking.leo, asking.maya)

    with pytest.raises(Refusal, match="The time for this is over"):
        answering.ask_back(asking.session, held(asking, asked), "?", by=asking.maya, at=THEN + REPLY + A_DAY)


def test_a_no_is_passed_on_to_the_next_choice_and_its_reason_is_told_nobody(asking: School, tom: Enrolment, told: Told):
    wishes(asking, asking.leo, asking.maya, tom)
    asked = requested(asking, asking.leo, asking.maya, case="I would like to learn Rust")

    next_ = answering.decline(
        asking.session, held(asking, asked), by=asking.maya, at=THEN, reason="not_my_field", note="He is rude."
    )

    assert (asked.state, asked.end_reason, asked.history[-1].note) == (S.DECLINED, "not_my_field", "He is rude.")
    assert next_ is not None
    assert (next_.mentor.name, next_.passed_on_from_id, next_.case_text) == (
        "Tom Reed",
        asked.id,
        "I would like to learn Rust",
    )
    assert ("Leo Baum", "Maya Okafor cannot mentor you at present") in told.subjects
    spoken = " ".join([*[" ".join((words.subject, *words.paragraphs)) for words in told.words], *bodies(asking)])
    assert "rude" not in spoken
    assert "not_my_field" not in spoken
    assert "Rust" not in spoken


def bodies(school: School) -> list[str]:
    return list(school.session.scalars(select(Happening.body)))


def test_a_no_to_a_proposal_of_a_run_is_passed_on_with_its_place(asking: School, tom: Enrolment):
    wishes(asking, asking.leo, tom)
    asked = proposed(asking, asking.leo, asking.maya)

    answering.decline(asking.session, held(asking, asked), by=asking.maya, at=THEN, reason="no_time")

    assert (newest(asking).origin, places(asking)) == (Origin.RUN, [("Leo Baum", "Tom Reed")])


def test_without_another_choice_the_place_is_free_and_the_mentee_is_told_so(asking: School, told: Told):
    asked = proposed(asking, asking.leo, asking.maya)

    next_ = answering.decline(asking.session, held(asking, asked), by=asking.maya, at=THEN, reason="no_time")

    assert (next_, places(asking)) == (None, [])
    assert told.words[-1].paragraphs == ("Nobody else of your wishes could be asked. Your instructor sees this.",)


def test_whoever_asked_takes_it_back(asking: School, told: Told):
    asked = requested(asking, asking.leo, asking.maya)

    answering.withdraw(asking.session, held(asking, asked), by=asking.leo, at=THEN)

    assert (asked.state, happened(asking.session)[-1]) == (S.WITHDRAWN, "MentorshipWithdrawn")
    assert told.subjects[1:] == [("Maya Okafor", "Nothing is left to answer about Leo Baum")]


def test_at_half_time_there_is_a_reminder_and_at_the_deadline_it_goes_on(
    app: Flask, asking: School, tom: Enrolment, told: Told
):
    wishes(asking, asking.leo, asking.maya, tom)
    asked = requested(asking, asking.leo, asking.maya)

    deliver(app, asking.session, at=THEN + REPLY / 2)
    at_half_time = list(told.subjects[1:])
    deliver(app, asking.session, at=THEN + REPLY)

    assert at_half_time == [("Maya Okafor", "Leo Baum still waits for your answer")]
    assert (asked.state, asked.end_reason) == (S.EXPIRED, "mentor_silent")
    assert (newest(asking).mentor.name, newest(asking).passed_on_from_id) == ("Tom Reed", asked.id)
    assert newest(asking).reply_by == THEN + 2 * REPLY
    assert happened(asking.session) == ["MentorshipProposed", "MentorshipExpired", "MentorshipProposed"]


def test_a_letter_that_comes_twice_or_is_older_than_the_deadline_does_nothing(app: Flask, asking: School, told: Told):
    asked = requested(asking, asking.leo, asking.maya)
    answering.ask_back(asking.session, held(asking, asked), "?", by=asking.maya, at=THEN + 2 * A_DAY)

    deliver(app, asking.session, at=THEN + REPLY)
    deliver(app, asking.session, at=THEN + REPLY)

    assert (asked.state, asked.nudged) == (S.INFO_ASKED, None)
    assert len(told.said) == 2


def test_a_mentee_who_says_nothing_is_not_passed_on(app: Flask, asking: School, tom: Enrolment):
    wishes(asking, asking.leo, asking.maya, tom)
    asked = requested(asking, asking.leo, asking.maya)
    answering.ask_back(asking.session, held(asking, asked), "?", by=asking.maya, at=THEN)

    deliver(app, asking.session, at=THEN + REPLY)

    assert (asked.state, asked.end_reason, newest(asking)) == (S.EXPIRED, "mentee_silent", asked)


def test_after_three_silences_in_a_row_the_mentor_is_offered_a_break(app: Flask, asking: School, told: Told):
    for n in range(3):
        requested(asking, asking.leo, asking.maya, at=THEN + n * REPLY)
        deliver(app, asking.session, at=THEN + (n + 1) * REPLY)

    assert told.subjects[-2:] == [
        ("Maya Okafor", "Would you like a break from being asked?"),
        ("Leo Baum", "Maya Okafor cannot mentor you at present"),
    ]
    [(mentor, number)] = silent_mentors(asking.session, asking.cohort.id)
    assert (mentor.name, number) == ("Maya Okafor", 3)


def test_any_answer_ends_the_row(app: Flask, asking: School):
    for n in range(2):
        requested(asking, asking.leo, asking.maya, at=THEN + n * REPLY)
        deliver(app, asking.session, at=THEN + (n + 1) * REPLY)
    answered = requested(asking, asking.zoe, asking.maya, at=THEN + 6 * A_DAY)
    answering.decline(asking.session, held(asking, answered), by=asking.maya, at=THEN + 7 * A_DAY, reason="no_time")
    requested(asking, asking.leo, asking.maya, at=THEN + 8 * A_DAY)

    deliver(app, asking.session, at=THEN + 11 * A_DAY)

    assert silent_mentors(asking.session, asking.cohort.id) == []


def test_an_instructor_passes_on_what_takes_too_long(asking: School, tom: Enrolment, told: Told):
    wishes(asking, asking.leo, tom)
    asked = proposed(asking, asking.leo, asking.maya)

    next_ = answering.pass_on_now(asking.session, held(asking, asked), by=asking.ines, at=THEN)

    assert (asked.state, next_.mentor.name) == (S.WITHDRAWN, "Tom Reed")


def test_there_has_to_be_somebody_to_pass_on_to(asking: School):
    asked = proposed(asking, asking.leo, asking.maya)

    with pytest.raises(Refusal, match="There is nobody to pass this on to"):
        answering.pass_on_now(asking.session, held(asking, asked), by=asking.ines, at=THEN)
    asking.session.rollback()

    assert (asked.state, places(asking)) == (S.PROPOSED, [("Leo Baum", "Maya Okafor")])


def test_nothing_of_it_was_done_when_the_state_is_another(asking: School):
    asked = in_state(asking, S.WITHDRAWN)

    with pytest.raises(Refusal, match="This was taken back meanwhile"):
        answering.accept(asking.session, held(asking, asked), by=asking.maya, at=THEN)


def test_who_were_to_be_kept_apart_since_the_ask_do_not_become_a_pair(asking: School):
    asked = requested(asking, asking.leo, asking.maya)
    one, other = sorted((asking.leo.id, asking.maya.id))
    asking.session.add(Exclusion(one_id=one, other_id=other, source=ExclusionSource.COORDINATOR, created=THEN))
    asking.session.commit()

    with pytest.raises(Refusal, match="cannot be a pair here"):
        said_yes(asking, asked, asking.maya)


def test_a_mentor_on_a_break_is_not_asked_and_may_still_say_yes(asking: School):
    asked = requested(asking, asking.leo, asking.maya)
    breaks.take_break(asking.session, asked.mentor, at=THEN)
    asking.session.commit()

    with pytest.raises(Refusal, match="Maya Okafor does not mentor at present"):
        requested(asking, asking.zoe, asking.maya)
    asking.session.rollback()

    assert said_yes(asking, asked, asking.maya).state is S.ACCEPTED
