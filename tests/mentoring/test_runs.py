"""A match run over a cohort: what the engine is told, what is kept, and that it can be done again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lti_tool.models import Enrolment, Role
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.pooling import gather
from mentoring.pairing.runs import keeping
from mentoring.pairing.runs.beginning import Contradictory, NotStarted, begin, open_run, replay
from mentoring.participants.models import Exclusion, ExclusionSource, ParticipantState, Wish
from mentoring.programs.models import ProgramVersion
from tests.cast import THEN
from tests.mentoring.classes import drawn_class, mentee, mentor
from tests.mentoring.conftest import Counting, School


def pairs(run: MatchRun) -> set[tuple[str, str]]:
    return {(match.mentee.name, match.mentor.name) for match in run.matches}


def started(school: School, **how: Any) -> MatchRun:
    run = begin(school.session, school.cohort, by=school.ines, at=THEN, **how)
    school.session.commit()
    return run


def test_a_run_proposes_the_best_pairs_and_says_how_good_they_are(school: School):
    maya, leo, zoe = school.maya, school.leo, school.zoe
    school.session.add_all(
        [
            mentor(school.cohort, maya, 1, skills=["Python"]),
            mentee(school.cohort, leo, skills=["Python"]),
            mentee(school.cohort, zoe, skills=["Drawing"]),
        ]
    )

    run = started(school)

    assert (run.state, run.number, pairs(run)) == (RunState.DRAFT, 1, {("Leo Baum", "Maya Okafor")})
    assert keeping.levels(run.outcome["levels"]) == keeping.levels(run.outcome["bounds"])
    assert run.outcome["leftovers"] == [
        {
            "mentee": open_participant(school, zoe),
            "person": zoe.public_id,
            "kind": "mentor",
            "missing": 1,
            "barred": {"R3 place": 1},
        }
    ]
    assert run.matches[0].points["skills"] == 1000


def open_participant(school: School, person: Enrolment) -> str:
    found = gather(school.session, school.cohort, at=THEN).participants.values()
    return next(each.public_id for each in found if each.enrolment_id == person.id)


def test_learners_without_a_word_are_mentees_all_the_same(school: School):
    school.mentors(maya=3)

    run = started(school)

    assert pairs(run) == {("Leo Baum", "Maya Okafor"), ("Zoe Lind", "Maya Okafor")}


def test_what_was_kept_of_a_run_is_enough_to_do_it_again(school: School):
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=20, mentors=7)
    run = started(school)
    school.session.expire_all()

    again = replay(run)

    assert {(each.mentee.key, each.mentor.key, each.kind) for each in again.proposals} == {
        (match.mentee.public_id, match.mentor.public_id, match.kind) for match in run.matches
    }
    assert keeping.plain_levels(again.solution.levels) == run.outcome["levels"]
    assert keeping.fingerprint(keeping.plain(*keeping.restored(run.inputs))) == run.input_hash


def test_what_is_locked_in_a_draft_stays_in_the_next(school: School):
    school.join("Noor Saleh")
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 1, skills=["Python"]),
            mentor(school.cohort, school.ines, 1, skills=["Drawing"]),
            mentee(school.cohort, school.leo, skills=["Python"]),
            mentee(school.cohort, school.zoe, skills=["Drawing"]),
        ]
    )
    first = started(school)
    match = next(each for each in first.matches if each.mentee.enrolment_id == school.leo.id)
    match.is_locked = True
    match.mentor, other = next(each for each in first.matches if each is not match).mentor, match.mentor
    next(each for each in first.matches if each is not match).mentor = other

    second = started(school)

    assert first.state == RunState.DISCARDED
    assert ("Leo Baum", "Ines Torres") in pairs(second)
    assert open_run(school.session, school.cohort) is second


def test_more_locked_pairs_than_places_are_told_by_name_and_number(school: School):
    school.session.add_all([mentor(school.cohort, school.maya, 2)])
    first = started(school)
    for match in first.matches:
        match.is_locked = True
    first.matches[0].mentor.offer.capacity = 1

    with pytest.raises(Contradictory) as told:
        begin(school.session, school.cohort, by=school.ines, at=THEN)

    assert told.value.mentors == {first.matches[0].mentor.public_id: (2, 1)}


def test_two_who_name_each_other_first_are_together(school: School):
    maya = mentor(school.cohort, school.maya, 1, skills=["Python"])
    leo = mentee(school.cohort, school.leo, skills=["Python"])
    zoe = mentee(school.cohort, school.zoe, skills=["Drawing"])
    school.session.add_all([maya, leo, zoe])
    maya.wishes = [Wish(whom=school.zoe, rank=1)]
    zoe.wishes = [Wish(whom=school.maya, rank=1)]

    run = started(school)

    assert pairs(run) == {("Zoe Lind", "Maya Okafor")}
    assert [match.is_locked for match in run.matches] == [True]


def test_an_exclusion_holds_from_either_side_until_its_day(school: School):
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 2),
            mentee(school.cohort, school.leo),
            mentee(school.cohort, school.zoe),
            Exclusion(
                one=school.maya, other=school.leo, source=ExclusionSource.ASKED, said_by=school.maya, created=THEN
            ),
            Exclusion(
                one=school.maya,
                other=school.zoe,
                source=ExclusionSource.ASKED,
                said_by=school.zoe,
                until=THEN - timedelta(days=1),
                created=THEN - timedelta(days=9),
            ),
        ]
    )

    run = started(school)

    assert pairs(run) == {("Zoe Lind", "Maya Okafor")}
    assert [left["barred"] for left in run.outcome["leftovers"]] == [{"R4": 1}]


def test_whoever_has_not_consented_is_not_matched_where_the_program_asks(school: School):
    version = school.cohort.version
    school.session.execute(update(ProgramVersion).values(needs_consent=True))
    school.session.refresh(version)
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 2, consented=THEN),
            mentee(school.cohort, school.leo, consented=THEN),
            mentee(school.cohort, school.zoe),
        ]
    )

    run = started(school)

    assert pairs(run) == {("Leo Baum", "Maya Okafor")}
    assert [left["barred"] for left in run.outcome["leftovers"]] == [{"R6 mentee": 1}]


def test_who_takes_a_break_or_has_left_offers_nothing(school: School):
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 2, state=ParticipantState.PAUSED),
            mentor(school.cohort, school.ines, 2, state=ParticipantState.LEFT),
        ]
    )

    run = started(school)

    assert pairs(run) == set()
    assert {tuple(left["barred"]) for left in run.outcome["leftovers"]} == {("R6 mentor",)}


def test_without_mentors_or_mentees_there_is_nothing_to_run(school: School):
    with pytest.raises(NotStarted, match="nobody_mentors"):
        begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.rollback()

    for person in (school.maya, school.leo, school.zoe):
        school.session.add(mentor(school.cohort, person, 1))
    with pytest.raises(NotStarted, match="nobody_seeks"):
        begin(school.session, school.cohort, by=school.ines, at=THEN)


def test_other_weights_are_tried_beside_the_draft(school: School):
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=9, mentors=3)
    draft = started(school)

    aside = started(school, weights={"goals": 1}, is_aside=True)

    assert (draft.state, aside.state, aside.is_aside) == (RunState.DRAFT, RunState.DRAFT, True)
    assert (aside.seed, aside.weights) == (draft.seed, {"goals": 1})
    assert open_run(school.session, school.cohort) is draft


def test_hours_are_told_in_utc_for_the_weeks_that_differ(school: School):
    monday_at_nine = [18, 19]
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 1, hours=monday_at_nine, timezone="Europe/Berlin"),
            mentee(school.cohort, school.leo, hours=monday_at_nine, timezone="Africa/Tunis"),
        ]
    )
    school.session.commit()

    pool = gather(school.session, school.cohort, at=THEN).pool

    [maya], [leo] = pool.mentors, [each for each in pool.mentees if each.hours]
    assert len(maya.hours) == len(leo.hours) > 1
    assert {min(week) for week in maya.hours} == {14, 16}
    assert {min(week) for week in leo.hours} == {16}


def test_gathering_asks_as_much_of_three_people_as_of_thirty(school: School, counting: Counting):
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=2, mentors=1)
    school.session.expire_all()
    with counting() as few:
        gather(school.session, school.cohort, at=THEN)
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=25, mentors=8, seed=5)
    school.session.expire_all()

    with counting() as many:
        gather(school.session, school.cohort, at=THEN)

    assert len(many) == len(few)


def test_assistants_and_instructors_may_be_mentored_if_they_ask(school: School):
    assistant = school.join("Tom Ray", Role.ASSISTANT)
    school.session.add_all([mentor(school.cohort, school.maya, 3), mentee(school.cohort, assistant)])

    run = started(school)

    assert ("Tom Ray", "Maya Okafor") in pairs(run)
