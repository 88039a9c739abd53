"""The pages of meetings: booking by hand and by one click, the log, and who sees what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.together.meetings.feeds import meetings_for
from mentoring.together.meetings.models import Meeting, MeetingEntry, MeetingState
from mentoring.together.meetings.showing import before_we_meet
from tests.cast import THEN
from tests.mentoring.closures import CAME, an_active_pair, step_in
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair, booked, many, said
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000


def address_of(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}"


def filled(**said: str) -> dict[str, str]:
    return {"day": "2026-11-24", "clock": "12:00", "minutes": "60", "channel": "any", "place": "", **said}


def test_a_meeting_is_booked_by_ones_own_clock_and_shown_by_the_others(school: School, visit: Visit):
    pair = a_pair(school)
    school.leo.person.time_zone, school.maya.person.time_zone = "Europe/Vienna", "Asia/Kolkata"
    school.session.commit()

    with clock.moved_to(THEN):
        answer = visit(school.leo).post(f"{address_of(pair)}/meetings/new", data=filled(), follow_redirects=True)
        seen = words(visit(school.maya).get(address_of(pair)))

    assert "Booked for Nov 24, 2026, 12:00 PM CET. The others are told." in words(answer)
    assert "Nov 24, 2026, 4:30 PM IST , 60 minutes" in seen


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"day": ""}, "Say on which day."),
        ({"day": "2026-02-30"}, "Say on which day."),
        ({"clock": "25:00"}, "Say a time of the day, such as 21:00."),
        ({"day": "2026-11-22"}, "That time is past. Choose one to come."),
        ({"day": "2027-03-28", "clock": "02:30"}, "clocks go forward"),
        ({"minutes": "0"}, "Minutes: give a whole number from 5 to 480."),
        ({"channel": "pigeon"}, "How do you meet?: choose one of the list."),
        ({"channel": "video", "place": "javascript:alert(1)"}, "Give a link that begins with https://"),
        ({"channel": "any", "place": "JavaScript:alert(1)"}, "Give a link that begins with https://"),
        ({"channel": "in_person", "place": "http://x.example"}, "Give a link that begins with https://"),
        ({"channel": "phone", "place": "ring me"}, "Give a telephone number in digits"),
        ({"place": "y" * 501}, "Keep the place to 500 characters."),
        ({"agenda": LONG}, "What to talk about: keep it to 4,000 characters."),
        ({"weeks": "2"}, "Say how many times in all"),
        ({"times": "3"}, "Say every how many weeks"),
        ({"weeks": "1", "times": "53"}, "How many times in all: give a whole number from 1 to 52."),
    ],
)
def test_what_cannot_be_booked_is_told_and_stays_as_it_was_typed(
    school: School, visit: Visit, said: dict[str, str], sentence: str
):
    pair = a_pair(school)
    school.leo.person.time_zone = "Europe/Vienna"
    school.session.commit()

    with clock.moved_to(THEN):
        answer = visit(school.leo).post(f"{address_of(pair)}/meetings/new", data=filled(**{"agenda": "Kept", **said}))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert said.get("agenda", "Kept") in answer.text
    assert school.session.scalars(select(Meeting)).all() == []


def free(school: School, *people: Participant) -> None:
    for person in people:
        person.hours, person.timezone = list(range(48 + 20, 48 + 26)), "UTC"
    school.session.commit()


def test_a_time_at_which_both_are_free_is_booked_with_one_click(school: School, visit: Visit):
    pair = a_pair(school)
    free(school, pair.mentor, pair.mentee)
    leo, address = visit(school.leo), f"{address_of(pair)}/meetings"
    moment = datetime(2026, 11, 24, 10, tzinfo=UTC).isoformat()

    with clock.moved_to(THEN):
        page = words(leo.get(f"{address}/new"))
        first = leo.post(f"{address}/suggested/book", data={"starts": moment})
        again = leo.post(f"{address}/suggested/book", data={"starts": moment}, follow_redirects=True)
        forged = leo.post(
            f"{address}/suggested/book", data={"starts": "2026-11-24T03:00:00+00:00"}, follow_redirects=True
        )

    assert "Book Nov 24, 2026, 10:00 AM UTC" in page
    assert first.status_code == 302
    assert "That time is not free any more." in words(again)
    assert "That time is not free any more." in words(forged)
    assert [meeting.starts for meeting in school.session.scalars(select(Meeting))] == [
        datetime(2026, 11, 24, 10, tzinfo=UTC)
    ]


def test_what_one_of_them_has_planned_with_somebody_else_is_not_suggested(school: School, visit: Visit):
    school.mentors(maya=2)
    pair, other = school.paired(school.leo, school.maya), school.paired(school.zoe, school.maya)
    free(school, pair.mentor, pair.mentee)
    booked(school, other, other.mentee, clock=datetime(2026, 11, 24, 10, 30).time())

    with clock.moved_to(THEN):
        page = words(visit(school.leo).get(f"{address_of(pair)}/meetings/new?minutes=30"))

    assert "Book Nov 24, 2026, 10:00 AM UTC" in page
    assert "Book Nov 24, 2026, 11:00 AM UTC" not in page
    assert "Zoe" not in page


def test_an_outline_is_the_agenda_of_whoever_writes_none(school: School, visit: Visit):
    pair = a_pair(school)

    with clock.moved_to(THEN):
        visit(school.leo).post(f"{address_of(pair)}/meetings/new", data=filled(outline="first"))
        visit(school.leo).post(
            f"{address_of(pair)}/meetings/new", data=filled(outline="first", agenda="Mine", day="2026-11-25")
        )

    agendas = [meeting.agenda for meeting in school.session.scalars(select(Meeting).order_by(Meeting.starts))]
    assert agendas[0].startswith("- Who are we, and what brought us here?\n")
    assert agendas[1] == "Mine"


def test_a_link_is_one_and_whatever_people_write_is_shown_as_words(school: School, visit: Visit):
    pair = a_pair(school)
    evil = "<script>alert(1)</script> \u05e9\u05dc\u05d5\u05dd \U0001f600"
    [meeting] = booked(school, pair, pair.mentee, place="https://meet.example/room", agenda=evil)
    said(school, meeting, pair.mentor, topics=evil, actions=evil, more={"progress": evil})

    with clock.moved_to(meeting.ends):
        page = visit(school.leo).get(f"{address_of(pair)}/meetings/{meeting.public_id}").text

    assert '<a href="https://meet.example/room" target="_blank" rel="noopener noreferrer">' in page
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; \u05e9\u05dc\u05d5\u05dd \U0001f600") == 4


def test_a_log_is_kept_in_one_small_form_and_shown_to_the_other(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    address = f"{address_of(pair)}/meetings/{meeting.public_id}"
    log = {"has_attended": "yes", "topics": "Budget", "actions": "Read chapter 2", "strengths": "Asks well"}

    with clock.moved_to(meeting.ends):
        visit(school.maya).post(f"{address}/log", data=log)
        seen = words(visit(school.leo).get(address))
        rated = visit(school.maya).post(f"{address}/useful", data={"useful": "not"}, follow_redirects=True)

    assert all(part in seen for part in ("Says that you met", "Budget", "Read chapter 2", "Asks well"))
    assert "Nobody else sees what you said." in words(rated)
    school.session.expire_all()
    assert (meeting.state, pair.state.value) == (MeetingState.HELD, "active")


def test_a_log_that_is_too_long_or_says_not_whether_they_met_loses_nothing(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    address = f"{address_of(pair)}/meetings/{meeting.public_id}"

    with clock.moved_to(meeting.ends):
        answer = visit(school.maya).post(f"{address}/log", data={"topics": LONG, "actions": "Stays"})

    assert answer.status_code == 422
    assert "Say whether you were there" in words(answer)
    assert "What did you talk about?: keep it to 4,000 characters." in words(answer)
    assert (LONG in answer.text, "Stays" in answer.text) == (True, True)
    assert school.session.scalars(select(MeetingEntry)).all() == []


def test_instructors_see_when_they_met_and_nothing_else(school: School, visit: Visit):
    pair = a_pair(school)
    [first, _second] = booked(school, pair, pair.mentee, times=2, place="Secret cafe", agenda="Secret agenda")
    said(school, first, pair.mentor, topics="Secret topic", actions="Secret action")
    ines = visit(school.ines)

    with clock.moved_to(first.ends):
        pages = [ines.get(address_of(pair)), ines.get(f"{address_of(pair)}/meetings")]
        closed = ines.get(f"{address_of(pair)}/meetings/{first.public_id}")

    assert closed.status_code == 404
    for page in pages:
        assert "Nov 24, 2026, 12:00 PM UTC" in words(page)
        assert "Held" in words(page)
        assert "Secret" not in page.text
        assert (
            "Who sees this: the people of this mentorship see places, agendas and logs; you see when they met."
            in words(page)
        )


def test_each_page_says_who_sees_what_stands_there(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    meetings = f"{address_of(pair)}/meetings"
    leo, calendar = visit(school.leo), f"/courses/{school.course.public_id}/mentoring/calendar"

    with clock.moved_to(THEN):
        pages = [leo.get(page) for page in (meetings, f"{meetings}/new", f"{meetings}/{meeting.public_id}", calendar)]

    said = [words(page).partition("Who sees this: ")[2] for page in pages]
    assert [each.startswith("you who meet") for each in said] == [True, True, True, False]
    assert said[3].startswith("whoever has the address: times, places and with whom you meet")


def test_somebody_else_finds_no_meeting(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    zoe = visit(school.zoe)

    addresses = [f"{address_of(pair)}/meetings{rest}" for rest in ("", "/new", f"/{meeting.public_id}")]

    assert [zoe.get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_substitute_reads_nothing_that_was_said_before_they_came(school: School, visit: Visit):
    pair = a_pair(school)
    [first, _second] = booked(school, pair, pair.mentee, times=2)
    said(school, first, pair.mentee, topics="To Maya alone", actions="Told to Maya alone")
    since = first.ends + timedelta(days=1)
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    pair.members[0].until = since
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=since))
    school.session.commit()

    with clock.moved_to(since):
        answer = visit(school.zoe).get(f"{address_of(pair)}/meetings/{first.public_id}")
        page = visit(school.zoe).get(f"{address_of(pair)}/meetings")

    assert answer.status_code == 404
    assert ("To Maya alone" in page.text, "Dec 1, 2026" in page.text) == (False, True)
    assert before_we_meet(school.zoe, school.leo) is None


def test_one_meeting_is_called_off_on_its_page(school: School, visit: Visit):
    circle = a_circle(school)
    first, second = booked(school, circle, circle.people[0], times=2)
    address = f"{address_of(circle)}/meetings/{first.public_id}"

    with clock.moved_to(THEN):
        answer = visit(school.zoe).post(f"{address}/cancel", follow_redirects=True)

    school.session.expire_all()
    assert "The meeting is called off, and the others are told. That happens." in words(answer)
    assert [first.state.value, second.state.value] == ["cancelled", "planned"]


def test_one_meeting_is_moved_on_its_page_and_a_wrong_time_is_told_there(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    address, leo = f"{address_of(pair)}/meetings/{meeting.public_id}", visit(school.leo)

    with clock.moved_to(THEN):
        wrong = leo.post(f"{address}/change", data=filled(day="2026-11-01"))
        right = leo.post(f"{address}/change", data=filled(day="2026-11-30", clock="08:15"))

    school.session.expire_all()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "That time is past." in words(wrong)
    assert meeting.starts == datetime(2026, 11, 30, 8, 15, tzinfo=UTC)


def test_home_pages_say_what_is_next_and_ask_what_became_of_the_last(school: School, visit: Visit):
    pair = a_pair(school)
    first, _second = booked(school, pair, pair.mentee, times=2)

    with clock.moved_to(first.ends):
        page = words(visit(school.leo).get(f"/courses/{school.course.public_id}/"))

    assert "Dec 1, 2026, 12:00 PM UTC , 60 minutes with Maya Okafor" in page
    assert "Next meeting" in page
    assert "Did you meet Maya Okafor on Nov 24, 2026, 12:00 PM UTC?" in page


def test_a_mentor_is_briefed_with_what_the_two_agreed_to_do(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    assert before_we_meet(school.maya, school.leo) is None

    said(school, meeting, pair.mentee, actions="Read chapter 2")

    card = before_we_meet(school.maya, school.leo)
    assert card is not None
    assert [entry.actions for entry in card.context["entries"]] == ["Read chapter 2"]
    assert before_we_meet(school.maya, school.zoe) is None


def test_pages_ask_as_often_for_one_meeting_as_for_two_hundred(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    leo, numbers = visit(school.leo), []
    pages = [address_of(pair), f"{address_of(pair)}/meetings", f"/courses/{school.course.public_id}/"]
    for number in (2, 198):
        many(school, pair, number)
        with clock.moved_to(THEN + timedelta(hours=2)):
            leo.get(pages[0])
            asked = []
            for page in pages:
                with counting() as queries:
                    assert leo.get(page).status_code == 200
                asked.append(len(queries))
        numbers.append(asked)

    assert numbers[0] == numbers[1]


def test_what_somebody_said_is_given_out_and_erased_and_the_others_keep_theirs(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, place="Leo's kitchen", agenda="Leo's agenda")
    said(school, meeting, pair.mentee, topics="Leo's topic")
    said(school, meeting, pair.mentor, topics="Maya's topic")

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["meetings"]
    personal_data.erase(school.session, school.leo.person, at=meeting.ends)
    school.session.commit()
    school.session.expire_all()

    assert [each.get("talked_about", each.get("agenda")) for each in given] == ["Leo's topic", "Leo's agenda"]
    assert (meeting.place, meeting.agenda, [entry.topics for entry in meeting.entries]) == ("", "", ["Maya's topic"])


def test_what_was_planned_with_another_mentor_is_called_off_and_not_for_the_new_one_to_read(
    school: School, visit: Visit
):
    pair = an_active_pair(school)
    school.mentors(zoe=1)
    planned = booked(school, pair, pair.mentor, 30, times=2, place="Mayas kitchen", agenda="Leos father")

    step_in(school, pair, school.zoe)

    school.session.expire_all()
    page = f"{address_of(pair)}/meetings/{planned[0].public_id}"
    with clock.moved_to(CAME):
        pages = [visit(who).get(page).status_code for who in (school.zoe, school.maya, school.leo)]
        seen = [visit(school.zoe).get(address_of(pair) + then).text for then in ("", "/meetings")]
    off = select(PersonalNotice).where(PersonalNotice.subject.contains("called off"))
    told = school.session.scalars(off.order_by(PersonalNotice.id))
    assert [each.state.value for each in planned] == ["cancelled", "cancelled"]
    assert pages == [404, 404, 200]
    assert [("kitchen" in each, "father" in each) for each in seen] == [(False, False), (False, False)]
    assert list(meetings_for(school.session, school.zoe.person, at=CAME)) == []
    assert [(each.enrolment.name, each.subject, list(each.paragraphs)) for each in told] == [
        (
            "Leo Baum",
            "Your meeting on Dec 23, 2026, 12:00 PM UTC is called off",
            [
                "So is one more that was planned.",
                "It was planned with the mentor you had before. Book a time that suits you and your new one.",
            ],
        ),
        (
            "Maya Okafor",
            "Your meeting on Dec 23, 2026, 12:00 PM UTC is called off",
            ["So is one more that was planned.", "Somebody else mentors now, and plans meetings of their own."],
        ),
    ]


def test_a_change_made_meanwhile_is_not_undone_by_a_form_that_was_open(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    address = f"{address_of(pair)}/meetings/{meeting.public_id}"
    with clock.moved_to(THEN):
        seen = re.search(r'name="seen"[^>]*value="(\w+)"', visit(school.leo).get(address).text)
        assert seen is not None
        visit(school.maya).post(f"{address}/change", data=filled(clock="15:00"))

        stale = visit(school.leo).post(f"{address}/change", data=filled(agenda="My own words", seen=seen[1]))
        school.session.expire_all()
        stays = (meeting.starts.hour, meeting.agenda)
        again = re.search(r'name="seen"[^>]*value="(\w+)"', stale.text)
        assert again is not None
        visit(school.leo).post(f"{address}/change", data=filled(agenda="My own words", clock="15:00", seen=again[1]))

    school.session.expire_all()
    assert (stale.status_code, stays) == (409, (15, ""))
    assert "it is on Nov 24, 2026, 3:00 PM UTC now" in words(stale)
    assert "My own words" in stale.text
    assert (meeting.starts.hour, meeting.agenda) == (15, "My own words")
