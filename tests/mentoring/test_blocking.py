"""Somebody blocks a person: what it does holds at once, the other is told nothing of it, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.assigning import Assigned, Pair, assign
from mentoring.participants.models import Exclusion
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, designed, happened, proposed, requested, wishes
from tests.mentoring.conftest import School
from tests.mentoring.meetings import a_circle, a_pair, booked
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState


def address(school: School, other: Enrolment) -> str:
    return f"/courses/{school.course.public_id}/mentoring/block/{other.public_id}"


def blocked(school: School, visit: Visit, by: Enrolment, other: Enrolment, **said: str) -> TestResponse:
    with clock.moved_to(THEN):
        answer = visit(by).post(address(school, other), data=said, follow_redirects=True)
    school.session.expire_all()
    return answer


def apart(school: School) -> list[tuple[str, str]]:
    rows = school.session.scalars(select(Exclusion)).all()
    return [(each.said_by.name if each.said_by else "", each.source.value) for each in rows]


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice.subject).where(PersonalNotice.enrolment_id == who.id).order_by(PersonalNotice.id)
    )
    return list(rows)


def by_hand(school: School) -> Assigned:
    """Ines gives Leo to Maya, by the rules of the program."""
    wanted = [Pair(school.leo, school.maya, school.cohort.version.kinds[0])]
    made = assign(school.session, school.cohort, wanted, by=school.ines, at=THEN)
    school.session.commit()
    return made


def test_the_page_says_what_it_does_before_it_is_done(school: School, visit: Visit):
    a_pair(school)

    page = words(visit(school.leo).get(address(school, school.maya)))

    for said in (
        "Block Maya Okafor?",
        "You two are never proposed to each other or matched again.",
        "comes to nothing",
        "Maya Okafor is not told that you blocked them.",
        "You can take it back at any time.",
        "Maya Okafor does not.",
        "End our mentorship at once",
        "Leave our mentorship as it is for now",
    ):
        assert said in page
    assert apart(school) == []


def test_a_blocked_mentor_is_told_that_it_has_ended_and_no_more(school: School, visit: Visit):
    pair = a_pair(school)

    answer = blocked(school, visit, school.leo, school.maya, then="leave")

    assert "You have blocked Maya Okafor" in words(answer)
    assert (pair.state, apart(school)) == (S.CANCELLED, [("Leo Baum", "asked")])
    assert told(school, school.maya)[1:] == ["Your mentorship with Leo Baum has ended"]
    assert [name for name in happened(school.session) if "lock" in name] == []
    home = words(visit(school.maya).get(f"/courses/{school.course.public_id}/"))
    avoided = words(visit(school.maya).get(f"/courses/{school.course.public_id}/mentoring/mine/not-with"))
    assert "block" not in home.lower()
    assert "Leo" not in avoided


def test_the_mentorship_may_stay_for_now_and_end_later(school: School, visit: Visit):
    pair = a_pair(school)

    unsaid = blocked(school, visit, school.maya, school.leo)
    assert (unsaid.status_code, apart(school)) == (422, [])
    blocked(school, visit, school.maya, school.leo, then="stay")
    assert (pair.state, apart(school)) == (S.ACCEPTED, [("Maya Okafor", "asked")])
    blocked(school, visit, school.maya, school.leo, then="leave")

    assert (pair.state, len(apart(school))) == (S.CANCELLED, 1)


def test_they_are_never_paired_again_until_it_is_taken_back(school: School, visit: Visit):
    a_pair(school)
    blocked(school, visit, school.leo, school.maya, then="leave")

    barred = by_hand(school)
    page = visit(school.leo).get(address(school, school.maya)).text
    exclusion = school.session.scalars(select(Exclusion)).one()
    taken_back = f"/courses/{school.course.public_id}/mentoring/not-with/{exclusion.public_id}/remove"
    not_hers = visit(school.maya).post(taken_back)
    visit(school.leo).post(taken_back)
    again = by_hand(school)

    assert (barred.made, taken_back in page, not_hers.status_code) == ([], True, 404)
    assert (len(again.made), apart(school)) == (1, [])


def test_they_do_not_find_each_other_in_the_directory(school: School, visit: Visit):
    a_pair(school)
    ordinary = school.join_mentor("Ona Other")
    directory = f"/courses/{school.course.public_id}/mentoring/directory"
    before = visit(school.leo).get(directory).text
    blocked(school, visit, school.leo, school.maya, then="leave")
    school.mentors(leo=1)

    leos, mayas, zoes = [visit(each).get(directory).text for each in (school.leo, school.maya, school.zoe)]

    assert ("Maya Okafor" in before, ordinary.name in before) == (True, True)
    assert ("Maya Okafor</" in leos.split("<main")[1], "Leo Baum</" in mayas.split("<main")[1]) == (False, False)
    assert ("Maya Okafor" in zoes, "Leo Baum" in zoes) == (True, True)


def test_what_i_was_asked_is_declined_and_the_next_choice_is_asked(school: School, visit: Visit):
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=1)
    ona = school.join_mentor("Ona Other")
    wishes(school, school.leo, school.maya, ona)
    asked = requested(school, school.leo, school.maya)

    blocked(school, visit, school.maya, school.leo)

    assert asked.state is S.DECLINED
    assert "Maya Okafor cannot mentor you at present" in told(school, school.leo)
    following = school.session.scalars(select(Mentorship).where(Mentorship.state == S.PROPOSED)).one()
    assert following.mentor.enrolment_id == ona.id


def test_what_i_asked_is_taken_back(school: School, visit: Visit):
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=1)
    asked = requested(school, school.leo, school.maya)

    blocked(school, visit, school.leo, school.maya)

    assert asked.state is S.WITHDRAWN
    assert told(school, school.maya)[-1] == "Nothing is left to answer about Leo Baum"


def test_what_others_asked_for_me_comes_to_nothing_by_itself(school: School, visit: Visit):
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=1)
    asked = proposed(school, school.leo, school.maya)

    blocked(school, visit, school.leo, school.maya)

    assert (asked.state, asked.end_reason) == (S.SUPERSEDED, "kept_apart")
    assert told(school, school.maya)[-1] == "Nothing is left to answer about Leo Baum"


def test_in_a_circle_the_blocker_leaves_or_stays_and_the_others_go_on(school: School, visit: Visit):
    circle = a_circle(school)

    page = words(visit(school.leo).get(address(school, school.zoe)))
    blocked(school, visit, school.leo, school.zoe, then="stay")
    assert (len(circle.people), apart(school)) == (3, [("Leo Baum", "asked")])
    blocked(school, visit, school.leo, school.zoe, then="leave")

    assert "Leave the circle at once" in page
    assert "raise a concern, and one helps you" in page
    assert {person.name for person in circle.people} == {"Maya Okafor", "Zoe Lind"}
    assert circle.is_standing


def test_only_those_one_has_a_mentorship_with_can_be_blocked(school: School, visit: Visit):
    a_pair(school)

    pages = [
        visit(by).get(address(school, other)).status_code
        for by, other in (
            (school.leo, school.zoe),
            (school.leo, school.leo),
            (school.zoe, school.maya),
            (school.ines, school.leo),
        )
    ]
    posts = [visit(school.zoe).post(address(school, school.maya)).status_code]

    assert (pages, posts, apart(school)) == ([404] * 4, [404], [])


def test_somebody_can_still_be_blocked_when_it_is_over(school: School, visit: Visit):
    pair = a_pair(school)
    blocked(school, visit, school.maya, school.leo, then="leave")
    assert pair.has_ended

    blocked(school, visit, school.leo, school.maya)

    assert sorted(name for name, _source in apart(school)) == ["Leo Baum", "Maya Okafor"]


def test_an_instructor_who_is_blocked_does_not_see_who_said_so_nor_takes_it_back(school: School, visit: Visit):
    ivo = school.join("Ivo Instructor", Role.INSTRUCTOR)
    school.mentors(ines=1)
    school.paired(school.leo, school.ines)
    blocked(school, visit, school.leo, school.ines, then="leave")
    [exclusion] = school.session.scalars(select(Exclusion)).all()
    person = f"/courses/{school.course.public_id}/mentoring/people/{school.leo.public_id}"
    taken_back = f"/courses/{school.course.public_id}/mentoring/not-with/{exclusion.public_id}/remove"

    iness, ivos = [visit(each).get(person) for each in (school.ines, ivo)]
    refused = visit(school.ines).post(taken_back)

    assert (iness.status_code, exclusion.public_id in iness.text, exclusion.public_id in ivos.text) == (
        200,
        False,
        True,
    )
    assert (refused.status_code, len(apart(school))) == (404, 1)


def test_an_instructor_who_mentors_may_block_their_mentee(school: School, visit: Visit):
    school.mentors(ines=1)
    pair = school.paired(school.leo, school.ines)

    blocked(school, visit, school.ines, school.leo, then="leave")

    assert (pair.state, apart(school)) == (S.CANCELLED, [("Ines Torres", "asked")])


def test_no_clock_asks_the_two_to_meet_one_another(app: Flask, school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentor, 10)
    before = {who.name: len(told(school, who)) for who in (school.leo, school.maya)}
    blocked(school, visit, school.leo, school.maya, then="stay")

    for days in (7, 8, 9, 10):
        deliver(app, school.session, at=THEN + days * A_DAY)

    assert pair.is_standing
    assert meeting.is_planned
    assert {who.name: len(told(school, who)) for who in (school.leo, school.maya)} == before
