"""From a program of peers to circles that stand: the draft of circles, changes by hand, publishing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Course, Enrolment, Role
from mentoring.mentorships.models import Mentorship, Origin, Part, Place
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.matching.people import Question
from mentoring.pairing.models import MatchCircle, MatchRun, RunState
from mentoring.pairing.runs.drafting import token
from mentoring.participants.models import Exclusion, ExclusionSource, Participant
from mentoring.participants.offering import Offering
from mentoring.programs import versions
from mentoring.programs.choices import MentoringType
from mentoring.programs.design import KindPlan
from mentoring.programs.starting import newest
from tests.cast import THEN
from tests.mentoring.asking import designed
from tests.mentoring.circles import circles, class_of_peers, of_peers, peer
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]


class Desk:
    """Ines at her desk: the draft of circles, and what she does with it."""

    def __init__(self, school: School, client: FlaskClient) -> None:
        self.school, self.client = school, client
        self.base = f"/courses/{school.course.public_id}/mentoring/pairing"

    @property
    def run(self) -> MatchRun:
        self.school.session.rollback()
        return self.school.session.scalars(
            select(MatchRun).order_by(MatchRun.id.desc()).limit(1).execution_options(populate_existing=True)
        ).one()

    @property
    def url(self) -> str:
        return f"{self.base}/runs/{self.run.public_id}"

    def suggest(self) -> str:
        return words(self.client.post(f"{self.base}/runs", follow_redirects=True))

    def look(self, **query: str) -> str:
        return words(self.client.get(self.url, query_string=query))

    def post(self, path: str, **sent: object) -> tuple[int, str]:
        data = {"seen": token(self.run), **sent}
        answer = self.client.post(f"{self.url}/{path}", data=data, follow_redirects=True)
        return answer.status_code, words(answer)

    def circle(self, name: str) -> MatchCircle:
        return next(each for each in self.run.circles if any(person.name == name for person in each.people))

    def key(self, name: str) -> str:
        return next(key for key, each in self.participants.items() if each == name)

    @property
    def participants(self) -> dict[str, str]:
        return {each.public_id: each.name for each in self.school.session.scalars(select(Participant))}

    def act(self, act: str, name: str, *more: str) -> tuple[int, str]:
        about = ":".join([self.circle(name).public_id, *more])
        return self.post("circles", act=f"{act}:{about}")


@pytest.fixture
def desk(school: School, visit: Visit) -> Desk:
    """Seven learners, of whom Maya, Leo, Zoe and Noor speak German, and three English."""
    of_peers(school, smallest=3, largest=4)
    for person in (school.maya, school.leo, school.zoe):
        person.is_active = False
    for name in ("Ada", "Bo", "Cem", "Dana"):
        peer(school, name, languages=["de"], interests=["Music"])
    for name in ("Eva", "Finn", "Gil"):
        peer(school, name, languages=["en"])
    return Desk(school, visit(school.ines))


def test_circles_are_suggested_with_what_they_share_and_proof(desk: Desk):
    page = desk.suggest()

    assert circles(desk.run) == [{"Ada", "Bo", "Cem", "Dana"}, {"Eva", "Finn", "Gil"}]
    assert "7 of 7 people are in a circle." in page
    assert "Everybody is in a circle; there is nothing more to reach." in page
    assert "That is proved, not tried." in page
    assert "all like Music · all speak German" in page
    assert "Nobody is left over." in page


def test_other_weights_stand_beside_the_draft_of_circles(desk: Desk):
    desk.suggest()
    first = desk.run
    weights = {question.value: "0" for question in Question}

    status, page = desk.post("weights", **{**weights, "interests": "5"})
    aside = desk.run

    assert (status, aside.is_aside, aside.is_of_circles) == (200, True, True)
    assert "Two drafts side by side" in page
    assert "People in a circle 7 7" in page
    assert "Both drafts put the same people together." in page
    beside = f"{desk.base}/runs/{first.public_id}/beside/{aside.public_id}"
    assert "has the weights that you tried" in desk.client.post(beside, follow_redirects=True).text
    assert (desk.run.is_aside, desk.run.weights["interests"], desk.run.weights["skills"]) == (False, 5, 0)


def test_weights_for_which_nothing_was_found_are_told(desk: Desk):
    desk.suggest()
    first = desk.run
    desk.post("weights", **{question.value: "1" for question in Question})
    aside = desk.run
    aside.state, aside.outcome = RunState.FAILED, {}
    desk.school.session.commit()

    page = desk.client.get(f"{desk.base}/runs/{first.public_id}/beside/{aside.public_id}", follow_redirects=True)

    assert "No arrangement was found, and nothing was changed." in words(page)


def test_a_draft_of_circles_has_no_pages_of_pairs(desk: Desk):
    desk.school.offers(Offering(desk.school.ines, 2))
    desk.suggest()
    ada, ines = desk.key("Ada"), desk.key("Ines Torres")
    person = f"{desk.url}/people/{ada}"

    pages = [desk.client.get(f"{person}{page}") for page in (f"?kind=mentor&with={ines}", "/help", "/inquiries")]
    asked = desk.client.post(f"{person}/inquiries", data={"inquiry": f"with:{ines}:mentor"})
    paired, page = desk.post(f"people/{ada}", act=f"pair:{ines}:mentor")

    assert [each.status_code for each in (*pages, asked)] == [404] * 4
    assert (paired, desk.run.matches) == (409, [])
    assert "This is no draft any more, so nothing was changed." in page


def test_a_published_draft_gives_everybody_a_circle_with_a_page(desk: Desk, visit: Visit):
    desk.suggest()

    status, page = desk.post("publish")

    assert (status, desk.run.state) == (200, RunState.PUBLISHED)
    assert "Published: 2 circles." in page
    assert "7 of 7 are in a circle." in page
    session = desk.school.session
    made = session.scalars(select(Mentorship).order_by(Mentorship.id)).all()
    assert {frozenset(person.name for person in each.people) for each in made} == {
        frozenset({"Ada", "Bo", "Cem", "Dana"}),
        frozenset({"Eva", "Finn", "Gil"}),
    }
    assert [(each.state, each.origin, each.run_id, each.is_circle) for each in made] == [
        (MentorshipState.ACCEPTED, Origin.RUN, desk.run.id, True)
    ] * 2
    assert {member.part for each in made for member in each.members} == {Part.PEER}
    assert {place.mentor_id for place in session.scalars(select(Place))} == {None}
    eva = next(each for each in made if "Eva" in {person.name for person in each.people})
    client = visit(next(person.enrolment for person in eva.people if person.name == "Eva"))
    course = desk.school.course.public_id
    home = words(client.get(f"/courses/{course}/"))
    assert "Your circle" in home
    assert "Finn" in home
    own = words(client.get(f"/courses/{course}/mentoring/mentorships/{eva.public_id}"))
    assert "You, Finn, and Gil" in own
    assert "As soon as you have met for the first time, one of you says so here." in own
    other = next(each for each in made if each is not eva)
    assert client.get(f"/courses/{course}/mentoring/mentorships/{other.public_id}").status_code == 404


def test_a_draft_is_seen_by_instructors_of_the_course_only(desk: Desk, visit: Visit):
    desk.suggest()
    other: Course = desk.school.cast.course("Another")
    stranger = visit(desk.school.cast.enrol(other, "Ana Silva", Role.INSTRUCTOR))
    learner = visit(desk.school.join("Tom Reed"))
    elsewhere = f"/courses/{other.public_id}/mentoring/pairing/runs/{desk.run.public_id}"

    for path in ("/circles", "/circles/move", "/circles/new", "/publish"):
        sent = {"seen": token(desk.run), "act": f"apart:{desk.circle('Ada').public_id}"}
        assert learner.post(f"{desk.url}{path}", data=sent).status_code == 403
        assert stranger.post(f"{elsewhere}{path}", data=sent).status_code == 404
    assert learner.get(desk.url).status_code == 403
    assert stranger.get(elsewhere).status_code == 404
    assert len(desk.run.circles) == 2


def test_a_circle_is_locked_unlocked_and_taken_apart(desk: Desk):
    desk.suggest()

    assert "stay together when circles are suggested again" in desk.act("lock", "Eva")[1]
    assert desk.circle("Eva").is_locked
    assert "may be parted" in desk.act("unlock", "Eva")[1]
    assert not desk.circle("Eva").is_locked
    page = desk.act("apart", "Eva")[1]

    assert circles(desk.run) == [{"Ada", "Bo", "Cem", "Dana"}]
    assert "4 of 7 people are in a circle." in page
    assert "May meet 2 others who are left over." in page


def test_somebody_is_taken_out_and_put_elsewhere(desk: Desk):
    desk.suggest()

    page = desk.act("out", "Ada", desk.key("Ada"))[1]
    assert "Ada is not in a circle of this draft any more." in page
    status, page = desk.post("circles/move", person=desk.key("Ada"), circle=desk.circle("Eva").public_id)

    assert status == 200
    assert "Ada is in a circle with Eva, Finn, and Gil now, and it is locked." in page
    assert circles(desk.run) == [{"Ada", "Eva", "Finn", "Gil"}, {"Bo", "Cem", "Dana"}]
    assert (desk.circle("Ada").is_locked, desk.circle("Ada").by_hand) == (True, True)
    assert "Ada and Eva have no language in common. Take one of the two out." in page
    assert "One circle breaks a rule" in page


def test_moving_leaves_the_circle_that_was_and_one_of_one_is_none(desk: Desk):
    desk.suggest()
    for name in ("Finn", "Gil"):
        desk.post("circles/move", person=desk.key(name), circle=desk.circle("Ada").public_id)

    assert circles(desk.run) == [{"Ada", "Bo", "Cem", "Dana", "Finn", "Gil"}]
    page = desk.look()
    assert "6 people are in it, and a circle has 4 at most. Take somebody out." in page


def test_those_who_are_left_over_are_made_a_circle(desk: Desk):
    desk.suggest()
    desk.act("apart", "Eva")

    status, page = desk.post("circles/new", people=[desk.key("Eva"), desk.key("Gil")])

    assert status == 200
    assert {"Eva", "Gil"} in circles(desk.run)
    assert "Only 2 people are in it, and a circle has 3 or more. Put somebody in, or take it apart." in page


@pytest.mark.parametrize(
    ("path", "sent", "sentence"),
    [
        ("circles/new", {"people": []}, "Tick two people or more to make a circle of them."),
        ("circles/move", {}, "Choose who is to be moved, and into which circle."),
        ("circles/move", {"person": "made-up", "circle": "made-up"}, "Somebody has changed this draft"),
        ("circles/new", {"people": ["made-up", "too"]}, "takes no part any more, or has a circle already"),
        ("circles", {"act": "out:made-up:too"}, "Somebody has changed this draft"),
        ("take-out", {}, "This is no draft any more"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_done(desk: Desk, path: str, sent: dict[str, object], sentence: str):
    desk.suggest()
    before = circles(desk.run)

    status, page = desk.post(path, **sent)

    assert (status, sentence in page, circles(desk.run)) == (409, True, before)


def test_what_somebody_else_has_changed_meanwhile_is_said(desk: Desk):
    desk.suggest()
    seen = token(desk.run)
    desk.act("lock", "Eva")

    status, page = desk.post("circles", act=f"apart:{desk.circle('Ada').public_id}", seen=seen)

    assert (status, "Somebody has changed this draft since you opened it" in page) == (409, True)
    assert len(desk.run.circles) == 2


def test_a_draft_that_breaks_a_rule_is_not_published_and_says_who_and_what_to_do(desk: Desk):
    desk.suggest()
    session = desk.school.session
    ada, bo = (next(each for each in desk.circle("Ada").people if each.name == name) for name in ("Ada", "Bo"))
    session.add(
        Exclusion(
            one=min(ada.enrolment, bo.enrolment, key=lambda each: each.id),
            other=max(ada.enrolment, bo.enrolment, key=lambda each: each.id),
            source=ExclusionSource.COORDINATOR,
            said_by=desk.school.ines,
            created=THEN,
        )
    )
    session.commit()
    next(each for each in desk.circle("Eva").people if each.name == "Gil").enrolment.is_active = False
    session.commit()

    status, page = desk.post("publish")

    assert (status, desk.run.state) == (422, RunState.DRAFT)
    assert "Ada, Bo, Cem, and Dana: Ada and Bo are not to be in one circle: one of them, or an instructor" in page
    assert "Eva, Finn, and Gil: Gil cannot be in a circle now: they have left the course" in page
    assert session.scalars(select(Mentorship)).all() == []


def test_a_draft_is_published_once(desk: Desk):
    desk.suggest()
    seen = token(desk.run)
    desk.post("publish")

    status, page = desk.post("publish", seen=seen)

    assert (status, "Ines Torres has published this draft already" in page) == (409, True)
    assert len(desk.school.session.scalars(select(Mentorship)).all()) == 2
    assert "Published" in desk.look()


def test_circles_are_found_by_name_and_by_what_is_wrong_with_them(desk: Desk):
    desk.suggest()
    desk.act("lock", "Eva")

    assert "Ada, Bo, Cem, and Dana 4 people" in desk.look(q="bo")
    assert "Eva, Finn, and Gil 3 people" not in desk.look(q="bo").replace("Locked ", "")
    assert "Ada, Bo, Cem, and Dana 4 people" not in desk.look(show="locked")
    assert "No circle answers to this." in desk.look(show="warned")


def test_newcomers_get_circles_of_their_own_and_what_stands_is_left_alone(desk: Desk):
    desk.suggest()
    desk.post("publish")
    for name in ("Hal", "Ina", "Jo"):
        desk.school.join(name)

    page = desk.suggest()

    assert circles(desk.run) == [{"Hal", "Ina", "Jo"}]
    assert "3 of 3 people are in a circle." in page


def test_too_few_newcomers_are_told_what_to_do(desk: Desk):
    desk.suggest()
    desk.post("publish")
    desk.school.join("Hal")

    assert "Too few people are without a circle to make another one." in desk.suggest()


def test_other_weights_are_tried_beside_the_draft(desk: Desk):
    desk.suggest()
    weights = {question.value: "0" for question in Question} | {"interests": "50"}

    page = desk.post("weights", **weights)[1]

    assert "Two drafts side by side" in page
    assert "People in a circle 7 7" in page


def test_pages_about_pairs_are_not_there_for_a_draft_of_circles(desk: Desk):
    desk.suggest()
    person = f"{desk.url}/people/{desk.key('Ada')}"

    assert [desk.client.get(each).status_code for each in (person, f"{person}/help")] == [404, 404]
    assert desk.post(f"people/{desk.key('Ada')}", act="pair:x:y")[0] == 409
    assert desk.run.matches == []


def test_nobody_is_assigned_a_mentor_among_peers(desk: Desk):
    sent = {f"{desk.school.leo.public_id}-mentor": desk.school.maya.public_id}

    page = words(desk.client.post(desk.base, data=sent, follow_redirects=True))

    assert "This is a program of peers, in which nobody is a mentor." in page
    assert desk.school.session.scalars(select(Mentorship)).all() == []


def test_a_large_draft_asks_the_database_as_often_as_a_small_one(desk: Desk, counting: Counting):
    desk.suggest()
    with counting() as few:
        desk.look()
    class_of_peers(desk.school, 12, languages=["de"])
    desk.suggest()

    with counting() as many:
        desk.look()

    assert len(many) == len(few)


def test_a_draft_of_circles_is_not_published_when_the_program_is_not_of_peers_any_more(desk: Desk):
    desk.suggest()
    designed(desk.school, mentoring_type=MentoringType.ONE_ON_ONE)

    status, page = desk.post("publish")

    assert (status, "The program has changed since" in page) == (409, True)
    assert desk.school.session.scalars(select(Mentorship)).all() == []


def test_pairs_from_before_the_program_was_of_peers_stay_and_whoever_mentors_comes_into_a_circle(
    school: School, visit: Visit
):
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    for name in ("Noor Saleh", "Tom Reed"):
        school.join(name)
    saved = versions.save(
        school.session,
        school.course,
        lambda before: replace(
            before,
            mentoring_type=MentoringType.PEER,
            kinds=(KindPlan(label="Study partner", key="peer"),),
            smallest_group=3,
            largest_group=4,
        ),
        seen=versions.stamp(newest(school.session, school.course)),
        by=school.ines,
        at=THEN,
    )
    assert saved.version is not None
    school.session.commit()
    desk = Desk(school, visit(school.ines))

    page = desk.suggest()
    status, published = desk.post("publish")

    assert circles(desk.run) == [{"Maya Okafor", "Zoe Lind", "Noor Saleh", "Tom Reed"}]
    assert "Leo Baum" not in page
    assert (status, desk.run.state) == (200, RunState.PUBLISHED)
    assert "Published: one circle." in published


def test_who_cannot_be_in_a_circle_yet_is_told_with_the_reason(desk: Desk):
    desk.suggest()
    designed(desk.school, needs_consent=True)
    ada = desk.circle("Ada").people[0]
    ada.consented = THEN
    desk.school.session.commit()

    desk.post("circles", act=f"apart:{desk.circle('Eva').public_id}")
    page = desk.look()

    assert "6 people cannot be matched yet 6 have not agreed to take part yet." in page
    assert page.count("Cannot be matched yet: they have not agreed to take part.") == 3
    assert "Of the others" not in page


def test_where_peers_meet_pages_do_not_speak_of_mentors_as_if_there_were_some(desk: Desk, visit: Visit):
    course = f"/courses/{desk.school.course.public_id}/mentoring"
    ada = next(each.enrolment for each in desk.school.session.scalars(select(Participant)) if each.name == "Ada")

    mine, mentors = words(visit(ada).get(f"{course}/mine")), words(desk.client.get(f"{course}/mentors"))
    program = words(desk.client.get(f"{course}/program"))
    ready_made = words(desk.client.get(f"{course}/program/templates/peers"))

    assert "I would like to be in a circle" in mine
    assert "I would like a mentor" not in mine
    assert (
        "A program of peers Nobody is a mentor in it: people help one another in circles. Go to the circles" in mentors
    )
    for page in (program, ready_made):
        assert "What a circle does" in page
        assert "Places of a mentor" not in page
        assert "Who must agree to a match" not in page
