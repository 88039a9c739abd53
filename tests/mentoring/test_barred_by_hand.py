"""Pairs made by hand keep the rules of the program, too, and each refusal says which one and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.contacts.models import ManagerLink
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.explaining import explain
from mentoring.participants.models import Exclusion, ExclusionSource
from mentoring.programs.choices import Manner
from mentoring.programs.models import ProgramVersion, TrainingItem
from tests.cast import THEN
from tests.mentoring.classes import mentee, mentor
from tests.mentoring.conftest import School


def refused(school: School) -> list[str]:
    """What Ines is told who gives Leo to Maya; nothing if the two are a pair."""
    school.session.commit()
    kind = school.cohort.version.kinds[0]
    result = assign(school.session, school.cohort, [Pair(school.leo, school.maya, kind)], by=school.ines, at=THEN)
    assert bool(result.made) != bool(result.refused)
    return [sentence for _pair, sentence in explain(school.session, school.cohort, result.refused, to=school.ines)]


def managed(school: School, person: Enrolment, manager: Enrolment) -> ManagerLink:
    return ManagerLink(enrolment_id=person.id, manager_enrolment_id=manager.id, said_by_id=school.ines.id, at=THEN)


def change(school: School, **said: object) -> None:
    version = school.cohort.version
    school.session.execute(update(ProgramVersion).where(ProgramVersion.id == version.id).values(**said))
    school.session.refresh(version)


def test_who_is_not_to_be_matched_is_not_paired_by_hand_either(school: School):
    school.session.add_all([mentor(school.cohort, school.maya, 1), mentee(school.cohort, school.leo)])
    one, other = sorted([school.maya, school.leo], key=lambda each: each.id)
    school.session.add(Exclusion(one=one, other=other, source=ExclusionSource.ASKED, said_by=school.leo, created=THEN))

    assert refused(school) == ["These two are not to be matched: one of them, or an instructor, has said so."]


def test_nobody_is_mentored_by_their_manager_or_the_manager_s_manager(school: School):
    school.session.add_all([mentor(school.cohort, school.maya, 1), mentee(school.cohort, school.leo)])
    school.session.add_all(
        [
            ManagerLink(
                enrolment_id=school.leo.id, manager_enrolment_id=school.zoe.id, said_by_id=school.ines.id, at=THEN
            ),
            ManagerLink(
                enrolment_id=school.zoe.id, manager_enrolment_id=school.maya.id, said_by_id=school.ines.id, at=THEN
            ),
        ]
    )

    [sentence] = refused(school)

    assert sentence.startswith("A conflict of interest stands between these two")


def test_two_of_one_manager_are_kept_apart_where_the_program_says_so(school: School):
    school.session.add_all([mentor(school.cohort, school.maya, 1), mentee(school.cohort, school.leo)])
    school.session.add_all([managed(school, each, school.zoe) for each in (school.maya, school.leo)])
    change(school, bars_same_manager=True)

    [sentence] = refused(school)

    assert sentence.startswith("A conflict of interest stands between these two")


@pytest.mark.parametrize(
    ("of_maya", "of_leo", "said"),
    [
        ({"languages": ["de"]}, {"languages": ["en"]}, "Maya Okafor and Leo Baum have no language in common."),
        ({"hours": [1, 2]}, {"hours": [9]}, "Maya Okafor and Leo Baum have too little free time in common."),
        ({"experience": 1}, {}, "Maya Okafor has less experience than the program asks of mentors."),
        ({"level": 1}, {"level": 4}, "How senior the two are does not fit this kind of program."),
        ({"kinds": ["technical"]}, {}, "Maya Okafor does not offer this kind of mentoring."),
    ],
)
def test_each_rule_of_the_program_is_said(school: School, of_maya: dict[str, Any], of_leo: dict[str, Any], said: str):
    change(school, least_minutes=60, least_experience=0 if "experience" not in of_maya else 2, level_rule="senior")
    school.session.add_all(
        [mentor(school.cohort, school.maya, 1, **of_maya), mentee(school.cohort, school.leo, **of_leo)]
    )

    assert [each.replace("\u2068", "").replace("\u2069", "") for each in refused(school)] == [said]
    assert school.session.scalars(select(Mentorship)).all() == []


def test_an_untrained_mentor_is_not_paired(school: School):
    school.session.add_all([mentor(school.cohort, school.maya, 1), mentee(school.cohort, school.leo)])
    change(school, used=None)
    school.session.add(
        TrainingItem(
            version_id=school.cohort.version.id,
            key="intro",
            is_for_mentors=True,
            place=1,
            title="Introduction",
            manner=Manner.IN_PERSON,
        )
    )

    [sentence] = refused(school)

    assert "still have a training to do" in sentence
