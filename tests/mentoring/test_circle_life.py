"""A circle from its first meeting to its end: who comes, who leaves, who is told, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, outbox
from lti_tool.events import PersonLeftCourse, PersonReturned
from lti_tool.models import Enrolment, Role
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from mentoring.mentorships import ending, living, telling
from mentoring.mentorships.circles import changing
from mentoring.mentorships.circles.forming import Taken, form
from mentoring.mentorships.models import Mentorship, Part, Place
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.winding import GRACE, TO_BEGIN, TO_FINISH
from mentoring.pairing.circles.peering import gather, peers_of
from mentoring.pairing.models import MatchRun
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Exclusion, ExclusionSource
from mentoring.programs import newcomers
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, happened, held, with_task
from tests.mentoring.circles import of_peers
from tests.mentoring.conftest import School
from tests.mentoring.reading import words

S = MentorshipState
Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def peers(school: School) -> School:
    of_peers(school, smallest=2, largest=3)
    with_task(school, "Agree on a fixed time", 7)
    return school


def formed(school: School, *people: Enrolment, at: datetime = THEN) -> Mentorship:
    join(school.session, school.cohort, people, at=at)
    found = hold(school.session, school.cohort, people)
    [circle] = form(school.session, school.cohort, [list(found.values())], by=school.ines, at=at)
    school.session.commit()
    return circle


@pytest.fixture
def circle(peers: School) -> Mentorship:
    """Maya, Leo and Zoe."""
    return formed(peers, peers.maya, peers.leo, peers.zoe)


def names(circle: Mentorship) -> set[str]:
    return {person.name for person in circle.people}


def told(school: School) -> set[tuple[str, str]]:
    """Everything that anybody was told: to whom, and in which words."""
    notices = school.session.scalars(select(PersonalNotice)).all()
    people = {person.id: person.name for person in school.session.scalars(select(Enrolment))}
    return {(people[notice.enrolment_id], notice.subject) for notice in notices}


def leave_course(school: School, person: Enrolment, *, at: datetime = THEN) -> None:
    """As a reading of the roster does it."""
    person.is_active, person.left = False, at
    event = PersonLeftCourse(at=at, who=person.who, where=school.course.where, role=person.role.value)
    outbox.announce(school.session, event)
    school.session.commit()


def test_everybody_has_a_place_the_tasks_are_theirs_and_they_are_told(peers: School, circle: Mentorship):
    assert (circle.state, circle.is_circle, names(circle)) == (
        S.ACCEPTED,
        True,
        {"Maya Okafor", "Leo Baum", "Zoe Lind"},
    )
    assert {(place.mentee_id, place.mentor_id, place.nth) for place in circle.places} == {
        (person.id, None, 1) for person in circle.people
    }
    assert [(task.title, task.part, task.due) for task in circle.tasks] == [
        ("Agree on a fixed time", Part.PEER, THEN + timedelta(days=7))
    ]
    assert [(step.from_state, step.to_state, step.actor) for step in circle.history] == [(None, S.ACCEPTED, peers.ines)]
    assert told(peers) == {
        ("Maya Okafor", "You are in a circle with Leo Baum and Zoe Lind"),
        ("Leo Baum", "You are in a circle with Maya Okafor and Zoe Lind"),
        ("Zoe Lind", "You are in a circle with Leo Baum and Maya Okafor"),
    }
    assert happened(peers.session) == ["CircleFormed"]


def test_nobody_is_in_two_circles(peers: School, circle: Mentorship):
    tom = peers.join("Tom Reed")

    with pytest.raises(Taken):
        formed(peers, peers.leo, tom)

    peers.session.rollback()
    assert peers.session.scalars(select(Mentorship)).all() == [circle]


def test_it_begins_rests_goes_on_and_is_completed(peers: School, circle: Mentorship):
    session, leo, zoe = peers.session, peers.leo, peers.zoe

    living.begin(session, held(peers, circle), by=leo, at=THEN)
    living.pause(session, circle, until=THEN + 10 * A_DAY, by=zoe, at=THEN)
    living.resume(session, circle, by=leo, at=THEN + A_DAY)
    living.complete(session, circle, by=peers.maya, at=THEN + 2 * A_DAY)
    session.commit()

    assert (circle.state, circle.places) == (S.COMPLETED, [])
    assert happened(session) == [
        "CircleFormed",
        "MilestoneReached",
        "CircleBegan",
        "CirclePaused",
        "CircleResumed",
        "CircleCompleted",
    ]
    assert ("Leo Baum", "Your circle with Maya Okafor and Zoe Lind is paused") in told(peers)
    assert ("Zoe Lind", "Your circle with Leo Baum and Maya Okafor goes on") in told(peers)
    assert ("Zoe Lind", "Your circle with Leo Baum and Maya Okafor is completed") in told(peers)
    assert not any(to == "Maya Okafor" and "completed" in said for to, said in told(peers))


def test_one_who_leaves_is_not_blamed_and_the_others_go_on(peers: School, circle: Mentorship):
    living.begin(peers.session, held(peers, circle), by=peers.leo, at=THEN)

    changing.leave(peers.session, circle, by=peers.leo, at=THEN + A_DAY, reason="not_a_fit", note="They talk too much")
    peers.session.commit()

    assert (circle.state, names(circle)) == (S.ACTIVE, {"Maya Okafor", "Zoe Lind"})
    assert len(circle.places) == 2
    assert [(step.reason, step.note) for step in circle.history][-1] == ("not_a_fit", "They talk too much")
    told_on = json.dumps([row.body for row in peers.session.scalars(select(Happening)).all()])
    assert "not_a_fit" not in told_on
    assert "talk too much" not in told_on
    assert {each for each in told(peers) if "any more" in each[1]} == {
        ("Maya Okafor", "Leo Baum is not in your circle any more"),
        ("Zoe Lind", "Leo Baum is not in your circle any more"),
    }
    body = json.loads(peers.session.scalars(select(Happening.body).where(Happening.name == "CircleLeft")).one())
    assert (body["by"], body["reason"], body["who"]["subject"]) == (None, "", "leo-baum")


def test_a_circle_of_one_is_none(peers: School):
    two = formed(peers, peers.maya, peers.leo)
    living.begin(peers.session, held(peers, two), by=peers.leo, at=THEN)

    changing.leave(peers.session, two, by=peers.leo, at=THEN, reason="no_more_time")
    peers.session.commit()

    assert (two.state, two.end_reason, two.places, names(two)) == (S.ENDED_EARLY, "too_few_left", [], {"Maya Okafor"})
    assert happened(peers.session)[-2:] == ["CircleLeft", "CircleEnded"]
    assert ("Maya Okafor", "Your circle has ended") in told(peers)
    assert not any("has ended" in said for to, said in told(peers) if to == "Leo Baum")


def test_an_instructor_takes_somebody_out_and_puts_somebody_in(peers: School, circle: Mentorship):
    tom = peers.join("Tom Reed")

    changing.take_out(peers.session, held(peers, circle), peers.zoe, by=peers.ines, at=THEN)
    peers.session.commit()
    join(peers.session, peers.cohort, [tom], at=THEN)
    changing.put_in(peers.session, held(peers, circle), tom, by=peers.ines, at=THEN + A_DAY)
    peers.session.commit()

    assert names(circle) == {"Maya Okafor", "Leo Baum", "Tom Reed"}
    assert [step.reason for step in circle.history] == ["", "taken_out", "put_in"]
    assert ("Zoe Lind", "You are not in your circle any more") in told(peers)
    assert ("Tom Reed", "You are in a circle with Leo Baum and Maya Okafor") in told(peers)
    assert ("Leo Baum", "Tom Reed is in your circle now") in told(peers)
    assert happened(peers.session) == ["CircleFormed", "CircleLeft", "CircleJoined"]


def test_who_mentors_somebody_from_before_the_program_was_one_of_peers_is_put_in_as_well(school: School):
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    of_peers(school, smallest=2, largest=3)
    circle = formed(school, school.zoe, school.join("Ada"))

    changing.put_in(school.session, held(school, circle), school.maya, by=school.ines, at=THEN)

    assert names(circle) == {"Ada", "Maya Okafor", "Zoe Lind"}


def test_nobody_is_put_into_a_full_circle_or_a_second_one_or_against_a_rule(peers: School, circle: Mentorship):
    tom, amal, ana = (peers.join(name) for name in ("Tom Reed", "Amal Haddad", "Ana Silva"))
    two = formed(peers, tom, amal)
    join(peers.session, peers.cohort, [ana], at=THEN)
    told = Exclusion(one=tom, other=ana, source=ExclusionSource.ASKED, said_by=tom, created=THEN)
    peers.session.add(told)
    peers.session.commit()

    def put(person: Enrolment, into: Mentorship) -> str:
        with pytest.raises(Refusal) as refusal:
            changing.put_in(peers.session, held(peers, into), person, by=peers.ines, at=THEN)
        peers.session.rollback()
        return refusal.value.sentence

    assert put(ana, circle) == "A circle has 3 people at most, and this one is full. Choose another one."
    assert put(peers.leo, two) == "Leo Baum has a circle already. Take them out of it first."
    assert "Tom Reed and Ana Silva are not to be in one circle" in put(ana, two)
    ana.is_active = False
    peers.session.commit()
    assert put(ana, two) == "Ana Silva is no longer in the course, so nothing was changed."
    assert len(names(two)) == 2


@pytest.mark.parametrize(
    ("act", "who"),
    [
        (lambda school, circle, by: living.begin(school.session, circle, by=by, at=THEN), "zoe"),
        (lambda school, circle, by: changing.take_out(school.session, circle, school.leo, by=by, at=THEN), "leo"),
        (lambda school, circle, by: changing.put_in(school.session, circle, school.zoe, by=by, at=THEN), "leo"),
        (lambda school, circle, by: changing.leave(school.session, circle, by=by, at=THEN, reason="other"), "ines"),
    ],
    ids=["begin", "take out", "put in", "leave"],
)
def test_only_members_begin_and_leave_and_only_instructors_change_who_belongs(
    peers: School, act: Callable[[School, Mentorship, Enrolment], None], who: str
):
    """Zoe is a stranger to the circle of Maya and Leo."""
    two = formed(peers, peers.maya, peers.leo)

    with pytest.raises(Refusal):
        act(peers, held(peers, two), getattr(peers, who))

    assert names(two) == {"Maya Okafor", "Leo Baum"}


def test_who_leaves_the_course_keeps_their_place_for_two_weeks(app: Flask, peers: School, circle: Mentorship):
    leave_course(peers, peers.leo)

    deliver(app, peers.session, at=THEN + GRACE - A_DAY)
    before = names(circle)
    deliver(app, peers.session, at=THEN + GRACE)

    assert before == {"Maya Okafor", "Leo Baum", "Zoe Lind"}
    assert names(circle) == {"Maya Okafor", "Zoe Lind"}
    assert circle.grace_ends is None
    assert circle.history[-1].reason == "member_left"
    assert ("Zoe Lind", "Leo Baum is not in your circle any more") in told(peers)


def test_who_comes_back_in_time_stays(app: Flask, peers: School, circle: Mentorship):
    leave_course(peers, peers.leo)
    peers.leo.is_active, peers.leo.left = True, None
    event = PersonReturned(at=THEN + A_DAY, who=peers.leo.who, where=peers.course.where, role=peers.leo.role.value)
    outbox.announce(peers.session, event)
    peers.session.commit()

    deliver(app, peers.session, at=THEN + GRACE)

    assert names(circle) == {"Maya Okafor", "Leo Baum", "Zoe Lind"}


def test_a_circle_goes_on_after_a_pause_without_somebody_who_left_the_course(
    app: Flask, peers: School, circle: Mentorship
):
    living.begin(peers.session, held(peers, circle), by=peers.leo, at=THEN)
    living.pause(peers.session, circle, until=THEN + 3 * A_DAY, by=peers.leo, at=THEN)
    leave_course(peers, peers.leo)

    deliver(app, peers.session, at=THEN + 3 * A_DAY)

    assert circle.state is S.ACTIVE


def test_whatever_people_leave_undone_it_comes_to_an_end(app: Flask, peers: School, circle: Mentorship):
    deliver(app, peers.session, at=THEN + TO_BEGIN)
    reminded = {each for each in told(peers) if "Have you met" in each[1]}
    length = circle.cohort.version.length

    deliver(app, peers.session, at=THEN + length + TO_FINISH)

    assert ("Leo Baum", "Have you met Maya Okafor and Zoe Lind yet?") in reminded
    assert (circle.state, circle.end_reason) == (S.CANCELLED, ending.NEVER_BEGAN)


class Page:
    """The page of a circle, as somebody sees it."""

    def __init__(self, circle: Mentorship, client: FlaskClient) -> None:
        self.url = f"/courses/{circle.cohort.course.public_id}/mentoring/mentorships/{circle.public_id}"
        self.client = client

    def look(self) -> str:
        with clock.moved_to(THEN + A_DAY):
            return words(self.client.get(self.url))

    def post(self, path: str, *, at: datetime = THEN + A_DAY, **sent: str) -> tuple[int, str]:
        with clock.moved_to(at):
            answer = self.client.post(f"{self.url}/{path}", data=sent, follow_redirects=True)
        return answer.status_code, words(answer)


def test_members_meet_tick_tasks_and_leave_on_its_page(peers: School, circle: Mentorship, visit: Visit):
    leo, zoe = Page(circle, visit(peers.leo)), Page(circle, visit(peers.zoe))

    assert "You, Maya Okafor, and Zoe Lind" in leo.look()
    assert "A good start. The circle is under way." in leo.post("begin")[1]
    assert "Done" in zoe.post(f"tasks/{circle.tasks[0].public_id}", done="1")[1]
    assert leo.post("leave")[0] == 422
    status, page = leo.post("leave", reason="no_more_time", note="Exams")

    assert (status, "You have left the circle." in page) == (200, True)
    peers.session.expire_all()
    assert circle.tasks[0].done_by is not None
    assert circle.tasks[0].done_by.name == "Zoe Lind"
    assert leo.post("begin")[0] == 404
    assert "Exams" not in zoe.look()
    assert "Leo Baum" not in zoe.look()
    assert "Exams" in Page(circle, visit(peers.ines)).look()


def test_instructors_change_who_belongs_on_its_page_and_end_it(peers: School, circle: Mentorship, visit: Visit):
    tom = peers.join("Tom Reed")
    page = Page(circle, visit(peers.ines))

    assert "Zoe Lind is not in the circle any more." in page.post("take-out", take_out=peers.zoe.public_id)[1]
    assert "Tom Reed is in the circle from now on." in page.post("put-in", put_in=tom.public_id)[1]
    assert "is full" in page.post("put-in", put_in=peers.zoe.public_id)[1]
    assert page.post("put-in", put_in="")[0] == 422
    assert page.post("end-early")[0] == 422
    assert "It has ended." in page.post("end-early", reason="no_contact", at=THEN + A_DAY * 1.1)[1]

    peers.session.expire_all()
    assert (circle.state, names(circle)) == (S.CANCELLED, {"Maya Okafor", "Leo Baum", "Tom Reed"})
    assert peers.session.scalars(select(Place)).all() == []


@pytest.mark.parametrize("path", ["substitute", "rematch", "accept", "decline", "withdraw", "nudge", "pass-on"])
def test_what_is_about_mentors_cannot_be_done_with_a_circle(peers: School, circle: Mentorship, visit: Visit, path: str):
    status, page = Page(circle, visit(peers.ines)).post(path)

    assert (status, "That cannot be done with a circle that has not met yet." in page) == (200, True)


@pytest.mark.parametrize("path", ["leave", "put-in", "take-out"])
def test_what_is_about_circles_cannot_be_done_with_a_pair(school: School, visit: Visit, path: str):
    school.mentors(maya=1)
    pair = school.paired(school.leo, school.maya)

    status, page = Page(pair, visit(school.ines)).post(path, put_in=school.zoe.public_id)

    assert (status, "The two are a pair already, and have not begun yet." in page) == (200, True)


def test_a_circle_stands_in_the_list_on_the_board_and_on_home_pages(peers: School, circle: Mentorship, visit: Visit):
    tom = peers.join("Tom Reed")
    ines, course = visit(peers.ines), f"/courses/{peers.course.public_id}"

    assert "Leo Baum, Maya Okafor, and Zoe Lind" in words(ines.get(f"{course}/mentoring/mentorships"))
    board = words(ines.get(f"{course}/mentoring/pairing"))
    assert "Leo Baum, Maya Okafor, and Zoe Lind" in board
    assert "Tom Reed" in board
    assert "3 of 4 are in a circle." in board
    assert "One person has no circle yet." in words(ines.get(f"{course}/"))
    home = words(visit(peers.leo).get(f"{course}/"))
    assert "Your circle" in home
    assert "Next: Agree on a fixed time" in home
    assert "Your mentor" not in home
    assert "You are in no circle yet." in words(visit(tom).get(f"{course}/"))
    mine = words(visit(tom).get(f"{course}/mentoring/mine"))
    assert "In this program people at the same stage help one another in circles, without a mentor." in mine


def test_assistants_who_are_in_no_circle_see_none(peers: School, circle: Mentorship, visit: Visit):
    amal = peers.join("Amal Haddad", Role.ASSISTANT)

    assert Page(circle, visit(amal)).client.get(Page(circle, visit(amal)).url).status_code == 404


def test_observers_are_told_whether_there_is_a_circle_and_not_who_is_in_it(
    peers: School, circle: Mentorship, app: Flask
):
    tom = peers.join("Tom Reed")

    with app.test_request_context():
        found = telling.lines([peers.leo, tom])

    said = {id: [(line.label, line.value) for line in lines] for id, lines in found.items()}
    assert said == {peers.leo.id: [("Circle", "Belongs to one")], tom.id: [("Circle", "Belongs to none yet")]}


def test_those_of_a_circle_that_was_completed_are_known_to_each_other(peers: School, circle: Mentorship):
    living.begin(peers.session, held(peers, circle), by=peers.leo, at=THEN)
    living.complete(peers.session, circle, by=peers.leo, at=THEN)
    peers.session.commit()

    gathered = gather(peers.session, peers.cohort, at=THEN)

    known = {gathered.participants[peer.key].name: len(peer.good_before) for peer in gathered.peers}
    assert known == {"Maya Okafor": 2, "Leo Baum": 2, "Zoe Lind": 2}


def test_those_of_a_circle_are_not_in_the_pool_and_know_each_other(peers: School, circle: Mentorship):
    tom = peers.join("Tom Reed")
    join(peers.session, peers.cohort, [tom], at=THEN)

    gathered = gather(peers.session, peers.cohort, at=THEN)
    among = peers_of(peers.session, peers.cohort, circle.people, at=THEN)

    assert [gathered.participants[peer.key].name for peer in gathered.peers] == ["Tom Reed"]
    assert [len(peer.has) for peer in among] == [2, 2, 2]


def test_newcomers_are_put_up_for_circles_without_a_click(app: Flask, peers: School):
    newcomers.put_up(peers.session, peers.cohort, THEN)

    deliver(app, peers.session, at=THEN + A_DAY)

    run = peers.session.scalars(select(MatchRun)).one()
    assert (run.is_of_circles, [len(each.members) for each in run.circles]) == (True, [3])
    assert ("Ines Torres", "Newcomers can be matched: a draft of circles waits for you") in told(peers)
