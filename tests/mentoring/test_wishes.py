"""Whom somebody would like, whom they would rather not meet, and whom they suggest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Enrolment, Role
from mentoring.participants import excluding
from mentoring.participants.excluding import barred
from mentoring.participants.models import Came, Exclusion, ExclusionSource, Nomination, ParticipantState
from mentoring.participants.nominating import MOST_OPEN, Obstacle, nominate
from tests.cast import THEN
from tests.mentoring.conftest import School
from tests.mentoring.people_parts import NEED, OFFER, designed, part
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def mine(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/mine"


def _wishes(school: School, person: Enrolment) -> list[tuple[int, str]]:
    theirs = part(school.session, school.cohort, person)
    return [(wish.rank, wish.whom.name) for wish in theirs.wishes]


def test_wishes_are_ranked_moved_and_taken_away(school: School, visit: Visit, mine: str):
    designed(school)
    leo, three = visit(school.leo), [school.maya, school.zoe, school.ines]
    for whom in three:
        leo.post(f"{mine}/wishes", data={"whom": whom.public_id})
    added = _wishes(school, school.leo)

    leo.post(f"{mine}/wishes", data={"whom": school.ines.public_id, "move": "up"})
    leo.post(f"{mine}/wishes", data={"whom": school.maya.public_id, "move": "down"})
    moved = _wishes(school, school.leo)
    leo.post(f"{mine}/wishes", data={"whom": school.ines.public_id, "move": "remove"})

    assert added == [(1, "Maya Okafor"), (2, "Zoe Lind"), (3, "Ines Torres")]
    assert moved == [(1, "Ines Torres"), (2, "Maya Okafor"), (3, "Zoe Lind")]
    assert _wishes(school, school.leo) == [(1, "Maya Okafor"), (2, "Zoe Lind")]


def test_five_people_fit_on_the_list_each_once_and_never_oneself(school: School, visit: Visit, mine: str):
    designed(school)
    leo = visit(school.leo)
    others = [school.join(f"Mentor {n}") for n in range(5)]

    for whom in (school.leo, school.maya, school.maya, *others):
        leo.post(f"{mine}/wishes", data={"whom": whom.public_id})

    assert _wishes(school, school.leo) == [(1, "Maya Okafor"), *((n + 2, f"Mentor {n}") for n in range(4))]
    assert "Your list is full. Remove somebody to make room." in words(leo.get(f"{mine}/wishes"))


def test_nobody_of_another_course_can_be_wished_for(school: School, visit: Visit, mine: str):
    designed(school)
    stranger = school.cast.enrol(school.cast.course("Another course"), "Somebody Else")

    answer = visit(school.leo).post(f"{mine}/wishes", data={"whom": stranger.public_id}, follow_redirects=True)

    assert "Choose somebody from the list, then add them." in words(answer)
    assert "Somebody Else" not in answer.text


def test_the_list_begins_with_the_mentors_and_others_are_found_by_name_only(school: School, visit: Visit, mine: str):
    designed(school)
    visit(school.maya).post(f"{mine}/offer", data=OFFER)
    leo = visit(school.leo)

    pages = {search: words(leo.get(f"{mine}/wishes?q={search}")) for search in ("", "z", "zo", "nemo")}

    assert ["Maya Okafor" in page for page in pages.values()] == [True, False, False, False]
    assert ["Zoe Lind" in page for page in pages.values()] == [False, False, True, False]
    assert "Type two letters or more, then look again." in pages["z"]
    assert "Nobody else in this course is called that." in pages["nemo"]


def test_whom_somebody_would_rather_not_meet_only_they_and_instructors_see(school: School, visit: Visit, mine: str):
    designed(school)
    leo, zoe = visit(school.leo), visit(school.zoe)
    zoe.post(f"{mine}/need", data=NEED)

    answer = leo.post(f"{mine}/not-with", data={"whom": school.zoe.public_id, "reason": "We quarrelled."})

    [exclusion] = barred(school.session, school.course, at=THEN)
    assert answer.location == f"{mine}/not-with"
    assert {exclusion.one_id, exclusion.other_id} == {school.leo.id, school.zoe.id}
    assert (exclusion.source, exclusion.said_by_id, exclusion.reason) == (
        ExclusionSource.ASKED,
        school.leo.id,
        "We quarrelled.",
    )
    assert "Zoe Lind We quarrelled. Take back" in words(leo.get(f"{mine}/not-with"))
    course = f"/courses/{school.course.public_id}"
    theirs = [mine, f"{mine}/not-with", f"{mine}/wishes", f"{course}/", f"{course}/mentoring/directory"]
    assert [page for page in theirs if "quarrelled" in (text := zoe.get(page).text) or "Leo Baum" in text] == []
    instructors = words(visit(school.ines).get(f"{course}/mentoring/people/{school.zoe.public_id}"))
    assert "Leo Baum One of the two asked for it · said by Leo Baum We quarrelled." in instructors


def test_both_may_say_it_and_each_takes_back_only_their_own(school: School, visit: Visit, mine: str):
    designed(school)
    leo, zoe = visit(school.leo), visit(school.zoe)
    leo.post(f"{mine}/not-with", data={"whom": school.zoe.public_id})
    zoe.post(f"{mine}/not-with", data={"whom": school.leo.public_id})
    first, second = barred(school.session, school.course, at=THEN)
    address = f"/courses/{school.course.public_id}/mentoring/not-with"

    answers = [leo.post(f"{address}/{each.public_id}/remove").status_code for each in (second, first)]

    assert answers == [404, 302]
    assert [each.said_by_id for each in barred(school.session, school.course, at=THEN)] == [school.zoe.id]


def test_an_exclusion_holds_until_its_day(school: School):
    excluding.exclude(school.session, school.leo, school.zoe, by=school.leo, at=THEN)
    [exclusion] = barred(school.session, school.course, at=THEN)
    exclusion.until = THEN + timedelta(days=1)
    school.session.flush()

    held = [len(barred(school.session, school.course, at=THEN + timedelta(hours=hours))) for hours in (23, 24)]

    assert held == [1, 0]


def test_saying_it_twice_keeps_one(school: School, visit: Visit, mine: str):
    designed(school)
    leo = visit(school.leo)

    for _ in range(2):
        leo.post(f"{mine}/not-with", data={"whom": school.zoe.public_id})

    assert len(school.session.scalars(select(Exclusion)).all()) == 1


def test_who_chooses_nobody_is_told_to(school: School, visit: Visit, mine: str):
    answer = visit(school.leo).post(f"{mine}/not-with?q=zoe", data={"reason": "Because."})

    assert answer.status_code == 422
    assert "Find and choose the person first." in words(answer)
    assert "Because." in answer.text
    assert ("Zoe Lind" in words(answer), "Maya Okafor" in words(answer)) == (True, False)


def test_a_nominee_decides_and_the_nominator_sees_no_more_than_the_answer(school: School, visit: Visit, mine: str):
    cohort, home = designed(school), f"/courses/{school.course.public_id}/"
    leo, maya, zoe = visit(school.leo), visit(school.maya), visit(school.zoe)
    for whom in (school.maya, school.zoe):
        leo.post(f"{mine}/nominate", data={"whom": whom.public_id})

    asked, made = panel(maya.get(home), "your-part"), words(leo.get(f"{mine}/nominate"))
    accepted = maya.post(f"{mine}/accept")
    zoe.post(f"{mine}/decline")

    assert asked == (
        "Your part Leo Baum thinks that you would make a good mentor. You decide, and need not say why."
        " Whoever suggested you sees only whether you accepted. Accept Not now"
    )
    assert "Zoe Lind Invited Maya Okafor Invited" in made
    assert accepted.location == f"{mine}/offer"
    assert "Zoe Lind Declined Maya Okafor Accepted" in words(leo.get(f"{mine}/nominate"))
    theirs = part(school.session, cohort, school.maya)
    assert (theirs.as_mentor, theirs.as_mentee, theirs.came, theirs.nominated_by_id) == (
        True,
        False,
        Came.NOMINATED,
        school.leo.id,
    )
    assert "thinks" not in (panel(zoe.get(home), "your-part") or "")


def test_a_mentee_who_is_nominated_stays_one_whatever_they_answer(school: School, visit: Visit, mine: str):
    cohort = designed(school)
    for person, answer in ((school.leo, "decline"), (school.zoe, "accept")):
        client = visit(person)
        client.post(f"{mine}/need", data=NEED)
        assert nominate(school.session, cohort, person, by=school.ines, at=THEN) is None
        school.session.commit()
        client.post(f"{mine}/{answer}")

    said = [part(school.session, cohort, person) for person in (school.leo, school.zoe)]
    assert [(each.as_mentor, each.as_mentee, each.state) for each in said] == [
        (False, True, ParticipantState.TAKING_PART),
        (True, True, ParticipantState.TAKING_PART),
    ]


def test_somebody_who_takes_no_part_is_invited_and_stays_out_if_they_decline(school: School, visit: Visit, mine: str):
    cohort, tariq = designed(school), school.join("Tariq Aziz", Role.ASSISTANT)

    visit(school.leo).post(f"{mine}/nominate", data={"whom": tariq.public_id})
    before = part(school.session, cohort, tariq).state
    visit(tariq).post(f"{mine}/decline")

    assert (before, part(school.session, cohort, tariq).state) == (ParticipantState.INVITED, ParticipantState.LEFT)


def test_who_joins_as_a_mentor_has_answered(school: School, visit: Visit, mine: str):
    cohort = designed(school)
    nominate(school.session, cohort, school.maya, by=school.leo, at=THEN)
    school.session.commit()

    visit(school.maya).post(mine, data={"mentors": "y"})

    assert [each.answer for each in school.session.scalars(select(Nomination))] == ["accepted"]


def test_an_answer_nobody_waits_for_changes_nothing(school: School, visit: Visit, mine: str):
    designed(school)

    answers = [visit(school.leo).post(f"{mine}/{word}", follow_redirects=True) for word in ("accept", "decline")]

    assert ["Nobody is waiting for this answer any more." in words(each) for each in answers] == [True, True]


def test_what_stands_in_the_way_of_a_nomination(school: School):
    cohort, session = designed(school), school.session
    school.mentors(maya=1)
    gone = school.join("Tom Reed", is_active=False)
    many = [school.join(f"Learner {n}") for n in range(MOST_OPEN)]

    def obstacle(whom: Enrolment) -> Obstacle | None:
        return nominate(session, cohort, whom, by=school.leo, at=THEN)

    assert [obstacle(each) for each in (school.leo, gone, school.maya)] == ["oneself", "not_here", "mentors"]
    assert [obstacle(each) for each in (many[0], many[0])] == [None, "already"]
    assert [obstacle(each) for each in (*many[1:], school.zoe)] == [*[None] * (MOST_OPEN - 1), "too_many"]
