from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.db import transaction
from lti_tool.models import Course
from mentoring.mentorships.models import HistoryIsWritten, NotPossible, Part, Place
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.offering import Offering
from mentoring.participants.queries import participants_of
from mentoring.programs.models import Cohort, MentorKind, Program, ProgramVersion, VersionInUse
from mentoring.programs.starting import current, ensure
from tests.cast import THEN
from tests.mentoring.conftest import School


def test_a_course_begins_with_one_program_one_kind_and_a_running_cohort(school: School):
    assert current(school.session, school.course) is None

    cohort = school.cohort

    version = cohort.version
    assert (cohort.program.title, cohort.course.id) == ("Mentoring", school.course.id)
    assert (version.number, version.mentoring_type.value, version.length_days, version.reply_days) == (
        1,
        "one_on_one",
        90,
        3,
    )
    assert [(kind.key, kind.label, kind.needed) for kind in version.kinds] == [("mentor", "Mentor", 1)]
    assert (cohort.state.value, cohort.starts, cohort.ends) == ("running", THEN, None)
    assert current(school.session, school.course) is cohort


def test_two_requests_that_need_a_cohort_at_once_get_the_same(app: Flask, school: School):
    found: list[int] = []
    course_id = school.course.id
    school.session.commit()
    start = threading.Barrier(2)

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

    counts = [
        school.session.scalar(select(func.count()).select_from(model))
        for model in (Program, ProgramVersion, MentorKind, Cohort)
    ]
    assert counts == [1, 1, 1, 1]
    assert found == [school.cohort.id] * 2


def test_a_version_in_use_never_changes(school: School):
    school.cohort.version.length_days = 30

    with pytest.raises(VersionInUse):
        school.session.flush()


def test_a_kind_of_a_version_in_use_never_changes(school: School):
    school.cohort.version.kinds[0].label = "Coach"

    with pytest.raises(VersionInUse):
        school.session.flush()


def test_a_version_nobody_has_used_may_change(school: School):
    draft = ProgramVersion(program_id=school.cohort.program.id, number=2, created=THEN)
    school.session.add(draft)
    school.session.flush()

    draft.length_days = 30
    school.session.flush()

    assert draft.length_days == 30


def test_a_mentorship_keeps_its_whole_history(school: School):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)

    mentorship.move(MentorshipState.ACTIVE, by=school.maya, at=THEN + timedelta(days=1))
    mentorship.move(MentorshipState.PAUSED, by=None, at=THEN + timedelta(days=2), reason="exams")
    mentorship.end(by=school.ines, at=THEN + timedelta(days=3), reason="unpaired")
    school.session.commit()

    assert [(step.from_state, step.to_state, step.actor, step.at, step.reason) for step in mentorship.history] == [
        (None, "accepted", school.ines, THEN, ""),
        ("accepted", "active", school.maya, THEN + timedelta(days=1), ""),
        ("active", "paused", None, THEN + timedelta(days=2), "exams"),
        ("paused", "ended_early", school.ines, THEN + timedelta(days=3), "unpaired"),
    ]
    assert (mentorship.ended, mentorship.end_reason) == (THEN + timedelta(days=3), "unpaired")
    assert [(member.part, member.until) for member in mentorship.members] == [
        (Part.MENTOR, THEN + timedelta(days=3)),
        (Part.MENTEE, THEN + timedelta(days=3)),
    ]
    assert school.session.scalars(select(Place)).all() == []


def test_a_mentorship_that_has_ended_never_changes(school: School):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    mentorship.end(by=school.ines, at=THEN, reason="unpaired")

    with pytest.raises(NotPossible):
        mentorship.move(MentorshipState.ACTIVE, by=school.ines, at=THEN)

    assert mentorship.state is MentorshipState.CANCELLED


def test_history_is_never_rewritten(school: School):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)

    mentorship.history[0].reason = "on second thoughts"

    with pytest.raises(HistoryIsWritten):
        school.session.flush()


@pytest.mark.parametrize(
    ("mentee", "mentor", "nth"),
    [("leo", "leo", 2), ("leo", "maya", 2), ("leo", "zoe", 1)],
    ids=["oneself", "the same pair twice", "two mentors where one is needed"],
)
def test_the_database_itself_refuses_a_place_that_no_rule_allows(
    school: School, session: Session, mentee: str, mentor: str, nth: int
):
    school.offers(Offering(school.maya, 2), Offering(school.zoe, 2), Offering(school.leo, 2))
    mentorship = school.paired(school.leo, school.maya)
    ids = {name: _participant(school, name) for name in (mentee, mentor)}

    session.add(
        Place(
            mentorship_id=mentorship.id,
            mentor_id=ids[mentor],
            mentee_id=ids[mentee],
            kind_id=mentorship.kind_id,
            nth=nth,
            since=THEN,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


def _participant(school: School, name: str) -> int:
    return participants_of(school.session, school.cohort)[getattr(school, name).id].id
