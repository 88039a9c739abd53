"""Concerns: raised with one instructor outside, answered, handed over; nobody else ever learns that there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lti_tool import clock, outbox, personal_data
from lti_tool.arrivals.sessions import Visit as Visited
from lti_tool.events import PersonLeftCourse
from lti_tool.models import Enrolment, Role
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from mentoring.mentorships import living, substituting
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.participants.offering import Offering
from mentoring.together.concerns.models import Concern, ConcernMessage, ConcernState
from tests.cast import THEN, Cast
from tests.mentoring.asking import held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000
SECRET = "Geheime Worte"


def course_of(school: School) -> str:
    return f"/courses/{school.course.public_id}"


def concerns(school: School) -> str:
    return f"{course_of(school)}/mentoring/concerns"


def raised(school: School, visit: Visit, by: Enrolment, about: str = "program", **said: str) -> TestResponse:
    usual = {"topic": "no_answer", "words": SECRET, "owner": school.ines.public_id}
    with clock.moved_to(THEN):
        return visit(by).post(f"{concerns(school)}/new?about={about}", data={**usual, **said})


def the_concern(school: School) -> Concern:
    school.session.expire_all()
    return school.session.scalars(select(Concern)).one()


def page_of(school: School, concern: Concern) -> str:
    return f"{concerns(school)}/{concern.public_id}"


def post(school: School, visit: Visit, by: Enrolment, act: str, **said: str) -> TestResponse:
    address = f"{page_of(school, the_concern(school))}/{act}"
    with clock.moved_to(THEN):
        return visit(by).post(address, data=said, follow_redirects=True)


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice)
        .where(PersonalNotice.enrolment_id == who.id, PersonalNotice.key.startswith("concern:"))
        .order_by(PersonalNotice.id)
    )
    return [row.subject for row in rows]


def about(pair: Mentorship, who: Enrolment | None = None) -> str:
    return pair.public_id + (f".{who.public_id}" if who else "")


def test_the_one_instructor_outside_is_named_and_reads_what_was_raised(school: School, visit: Visit):
    pair = a_pair(school)
    page = words(visit(school.leo).get(f"{concerns(school)}/new?about={about(pair, school.maya)}"))

    answer = raised(school, visit, school.leo, about(pair, school.maya), hoped="Another mentor")
    read = words(visit(school.ines).get(page_of(school, the_concern(school))))

    assert "Ines Torres reads it: the one instructor of this course who is not part of it." in page
    assert "This is not an emergency line." in page
    assert "whoever it is about is not told" in page
    assert answer.status_code == 302
    for said in (SECRET, "Another mentor", "It is about Maya Okafor", "Raised by Leo Baum", "I get no answer"):
        assert said in read
    assert (told(school, school.ines), told(school, school.maya)) == (["A concern waits for you"], [])


def test_where_every_instructor_is_part_of_it_the_page_says_whom_to_turn_to(school: School, visit: Visit):
    school.mentors(ines=1)
    pair = school.paired(school.leo, school.ines)

    page = words(visit(school.leo).get(f"{concerns(school)}/new?about={about(pair)}"))
    forged = raised(school, visit, school.leo, about(pair))

    assert "No instructor of this course stands outside of this" in page
    assert "Turn to somebody you trust" in page
    assert (forged.status_code, school.session.scalars(select(Concern)).all()) == (422, [])


def test_of_several_instructors_one_is_chosen_and_none_about_themselves(school: School, visit: Visit):
    ivo = school.join("Ivo Instructor", Role.INSTRUCTOR)
    pair = a_pair(school)

    page = visit(school.leo).get(f"{concerns(school)}/new?about={about(pair)}")
    unchosen = raised(school, visit, school.leo, about(pair), owner="")
    chosen = raised(school, visit, school.leo, about(pair), owner=ivo.public_id)

    assert (ivo.public_id in page.text, school.ines.public_id in page.text) == (True, True)
    assert (unchosen.status_code, chosen.status_code) == (422, 302)
    assert "Choose who is to read it." in words(unchosen)
    assert the_concern(school).owner_id == ivo.id


def test_to_everybody_else_it_is_not_there_and_nothing_tells_of_it(school: School, visit: Visit):
    ivo, tariq = school.join("Ivo Instructor", Role.INSTRUCTOR), school.join("Tariq Aziz", Role.ASSISTANT)
    olga = school.join("Olga Obs", Role.OBSERVER)
    pair = a_pair(school)
    raised(school, visit, school.leo, about(pair, school.maya))
    concern = the_concern(school)
    address = page_of(school, concern)

    seen = {each.name: visit(each).get(address).status_code for each in (school.leo, school.ines)}
    others = [visit(each).get(address).status_code for each in (school.maya, school.zoe, ivo, tariq, olga)]
    changed = [
        visit(each).post(f"{address}/{act}", data={"words": "x", "to": ivo.public_id}).status_code
        for each in (school.maya, ivo)
        for act in ("say", "look", "close", "hand-over")
    ]
    mayas = [visit(school.maya).get(f"{course_of(school)}/{page}") for page in ("", "mentoring/concerns")]

    assert (seen, others) == ({"Leo Baum": 200, "Ines Torres": 200}, [404, 404, 404, 404, 403])
    assert set(changed) == {404}
    assert [panel(visit(each).get(f"{course_of(school)}/"), "concerns") for each in (school.maya, ivo)] == [None, None]
    for page in mayas:
        assert SECRET not in page.text
        assert concern.public_id not in page.text
    bodies = school.session.scalars(select(Happening.body)).all()
    assert [body for body in bodies if SECRET in body or concern.public_id in body] == []


def test_the_two_write_to_and_fro_and_it_goes_through_its_states(school: School, visit: Visit):
    a_pair(school)
    raised(school, visit, school.leo)

    looked = post(school, visit, school.ines, "look")
    states = [the_concern(school).state]
    post(school, visit, school.ines, "say", words="I talk to them")
    states.append(the_concern(school).state)
    post(school, visit, school.leo, "say", words="Please soon")
    states.append(the_concern(school).state)
    post(school, visit, school.ines, "close")
    refused = post(school, visit, school.ines, "say", words="One more thing")
    states.append(the_concern(school).state)
    again = post(school, visit, school.leo, "say", words="Not settled")
    states.append(the_concern(school).state)

    assert "Whoever raised it is told that you are looking at it." in words(looked)
    assert states == [
        ConcernState.LOOKED_AT, ConcernState.ANSWERED, ConcernState.LOOKED_AT, ConcernState.CLOSED,
        ConcernState.LOOKED_AT,
    ]  # fmt: skip
    assert "This concern is closed." in words(refused)
    assert all(said in words(again) for said in ("I talk to them", "Please soon", "Not settled"))
    assert told(school, school.leo) == [
        "Your concern is being looked at",
        "Your concern has been answered",
        "A concern is closed",
    ]
    assert told(school, school.ines) == [
        "A concern waits for you",
        "There is more to read in a concern",
        "There is more to read in a concern",
    ]


def test_it_is_handed_over_and_the_next_one_reads_all_of_it_and_the_one_before_no_longer(school: School, visit: Visit):
    ivo = school.join("Ivo Instructor", Role.INSTRUCTOR)
    pair = a_pair(school)
    raised(school, visit, school.leo, about(pair))
    post(school, visit, school.ines, "say", words="First answer")

    post(school, visit, school.ines, "hand-over", to=ivo.public_id)
    address = page_of(school, the_concern(school))

    assert [visit(each).get(address).status_code for each in (school.leo, ivo, school.ines)] == [200, 200, 404]
    assert all(said in words(visit(ivo).get(address)) for said in (SECRET, "First answer"))
    assert told(school, ivo) == ["A concern waits for you"]
    assert told(school, school.leo)[-1] == "Somebody else looks after your concern"
    assert "Ivo Instructor has looked after it since" in words(visit(school.leo).get(address))


def test_it_is_handed_to_nobody_who_is_part_of_it(school: School, visit: Visit):
    ivo = school.join_mentor("Ivo Instructor")
    ivo.role = Role.INSTRUCTOR
    school.session.commit()
    pair = school.paired(school.leo, ivo)
    raised(school, visit, school.leo, about(pair))

    for to in (ivo.public_id, school.leo.public_id, school.zoe.public_id, "nobody", ""):
        assert post(school, visit, school.ines, "hand-over", to=to).status_code == 422
    assert the_concern(school).owner_id == school.ines.id


def test_whoever_steps_into_the_mentorship_reads_it_no_longer_and_another_is_turned_to(school: School, visit: Visit):
    ivo = school.join("Ivo Instructor", Role.INSTRUCTOR)
    pair = a_pair(school)
    raised(school, visit, school.leo, about(pair))
    join(school.session, school.cohort, [school.ines], at=THEN)
    part = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.ines.id)).one()
    pair.members.append(Membership(participant=part, part=Part.SUBSTITUTE, since=THEN))
    school.session.commit()
    address = page_of(school, the_concern(school))

    shut, page = visit(school.ines).get(address), words(visit(school.leo).get(address))
    post(school, visit, school.leo, "hand-over", to=ivo.public_id)

    assert shut.status_code == 404
    assert "Ines Torres cannot look after it any more. Choose another instructor below." in page
    assert visit(ivo).get(address).status_code == 200


def test_somebody_who_came_after_me_is_not_named_to_me(school: School, visit: Visit):
    pair = a_pair(school)
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    later = THEN.replace(day=25)
    pair.members[0].until = later
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=later))
    school.session.commit()

    mayas, leos = [visit(each).get(f"{concerns(school)}/new") for each in (school.maya, school.leo)]

    assert ("Zoe" in mayas.text, "Leo" in mayas.text) == (False, True)
    assert ("Zoe" in leos.text, "Maya" in leos.text) == (True, True)


def test_home_pages_name_those_that_wait_for_their_owner_and_the_answer_to_whoever_raised_it(
    school: School, visit: Visit
):
    a_pair(school)
    raised(school, visit, school.leo)
    home = f"{course_of(school)}/"

    iness = visit(school.ines).get(home)
    leos = visit(school.leo).get(home)
    post(school, visit, school.ines, "say", words="Done")
    answered = visit(school.leo).get(home)

    assert "Somebody has raised a concern with you, and waits for an answer." in words(iness)
    assert "raised by Leo Baum" in (panel(iness, "concerns") or "")
    assert "with Ines Torres since" in (panel(leos, "concerns") or "")
    assert SECRET not in iness.text + leos.text
    assert "Answered" in (panel(answered, "concerns") or "")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"topic": ""}, "Choose what it is; something else is a choice, too."),
        ({"topic": "weather"}, "Choose one of the list."),
        ({"words": "  "}, "Write in a few words what happened."),
        ({"words": LONG}, "That is too long. Keep it to 4,000 characters."),
        ({"hoped": LONG}, "What you would like to happen: keep it to 4,000 characters."),
        ({"owner": "nobody"}, "Choose one of these instructors."),
    ],
)
def test_what_cannot_be_raised_is_told_and_stays_as_it_was_typed(
    school: School, visit: Visit, said: dict[str, str], sentence: str
):
    school.join("Ivo Instructor", Role.INSTRUCTOR)

    answer = raised(school, visit, school.leo, **{"hoped": "Kept \U0001f600 \u05e9\u05dc\u05d5\u05dd", **said})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert said.get("hoped", "Kept \U0001f600 \u05e9\u05dc\u05d5\u05dd") in answer.text
    assert school.session.scalars(select(Concern)).all() == []


def test_odd_requests_change_nothing(school: School, visit: Visit):
    pair = a_pair(school)
    theirs = about(pair)

    answers = [
        raised(school, visit, school.zoe, theirs),
        raised(school, visit, school.leo, "nothing"),
        raised(school, visit, school.leo, about(pair, school.zoe)),
        raised(school, visit, school.leo, words="nul \x00 inside"),
        visit(school.leo).get(f"{concerns(school)}/nothing"),
        visit(school.leo).post(f"{concerns(school)}/new"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 400, 404, 422]
    assert school.session.scalars(select(Concern)).all() == []


def test_what_people_write_is_shown_as_words(school: School, visit: Visit):
    evil = "<script>alert(1)</script>"
    raised(school, visit, school.leo, words=evil, hoped=evil)
    post(school, visit, school.ines, "say", words=evil)

    page = visit(school.leo).get(page_of(school, the_concern(school))).text

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3


def test_a_preview_student_raises_nothing(school: School, visit: Visit):
    preview = school.join("Preview", is_test=True)

    assert raised(school, visit, preview).status_code == 302
    assert school.session.scalars(select(Concern)).all() == []


def test_lists_ask_as_often_for_one_concern_as_for_three(school: School, visit: Visit, counting: Counting):
    a_circle(school)
    numbers = []
    for raising in ([school.leo], [school.maya, school.zoe]):
        for each in raising:
            raised(school, visit, each)
        asked = []
        for who, page in (
            (school.ines, concerns(school)), (school.ines, f"{course_of(school)}/"), (school.leo, concerns(school)),
        ):  # fmt: skip
            client = visit(who)
            client.get(page)
            with counting() as queries:
                assert client.get(page).status_code == 200
            asked.append(len(queries))
        numbers.append(asked)

    assert numbers[0] == numbers[1]


def test_the_section_of_a_mentorship_is_for_its_people_and_costs_nothing(school: School, visit: Visit):
    pair = a_pair(school)
    address = f"{course_of(school)}/mentoring/mentorships/{pair.public_id}"

    leos, iness = words(visit(school.leo).get(address)), words(visit(school.ines).get(address))

    assert ("Raise a concern" in leos, "Block Maya Okafor" in leos) == (True, True)
    assert ("Raise a concern" in iness, "Block" in iness) == (False, False)


def test_what_both_wrote_is_given_out_to_each_and_erased_with_each(school: School, visit: Visit):
    pair = a_pair(school)
    raised(school, visit, school.leo, about(pair, school.maya), hoped="Peace")
    post(school, visit, school.ines, "say", words="Ines's words")
    post(school, visit, school.leo, "say", words="Leo's words")
    session = school.session

    def given(who: Enrolment) -> Any:
        found: Any = personal_data.export(session, who.person)["mentoring"]["concerns"]
        return [each["words"] for each in found]

    out = [given(each) for each in (school.leo, school.ines, school.maya)]
    personal_data.erase(session, school.leo.person, at=THEN)
    session.commit()
    concern = the_concern(school)
    left = session.scalars(select(ConcernMessage.words)).all()

    assert out == [[SECRET, "Leo's words"], ["Ines's words"], []]
    assert (concern.words, concern.hoped, concern.state) == ("", "", ConcernState.CLOSED)
    assert left == ["Ines's words"]
    assert "What stood here was erased." in words(visit(school.ines).get(page_of(school, concern)))


def test_whoever_acts_in_somebody_s_name_learns_of_no_concern(app: Flask, school: School, visit: Visit, cast: Cast):
    a_pair(school)
    raised(school, visit, school.leo)
    concern, block = the_concern(school), f"{course_of(school)}/mentoring/block/{school.maya.public_id}"
    acting = [cast.visit(app.test_client(), who) for who in (school.leo, school.ines)]
    school.session.execute(update(Visited).values(acted_by="admin"))
    school.session.commit()

    closed = [page_of(school, concern), concerns(school), f"{concerns(school)}/new", block]
    answers = [client.get(address) for client in acting for address in closed[:3]] + [acting[0].get(block)]
    homes = [client.get(f"{course_of(school)}/") for client in acting]

    assert [answer.status_code for answer in answers] == [403] * 7
    assert "stays between them and one other person" in words(answers[0])
    assert [(home.status_code, page_of(school, concern) in home.text) for home in homes] == [(200, False)] * 2


def test_a_concern_and_an_answer_that_are_sent_twice_are_one_each(school: School, visit: Visit):
    a_pair(school)

    answers = [raised(school, visit, school.leo) for _ in range(2)]
    for _ in range(2):
        post(school, visit, school.ines, "say", words="Let us talk")

    concern = the_concern(school)
    assert answers[0].location == answers[1].location
    assert [message.words for message in concern.messages] == ["Let us talk"]
    assert told(school, school.ines).count("A concern waits for you") == 1


ORPHANED = "Nobody looks after your concern at present"


def left_course(school: School, who: Enrolment) -> None:
    """As a reading of the roster finds it."""
    who.is_active, who.left = False, THEN
    event = PersonLeftCourse(at=THEN, who=who.who, where=school.course.where, role=who.role.value)
    outbox.announce(school.session, event)
    school.session.commit()


def stepped_in(school: School, who: Enrolment) -> None:
    """They mentor in the mentorship it is about."""
    pair = the_concern(school).mentorship
    assert pair is not None
    school.offers(Offering(who, 1))
    living.begin(school.session, held(school, pair), by=school.leo, at=THEN)
    substituting.substitute(school.session, pair, who, by=school.ines, at=THEN)
    school.session.commit()


def erased(school: School, who: Enrolment) -> None:
    personal_data.erase(school.session, who.person, at=THEN)
    school.session.commit()


@pytest.mark.parametrize("goes", [left_course, stepped_in, erased])
def test_who_raised_it_is_told_when_whoever_looks_after_it_cannot_any_more(school: School, visit: Visit, goes: Any):
    tariq = school.join("Tariq Haddad", Role.INSTRUCTOR)
    pair = a_pair(school)
    raised(school, visit, school.leo, about(pair, school.maya), owner=tariq.public_id)
    before = told(school, school.leo)

    goes(school, tariq)

    page = words(visit(school.leo).get(page_of(school, the_concern(school))))
    assert (before, told(school, school.leo)) == ([], [ORPHANED])
    assert "cannot look after it any more. Choose another instructor below." in page


def test_of_a_closed_concern_and_of_one_with_somebody_else_nobody_is_told(school: School, visit: Visit):
    tariq = school.join("Tariq Haddad", Role.INSTRUCTOR)
    a_pair(school)
    raised(school, visit, school.leo, owner=tariq.public_id)
    post(school, visit, school.leo, "close")
    raised(school, visit, school.leo, words="Another one")

    left_course(school, tariq)

    assert ORPHANED not in told(school, school.leo)
