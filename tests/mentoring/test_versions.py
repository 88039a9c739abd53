"""A used version never changes: a change makes the next one, the run goes on with it, and pairs keep their promises."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import transaction
from lti_tool.models import Course
from mentoring.mentorships.models import Place
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.numbers import numbers_of
from mentoring.programs import versions
from mentoring.programs.choices import CohortState, EvaluationPoint, Manner
from mentoring.programs.design import KindPlan, ProgramDesign, QuestionPlan, TaskPlan, TrainingPlan
from mentoring.programs.models import Cohort, Program, ProgramVersion
from mentoring.programs.ready_made import READY_MADE, simple
from mentoring.programs.starting import current, ensure, newest
from mentoring.programs.versions import Saved, design_of, stamp
from tests.cast import THEN
from tests.mentoring.conftest import School


@pytest.fixture
def asked(app: Flask) -> Any:
    with app.test_request_context():
        yield


def save(school: School, *, seen: str | None = None, **said: Any) -> Saved:
    """As Ines, who has looked just now."""
    saved = versions.save(
        school.session,
        school.course,
        lambda before: replace(before, **said),
        seen=stamp(newest(school.session, school.course)) if seen is None else seen,
        by=school.ines,
        at=THEN,
    )
    school.session.commit()
    return saved


@pytest.mark.parametrize("key", READY_MADE)
def test_a_version_says_what_the_design_said(school: School, key: str):
    made = READY_MADE[key].design()

    saved = save(school, **vars(made))

    assert saved.version is not None
    school.session.expire_all()
    assert design_of(saved.version) == made


def test_the_first_design_has_a_run_to_open_and_nobody_has_used_it(school: School):
    saved = save(school, title="Buddies")

    [cohort] = school.session.scalars(select(Cohort))
    assert saved.version is not None
    assert (saved.version.number, saved.version.used, saved.version.made_by) == (1, None, school.ines)
    assert (cohort.state, cohort.version, current(school.session, school.course)) == ("draft", saved.version, None)


def test_a_version_nobody_has_used_is_changed_as_it_is(school: School):
    save(school, tasks=(TaskPlan(title="Meet", days=7),))

    saved = save(school, length_days=60, tasks=(TaskPlan(title="Talk", days=3),))

    assert saved.version is not None
    assert (saved.version.number, saved.is_new_version) == (1, False)
    school.session.expire_all()
    assert (saved.version.length_days, [task.title for task in saved.version.tasks]) == (60, ["Talk"])
    assert len(versions.history(school.session, school.course)) == 1


def test_a_used_version_stays_and_the_run_goes_on_with_the_next(school: School):
    first = school.cohort.version
    cohort = school.cohort

    saved = save(school, length_days=60)

    assert saved.version is not None
    assert (saved.is_new_version, saved.version.number, saved.version.used) == (True, 2, THEN)
    assert (first.number, first.length_days) == (1, 90)
    assert current(school.session, school.course) is cohort
    assert cohort.version is saved.version


def test_pairs_that_stand_keep_what_they_were_promised_and_still_count(school: School):
    school.mentors(maya=2)
    mentorship = school.paired(school.leo, school.maya)
    promised = (mentorship.planned_end, mentorship.kind.label)

    save(school, length_days=30, kinds=(KindPlan(key="mentor", label="Guide"),))

    school.session.expire_all()
    numbers = numbers_of(school.session, school.course)
    assert (mentorship.planned_end, mentorship.kind.label) == promised == (THEN + timedelta(days=90), "Mentor")
    assert (numbers.pairs, numbers.complete, numbers.free) == (1, 1, 1)
    assert school.session.scalars(select(Place)).one().kind.label == "Guide"
    assert school.paired(school.zoe, school.maya).planned_end == THEN + timedelta(days=30)


def test_whoever_pairs_with_a_kind_of_yesterday_gets_the_one_of_today(school: School):
    school.mentors(maya=2)
    old = school.cohort.version.kinds[0]
    cohort = school.cohort
    save(school, kinds=(KindPlan(key="mentor", label="Guide"),))

    [made] = assign(school.session, cohort, [Pair(school.leo, school.maya, old)], by=school.ines, at=THEN).made

    assert made.kind.label == "Guide"


def test_a_second_instructor_who_saves_is_told_and_nothing_of_theirs_is_written(school: School):
    seen = stamp(school.cohort.version)
    save(school, length_days=60, seen=seen)

    saved = save(school, length_days=30, seen=seen)

    assert (saved.was_overtaken, saved.has_changed) == (True, False)
    assert [version.length_days for version in versions.history(school.session, school.course)] == [60, 90]


def test_that_holds_for_a_version_nobody_has_used_as_well(school: School):
    first = save(school, title="Buddies")
    seen = stamp(first.version)
    save(school, title="Friends", seen=seen)

    assert save(school, title="Pals", seen=seen).was_overtaken
    assert school.session.scalars(select(Program)).one().title == "Friends"


def test_of_two_who_save_at_once_one_is_written_and_one_is_told(app: Flask, school: School):
    school.cohort  # noqa: B018
    school.session.commit()
    seen, course_id = stamp(newest(school.session, school.course)), school.course.id
    school.session.commit()
    start, told = threading.Barrier(2), []

    def save_too(days: int) -> None:
        with app.app_context():
            start.wait()
            with transaction() as session:
                course = session.get_one(Course, course_id)
                saved = versions.save(
                    session, course, lambda before: replace(before, length_days=days), seen=seen, by=None, at=THEN
                )
                told.append((saved.was_overtaken, saved.has_changed))

    threads = [threading.Thread(target=save_too, args=(days,)) for days in (30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [(False, True), (True, False)]
    assert len(versions.history(school.session, school.course)) == 2


def test_saving_nothing_new_makes_no_version(school: School):
    school.cohort  # noqa: B018

    saved = save(school, length_days=90)

    assert (saved.has_changed, saved.version and saved.version.number) == (False, 1)


def test_another_title_is_no_new_version(school: School):
    school.cohort  # noqa: B018

    saved = save(school, title="Buddies")

    assert (saved.has_changed, saved.is_new_version, school.cohort.program.title) == (True, False, "Buddies")


def test_a_contradiction_is_told_and_nothing_is_written(school: School):
    school.cohort  # noqa: B018

    saved = save(school, kinds=())

    assert [problem.field for problem in saved.problems] == ["kinds"]
    assert len(versions.history(school.session, school.course)) == 1


def test_nothing_is_measured_before_a_run_that_is_open(school: School):
    school.cohort  # noqa: B018

    saved = save(school, evaluations=(EvaluationPoint.BASELINE,))

    assert [problem.field for problem in saved.problems] == ["evaluations"]


def test_kinds_trainings_and_questions_keep_their_keys_and_new_ones_get_their_own(school: School):
    save(
        school,
        kinds=(KindPlan(label="Coach", key="made-up"),),
        training=(TrainingPlan(title="Read", manner=Manner.LINK),) ,
        questions=(QuestionPlan(text="Tea?", answers=("Yes", "No")),),
    )  # fmt: skip
    first = versions.design_for(school.session, school.course)
    again = save(school, kinds=(replace(first.kinds[0], label="Guide"), replace(first.kinds[0], label="Twin")))

    assert again.version is not None
    kinds = again.version.kinds
    assert first.kinds[0].key not in ("made-up", "")
    assert (kinds[0].key, kinds[1].key == kinds[0].key) == (first.kinds[0].key, False)
    assert versions.design_for(school.session, school.course).training == first.training


def test_on_first_need_a_planned_run_opens_instead_of_a_simple_one(school: School):
    saved = save(school, title="Buddies", length_days=60)

    cohort = ensure(school.session, school.course, at=THEN)

    assert (cohort.version, cohort.state, cohort.version.used) == (saved.version, CohortState.OPEN, THEN)
    assert len(school.session.scalars(select(Program)).all()) == 1


def test_after_a_closed_run_the_next_need_begins_a_new_one_of_the_same_program(school: School):
    closed = school.cohort
    closed.state = CohortState.CLOSED
    school.session.flush()

    cohort = ensure(school.session, school.course, at=THEN)

    assert (cohort.id == closed.id, cohort.version, cohort.state) == (False, closed.version, CohortState.OPEN)


def test_two_who_need_a_new_run_at_once_get_the_same(app: Flask, school: School):
    school.cohort.state = CohortState.CLOSED
    school.session.commit()
    start, found, course_id = threading.Barrier(2), [], school.course.id
    school.session.commit()

    def need() -> None:
        with app.app_context():
            start.wait()
            with transaction() as session:
                found.append(ensure(session, session.get_one(Course, course_id), at=THEN).id)

    threads = [threading.Thread(target=need) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1


def test_a_closed_run_keeps_the_version_it_ran_with(school: School, session: Session):
    closed = school.cohort
    closed.state = CohortState.CLOSED
    session.flush()

    save(school, length_days=60)

    assert closed.version.length_days == 90
    assert [version.number for version in session.scalars(select(ProgramVersion).order_by(ProgramVersion.id))] == [1, 2]


def test_a_design_survives_being_read_and_written_again(school: School):
    made: ProgramDesign = simple()

    save(school)

    assert versions.design_for(school.session, school.course) == made
