"""A mentor meets several of their mentees at once: seats, who comes, one list of who was there; circles have it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships import ending, living, substituting
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.participants.models import Participant
from mentoring.together.meetings.models import Meeting, MeetingEntry, Occasion
from tests.cast import THEN
from tests.mentoring.asking import deliver, happened, held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import A_DAY, a_circle, booked, said
from tests.mentoring.reading import words
from tests.mentoring.test_meeting_pages import address_of

Visit = Callable[[Enrolment], FlaskClient]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def group(school: School) -> School:
    """Maya mentors Leo and Zoe."""
    school.mentors(maya=3)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))
    return school


def pair_of(school: School, mentee: Enrolment) -> Mentorship:
    school.session.expire_all()
    rows = school.session.scalars(select(Mentorship).order_by(Mentorship.id)).all()
    return next(each for each in rows if each.mentee.enrolment_id == mentee.id)


def groups(school: School, then: str = "") -> str:
    return f"/courses/{school.course.public_id}/mentoring/group-meetings{then}"


def filled(school: School, *who: Enrolment, **said: str) -> dict[str, Any]:
    usual = {"day": "2026-11-25", "clock": "12:00", "minutes": "60", "seats": "2", "channel": "video"}
    people = [pair_of(school, each).public_id for each in who]
    return {**usual, "place": "https://meet.example/maya", "agenda": "Exams", "who": people, **said}


def gathered(school: School, visit: Visit, *who: Enrolment, **said: str) -> Occasion:
    answer = visit(school.maya).post(groups(school), data=filled(school, *who, **said))
    assert answer.status_code == 302, words(answer)
    school.session.expire_all()
    return school.session.scalars(select(Occasion).order_by(Occasion.id.desc())).all()[0]


def met(school: School) -> list[Meeting]:
    school.session.expire_all()
    return list(school.session.scalars(select(Meeting).order_by(Meeting.id)))


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice).where(PersonalNotice.enrolment_id == who.id).order_by(PersonalNotice.id)
    )
    return [row.subject for row in rows if "meet" in row.subject.lower()]


def entries(school: School) -> dict[str, list[tuple[str, bool, bool]]]:
    """Of each mentee: who, was there, said so themselves."""
    school.session.expire_all()
    return {
        meeting.mentorship.mentee.name: [
            (entry.participant.name, entry.has_attended, entry.said_by_id is None) for entry in meeting.entries
        ]
        for meeting in met(school)
    }


def test_a_mentor_meets_several_at_once_and_each_is_told_and_has_a_meeting_of_their_own(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)

    assert [(each.mentorship.mentee.name, each.starts, each.place) for each in met(group)] == [
        ("Leo Baum", NOON, "https://meet.example/maya"),
        ("Zoe Lind", NOON, "https://meet.example/maya"),
    ]
    assert told(group, group.leo) == ["You meet Maya Okafor on Nov 25, 2026, 12:00 PM UTC"]
    assert told(group, group.maya) == []
    assert happened(group.session).count("MeetingScheduled") == 2
    page = words(visit(group.maya).get(groups(group, f"/{occasion.public_id}")))
    assert "2 of 2 seats taken" in page
    assert "Zoe Lind" in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"seats": "1"}, "More are to come than there are seats."),
        ({"seats": "0"}, "Seats: give a whole number from 1 to 50."),
        ({"who": []}, "Choose who is to come."),
        ({"who": ["pigeon"]}, "not a valid choice"),
        ({"day": "2026-11-20"}, "That time is past."),
        ({"day": "2027-03-28", "clock": "02:30"}, "clocks go forward"),
        ({"place": "javascript:alert(1)"}, "Give a link that begins with https://"),
        ({"agenda": "x" * 100_000}, "What to talk about: keep it to 4,000 characters."),
    ],
)
def test_what_cannot_be_booked_is_said(group: School, visit: Visit, more: dict[str, Any], sentence: str):
    group.maya.person.time_zone = "Europe/Vienna"
    group.session.commit()

    answer = visit(group.maya).post(groups(group), data=filled(group, group.leo, group.zoe) | more)

    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert (group.session.scalars(select(Occasion)).all(), met(group)) == ([], [])


def test_it_collides_with_no_other_meeting_of_the_mentor(group: School, visit: Visit):
    pair = pair_of(group, group.leo)
    booked(group, pair, pair.mentor, 2)

    answer = visit(group.maya).post(groups(group), data=filled(group, group.zoe, clock="12:30"))

    assert "There is something at Nov 25, 2026, 12:00" in words(answer)


def test_a_seat_that_is_left_is_taken_by_another_mentee_and_then_none_is(group: School, visit: Visit):
    amal = group.join("Amal Haddad")
    group.pair((amal, group.maya))
    occasion = gathered(group, visit, group.leo)
    here = groups(group, f"/{occasion.public_id}")

    before = words(visit(group.zoe).get(here))
    zoe = visit(group.zoe).post(f"{here}/come", follow_redirects=True)
    again = visit(group.zoe).post(f"{here}/come", follow_redirects=True)
    late = visit(amal).post(f"{here}/come", follow_redirects=True)

    assert "Take a seat" in before
    assert "meet.example" not in before
    assert "Leo Baum" not in before
    assert "You have a seat." in words(zoe)
    assert "You have a seat already." in words(again)
    assert "All seats are taken." in words(late)
    assert [each.mentorship.mentee.name for each in met(group)] == ["Leo Baum", "Zoe Lind"]


def test_whoever_could_still_come_finds_the_seat_at_their_mentorship(group: School, visit: Visit):
    amal, other = group.join("Amal Haddad"), group.join_mentor("Ada Kern")
    group.pair((amal, other))
    occasion = gathered(group, visit, group.leo)
    there = f"group-meetings/{occasion.public_id}"

    def finds(who: Enrolment) -> bool:
        return there in visit(who).get(address_of(pair_of(group, who))).text

    before = [finds(who) for who in (group.zoe, group.leo, amal)]
    visit(group.zoe).post(groups(group, f"/{occasion.public_id}/come"))

    assert (before, finds(group.zoe)) == ([True, False, False], False)


def test_who_does_not_come_calls_off_their_own_alone(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    first, _second = met(group)
    address = f"{address_of(first.mentorship)}/meetings/{first.public_id}"

    visit(group.leo).post(f"{address}/cancel")

    assert [each.state.value for each in met(group)] == ["cancelled", "planned"]
    assert "1 of 2 seats taken" in words(visit(group.maya).get(groups(group, f"/{occasion.public_id}")))


def test_moving_it_moves_it_for_all_and_says_what_happened(app: Flask, group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    here, maya = groups(group, f"/{occasion.public_id}"), visit(group.maya)
    form = {key: value for key, value in filled(group, day="2026-11-27").items() if key != "who"}

    moved = maya.post(f"{here}/change", data=form, follow_redirects=True)
    same = maya.post(f"{here}/change", data=form | {"seats": "5"}, follow_redirects=True)
    few = maya.post(f"{here}/change", data=form | {"seats": "1"})
    deliver(app, group.session, at=NOON)

    assert "Changed, and the 2 who come are told." in words(moved)
    assert "Time and place are as they were, so nobody is disturbed." in words(same)
    assert (few.status_code, "More come than there would be seats." in words(few)) == (422, True)
    assert [each.starts for each in met(group)] == [NOON + 2 * A_DAY] * 2
    assert told(group, group.zoe)[1:] == ["Your meeting with Maya Okafor has changed"]


def test_calling_it_off_tells_all_and_nothing_is_to_be_done_with_it_any_more(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    here, maya = groups(group, f"/{occasion.public_id}"), visit(group.maya)

    off = maya.post(f"{here}/cancel", follow_redirects=True)
    again = maya.post(f"{here}/cancel", follow_redirects=True)
    come = visit(group.leo).post(f"{here}/come", follow_redirects=True)

    assert "The meeting is called off, and the 2 who were to come are told." in words(off)
    assert "This meeting is not planned any more" in words(again)
    assert "This meeting is not open any more." in words(come)
    assert [each.state.value for each in met(group)] == ["cancelled"] * 2


def test_one_list_says_for_everybody_who_was_there_and_their_own_word_wins(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    here, [leos, zoes] = groups(group, f"/{occasion.public_id}/present"), met(group)
    said(group, zoes, zoes.mentorship.mentee, was_there=False)

    with clock.moved_to(NOON + A_DAY):
        answer = visit(group.maya).post(here, data={"present": [leos.public_id, zoes.public_id]}, follow_redirects=True)
        seen = words(visit(group.leo).get(f"{address_of(leos.mentorship)}/meetings/{leos.public_id}"))
    listed = entries(group)
    said(group, met(group)[0], pair_of(group, group.leo).mentee, was_there=True, topics="Exams")

    assert "Kept. Each of them may still say so themselves" in words(answer)
    assert "As a list says that others ticked; their own word would count." in seen
    assert listed == {
        "Leo Baum": [("Leo Baum", True, False), ("Maya Okafor", True, False)],
        "Zoe Lind": [("Zoe Lind", False, True), ("Maya Okafor", True, False)],
    }
    assert entries(group)["Leo Baum"][0] == ("Leo Baum", True, True)
    assert [each.state.value for each in met(group)] == ["held", "missed"]
    assert happened(group.session).count("MeetingAttended") == 3


def test_whoever_is_not_ticked_was_not_there(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    here, [leos, _zoes] = groups(group, f"/{occasion.public_id}/present"), met(group)

    with clock.moved_to(NOON + A_DAY):
        visit(group.maya).post(here, data={"present": [leos.public_id, "pigeon", "x" * 100_000]})

    assert [each.state.value for each in met(group)] == ["held", "missed"]


def test_before_it_has_begun_there_is_no_list(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)

    answer = visit(group.maya).post(groups(group, f"/{occasion.public_id}/present"), follow_redirects=True)

    assert "This meeting has not begun yet." in words(answer)
    assert group.session.scalars(select(MeetingEntry)).all() == []


def test_who_sees_what(group: School, visit: Visit):
    amal = group.join("Amal Haddad")
    occasion = gathered(group, visit, group.leo)
    here = groups(group, f"/{occasion.public_id}")

    codes = {
        "strangers": visit(amal).get(here).status_code,
        "instructors": visit(group.ines).get(here).status_code,
        "mentees cannot change": visit(group.leo).post(f"{here}/change").status_code,
        "nor cancel": visit(group.leo).post(f"{here}/cancel").status_code,
        "nor list": visit(group.leo).post(f"{here}/present").status_code,
        "who mentors nobody gathers nobody": visit(amal).get(groups(group)).status_code,
        "nor by sending": visit(amal).post(groups(group), data={}).status_code,
    }
    ending.end(group.session, held(group, pair_of(group, group.zoe)), by=group.zoe, at=THEN)
    group.session.commit()
    codes["former mentees"] = visit(group.zoe).get(here).status_code

    assert set(codes.values()) == {404}
    assert visit(group.leo).get(here).status_code == 200


def test_each_has_it_in_their_calendar_and_the_mentor_once(app: Flask, group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)

    def feed_of(who: Enrolment) -> list[Any]:
        page = visit(who).post(f"/courses/{group.course.public_id}/mentoring/calendar").text
        path = "/calendar/" + page.split("/calendar/")[1].split(".ics")[0] + ".ics"
        return list(vobject.readOne(app.test_client().get(path).text).vevent_list)

    [leos], [mayas] = feed_of(group.leo), feed_of(group.maya)
    first, _second = met(group)
    visit(group.leo).post(f"{address_of(first.mentorship)}/meetings/{first.public_id}/cancel")
    [after] = feed_of(group.maya)

    assert (leos.summary.value, leos.dtstart.value) == ("Meeting with Maya Okafor", NOON)
    assert mayas.summary.value == "Meeting with Leo Baum and Zoe Lind"
    assert (after.summary.value, after.status.value) == ("Meeting with Zoe Lind", "CONFIRMED")
    assert after.uid.value == mayas.uid.value == f"{occasion.public_id}@occasions.lti-mentoring"
    assert int(after.sequence.value) > int(mayas.sequence.value)


def test_three_meetings_cost_no_more_queries_than_one(group: School, visit: Visit, counting: Counting):
    maya = visit(group.maya)
    gathered(group, visit, group.leo)

    def cost() -> int:
        maya.get(groups(group))
        with counting() as queries:
            assert maya.get(groups(group)).status_code == 200
        return len(queries)

    one = cost()
    for day in ("2026-11-27", "2026-11-28"):
        gathered(group, visit, group.leo, group.zoe, day=day)

    assert cost() == one


def test_in_a_circle_one_ticks_the_list_for_everybody(school: School, visit: Visit):
    circle = a_circle(school)
    [meeting] = booked(school, circle, circle.people[0], 1)
    address = f"{address_of(circle)}/meetings/{meeting.public_id}"
    maya, leo, zoe = (
        next(each for each in circle.people if each.enrolment_id == person.id)
        for person in (school.maya, school.leo, school.zoe)
    )
    said(school, meeting, zoe, was_there=False)

    with clock.moved_to(meeting.ends):
        page = words(visit(school.maya).get(address))
        answer = visit(school.maya).post(
            f"{address}/present", data={"present": [leo.public_id, zoe.public_id]}, follow_redirects=True
        )

    school.session.expire_all()
    found = {entry.participant_id: (entry.has_attended, entry.said_by_id) for entry in meeting.entries}
    assert "Who was there" in page
    assert "Kept." in words(answer)
    assert found == {zoe.id: (False, None), leo.id: (True, maya.id), maya.id: (True, maya.id)}
    assert meeting.state.value == "held"


def test_a_pair_has_no_list(group: School, visit: Visit):
    pair = pair_of(group, group.leo)
    [meeting] = booked(group, pair, pair.mentor, 1)

    with clock.moved_to(meeting.ends):
        answer = visit(group.maya).post(f"{address_of(pair)}/meetings/{meeting.public_id}/present")

    assert answer.status_code == 404


def test_what_was_ticked_about_somebody_is_erased_with_them(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    [leos, _zoes] = met(group)
    with clock.moved_to(NOON + A_DAY):
        visit(group.maya).post(groups(group, f"/{occasion.public_id}/present"), data={"present": [leos.public_id]})

    personal_data.erase(group.session, group.maya.person, at=THEN + 3 * A_DAY)
    group.session.commit()

    assert group.session.scalars(select(Occasion.place)).all() == [""]
    entries = group.session.scalars(select(MeetingEntry))
    assert sorted(each.participant.name for each in entries) == ["Leo Baum", "Zoe Lind"]


def free_on(school: School, person: Participant, *days: int) -> None:
    """From nine to ten on these days of the week, Monday being 0."""
    person.hours = [slot for day in days for slot in (day * 48 + 18, day * 48 + 19)]
    person.timezone = "UTC"
    school.session.commit()


def test_times_at_which_most_can_are_suggested_and_fill_in_the_form(group: School, visit: Visit):
    nils = group.join("Nils Berg")
    group.pair((nils, group.maya))
    pairs = [pair_of(group, each) for each in (group.leo, group.zoe)]
    free_on(group, pairs[0].mentor, 1, 2)
    free_on(group, pairs[0].mentee, 1, 2)
    free_on(group, pairs[1].mentee, 2)

    page = visit(group.maya).get(groups(group))

    said = words(page)
    assert "Nov 25, 2026, 9:00 AM UTC All who have said when they are free can." in said
    assert "Nov 24, 2026, 9:00 AM UTC Cannot: Zoe Lind" in said
    assert "Nothing is known of when they are usually free: Nils Berg." in said
    filled_in = visit(group.maya).get(groups(group), query_string={"starts": "2026-11-24T09:00:00+00:00"}).text
    assert ('value="2026-11-24"' in filled_in, 'value="09:00"' in filled_in) == (True, True)


@pytest.mark.parametrize("starts", ["soon", "0001-01-01T00:00:00+14:00", "2026-11-24", "😀", "x" * 10_000])
def test_a_suggested_time_that_is_none_fills_in_nothing(group: School, visit: Visit, starts: str):
    assert visit(group.maya).get(groups(group), query_string={"starts": starts}).status_code == 200


def test_whoever_meets_somebody_else_then_is_named_and_it_is_booked_all_the_same(group: School, visit: Visit):
    zoe_meets_another_mentor(group)
    said = filled(group, group.leo, group.zoe, day="2026-11-26", clock="14:00")

    answer = visit(group.maya).post(groups(group), data=said, follow_redirects=True)
    elsewhere = {**said, "day": "2026-11-27"}
    moved = visit(group.maya).post(
        groups(group, f"/{newest(group).public_id}/change"), data=elsewhere, follow_redirects=True
    )

    warning = "At that time there is something else planned for: Zoe Lind. Ask whether it suits."
    assert (warning in words(answer), "Leo Baum. Ask whether" in words(answer)) == (True, False)
    assert "Booked for Nov 26, 2026, 2:00 PM UTC." in words(answer)
    assert "Changed, and the 2 who come are told." in words(moved)
    assert "something else planned" not in words(moved)


def zoe_meets_another_mentor(school: School) -> None:
    """On Thursday at two."""
    ada = school.join_mentor("Ada Able", 1)
    zoe = pair_of(school, school.zoe).mentee
    other = school.paired(school.join("Kim"), ada)
    other.members.append(Membership(participant=zoe, part=Part.MENTEE, since=THEN))
    school.session.commit()
    booked(school, other, other.mentor, days=3, clock=datetime(2026, 11, 26, 14).time())


def newest(school: School) -> Occasion:
    school.session.expire_all()
    return school.session.scalars(select(Occasion).order_by(Occasion.id.desc())).all()[0]


def test_a_circle_without_a_common_time_is_shown_what_suits_most(school: School, visit: Visit):
    circle = a_circle(school)
    people = {each.name: each for each in circle.people}
    free_on(school, people["Leo Baum"], 1, 2)
    free_on(school, people["Maya Okafor"], 2)
    free_on(school, people["Zoe Lind"], 1)
    leo, address = visit(school.leo), f"{address_of(circle)}/meetings"

    page = words(leo.get(f"{address}/new"))
    picked = leo.post(f"{address}/suggested/book", data={"starts": "2026-11-24T09:00:00+00:00"}, follow_redirects=True)

    assert "There is no time for 60 minutes at which all of you are free." in page
    assert "Book Nov 24, 2026, 9:00 AM UTC Cannot: Maya Okafor" in page
    assert "Booked for Nov 24, 2026, 9:00 AM UTC." in words(picked)


def test_whoever_does_not_mentor_somebody_any_more_keeps_no_list_of_them(group: School, visit: Visit):
    occasion = gathered(group, visit, group.leo, group.zoe)
    nina = group.join_mentor("Nina Vogel")
    pair = held(group, pair_of(group, group.leo))
    living.begin(group.session, pair, by=group.leo, at=THEN)
    substituting.substitute(group.session, pair, nina, by=group.ines, at=THEN)
    group.session.commit()

    with clock.moved_to(NOON + A_DAY):
        sent = {"present": [each.public_id for each in met(group)]}
        visit(group.maya).post(groups(group, f"/{occasion.public_id}/present"), data=sent)

    group.session.expire_all()
    assert {meeting.mentorship.mentee.name: meeting.state.value for meeting in occasion.meetings} == {
        "Leo Baum": "cancelled",
        "Zoe Lind": "held",
    }
    assert {name: len(said) for name, said in entries(group).items()} == {"Leo Baum": 0, "Zoe Lind": 2}
