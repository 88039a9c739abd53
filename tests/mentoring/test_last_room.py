"""The last room in a circle, and somebody whom two instructors put somewhere, at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Membership, Mentorship, Place
from tests.mentoring.circles import of_peers
from tests.mentoring.conftest import School
from tests.mentoring.test_circle_life import formed, names
from tests.mentoring.test_last_yes import act, statuses

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def peers(school: School) -> School:
    of_peers(school, smallest=2, largest=3)
    return school


@pytest.mark.parametrize("round_", range(5))
def test_two_instructors_fill_the_last_room_and_one_of_them_does(app: Flask, peers: School, visit: Visit, round_: int):
    tom = peers.join("Tom Reed", Role.INSTRUCTOR)
    circle = formed(peers, peers.maya, peers.leo)
    amal = peers.join("Amal Haddad")

    answers = statuses(
        act(visit(peers.ines), circle, "put-in", put_in=peers.zoe.public_id),
        act(visit(tom), circle, "put-in", put_in=amal.public_id),
    )

    peers.session.rollback()
    peers.session.expire_all()
    assert answers == [302, 302]
    assert len(names(circle)) == 3
    assert len(peers.session.scalars(select(Place)).all()) == 3


@pytest.mark.parametrize("round_", range(5))
def test_somebody_whom_two_instructors_put_into_two_circles_is_in_one(
    app: Flask, peers: School, visit: Visit, round_: int
):
    tom = peers.join("Tom Reed", Role.INSTRUCTOR)
    one = formed(peers, peers.maya, peers.leo)
    other = formed(peers, peers.join("Amal Haddad"), peers.join("Ana Silva"))

    answers = statuses(
        act(visit(peers.ines), one, "put-in", put_in=peers.zoe.public_id),
        act(visit(tom), other, "put-in", put_in=peers.zoe.public_id),
    )

    peers.session.rollback()
    peers.session.expire_all()
    assert answers == [302, 302]
    assert sorted((len(names(one)), len(names(other)))) == [2, 3]
    assert len(peers.session.scalars(select(Place)).all()) == 5


def test_the_last_two_leave_at_once_and_it_ends_once(app: Flask, peers: School, visit: Visit):
    circle = formed(peers, peers.maya, peers.leo)

    answers = statuses(
        act(visit(peers.maya), circle, "leave", reason="other"), act(visit(peers.leo), circle, "leave", reason="other")
    )

    peers.session.rollback()
    peers.session.expire_all()
    assert answers == [302, 302]
    assert circle.has_ended
    assert peers.session.scalars(select(Place)).all() == []
    assert peers.session.scalars(select(Membership).where(Membership.until.is_(None))).all() == []


def test_a_draft_is_published_while_somebody_in_it_is_put_into_a_circle(app: Flask, peers: School, visit: Visit):
    """Whichever comes first, nobody is in two."""
    circle = formed(peers, peers.maya, peers.leo)
    peers.join("Amal Haddad")
    ines, tom = visit(peers.ines), visit(peers.join("Tom Reed", Role.INSTRUCTOR))
    runs = f"/courses/{peers.course.public_id}/mentoring/pairing/runs"
    page = ines.post(runs, follow_redirects=True)
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    draft = page.request.path

    statuses(
        lambda: ines.post(f"{draft}/publish", data={"seen": seen}),
        act(tom, circle, "put-in", put_in=peers.zoe.public_id),
    )

    peers.session.rollback()
    peers.session.expire_all()
    places = [place.mentee_id for place in peers.session.scalars(select(Place))]
    assert len(places) == len(set(places))
    standing = [each for each in peers.session.scalars(select(Mentorship)) if each.is_standing]
    assert sum(person.enrolment_id == peers.zoe.id for each in standing for person in each.people) == 1
