"""Flash mentors offer single times: booked under lock, held once, and the mentorship is complete by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Exclusion, ExclusionSource
from mentoring.personal import giving
from mentoring.programs.choices import MentoringType
from mentoring.together.meetings.models import Meeting, MeetingState, Occasion
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, designed, happened
from tests.mentoring.at_once import at_once
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def flash(school: School) -> School:
    """A program of single meetings, in which Maya has two places."""
    school.mentors(maya=2)
    designed(school, mentoring_type=MentoringType.FLASH, must_agree="mentor", takes_requests=True)
    return school


def slots(school: School, then: str = "") -> str:
    return f"/courses/{school.course.public_id}/mentoring/slots{then}"


def filled(**said: str) -> dict[str, str]:
    usual = {"day": "2026-11-25", "clock": "12:00", "minutes": "30", "seats": "1", "channel": "video"}
    return {**usual, "place": "https://meet.example/maya", **said}


def offered(school: School, visit: Visit, **said: str) -> Occasion:
    answer = visit(school.maya).post(slots(school), data=filled(**said))
    assert answer.status_code == 302, words(answer)
    return newest(school)


def newest(school: School) -> Occasion:
    school.session.expire_all()
    return school.session.scalars(select(Occasion).order_by(Occasion.id.desc())).all()[0]


def booking(client: FlaskClient, school: School, slot: Occasion) -> Callable[[], Any]:
    address = slots(school, f"/{slot.public_id}/book")
    return lambda: client.post(address, follow_redirects=True)


def booked(school: School, visit: Visit, slot: Occasion, who: Enrolment) -> str:
    return words(booking(visit(who), school, slot)())


def only(school: School) -> Mentorship:
    school.session.expire_all()
    return school.session.scalars(select(Mentorship)).one()


def states(school: School) -> list[str]:
    school.session.expire_all()
    return [each.state.value for each in school.session.scalars(select(Mentorship).order_by(Mentorship.id))]


def log(client: FlaskClient, meeting: Meeting, answer: str) -> str:
    pair = meeting.mentorship
    course = pair.cohort.course.public_id
    address = f"/courses/{course}/mentoring/mentorships/{pair.public_id}/meetings/{meeting.public_id}/log"
    return words(client.post(address, data={"has_attended": answer}, follow_redirects=True))


def test_a_mentor_offers_a_time_by_their_own_clock(flash: School, visit: Visit):
    flash.maya.person.time_zone = "Europe/Vienna"
    flash.session.commit()

    slot = offered(flash, visit, clock="13:00")

    assert (slot.starts, slot.minutes, slot.seats, slot.timezone) == (NOON, 30, 1, "Europe/Vienna")
    assert happened(flash.session)[-1] == "SlotPublished"
    assert "0 of 1 seat taken" in words(visit(flash.maya).get(slots(flash)))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"day": "2026-11-20"}, "That time is past."),
        ({"day": "2030-11-20"}, "more than two years ahead"),
        ({"day": "2027-03-28", "clock": "02:30"}, "clocks go forward and leave 2:30"),
        ({"day": "2027-10-31", "clock": "02:30"}, "clocks go back and show 2:30"),
        ({"clock": "12:15"}, "There is something at Nov 25, 2026, 12:00"),
        ({"seats": "0"}, "Seats: give a whole number from 1 to 50."),
        ({"seats": "51"}, "Seats: give a whole number from 1 to 50."),
        ({"seats": ""}, "Seats: give a whole number from 1 to 50."),
        ({"minutes": "481"}, "Minutes: give a whole number from 5 to 480."),
        ({"place": "javascript:alert(1)"}, "Give a link that begins with https://"),
        ({"place": "x" * 100_000}, "Keep the place to 500 characters."),
        ({"day": "🌱"}, "Say on which day."),
    ],
)
def test_what_cannot_be_offered_is_said(flash: School, visit: Visit, said: dict[str, str], sentence: str):
    flash.maya.person.time_zone = "Europe/Vienna"
    flash.session.commit()
    offered(flash, visit)

    answer = visit(flash.maya).post(slots(flash), data=filled(**said))

    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert len(flash.session.scalars(select(Occasion)).all()) == 1


def test_who_books_is_a_pair_at_once_and_meets_then(flash: School, visit: Visit):
    slot = offered(flash, visit)
    listed = words(visit(flash.leo).get(slots(flash)))

    said = booked(flash, visit, slot, flash.leo)

    pair = only(flash)
    [meeting] = flash.session.scalars(select(Meeting))
    assert "meet.example" not in listed
    assert "Booked for Nov 25, 2026, 12:00" in said
    assert "meet.example" in said
    assert (pair.state, pair.mentor_agreed, pair.mentee_agreed) == (S.ACCEPTED, THEN, THEN)
    assert (meeting.starts, meeting.minutes, meeting.occasion_id) == (NOON, 30, slot.id)
    told = [name for name in happened(flash.session) if name in ("MentorAssigned", "MeetingScheduled")]
    assert told == ["MentorAssigned", "MeetingScheduled"]
    assert "MentorshipProposed" not in happened(flash.session)
    assert "1 of 1 seat taken" in words(visit(flash.maya).get(slots(flash)))
    assert "No time is open for you just now." in words(visit(flash.zoe).get(slots(flash)))


@pytest.mark.every_case
@pytest.mark.parametrize("round_", range(5))
def test_of_two_who_want_the_last_seat_one_gets_it_and_the_other_is_told(flash: School, visit: Visit, round_: int):
    slot = offered(flash, visit)
    leo, zoe = visit(flash.leo), visit(flash.zoe)

    answers = [words(each) for each in at_once(booking(leo, flash, slot), booking(zoe, flash, slot))]

    sentence = "Somebody else has just taken the last seat. Choose another time."
    assert sorted([sentence in said for said in answers]) == [False, True]
    assert sum("Booked for" in said for said in answers) == 1
    assert states(flash) == ["accepted"]


def test_a_time_has_as_many_seats_as_the_mentor_said(flash: School, visit: Visit):
    slot = offered(flash, visit, seats="2")

    booked(flash, visit, slot, flash.leo)
    booked(flash, visit, slot, flash.zoe)

    assert states(flash) == ["accepted", "accepted"]
    assert newest(flash).free == 0


def test_whoever_a_rule_keeps_apart_neither_sees_nor_gets_the_time(flash: School, visit: Visit):
    slot = offered(flash, visit)
    one, other = sorted((flash.leo.id, flash.maya.id))
    said = {"said_by_id": flash.leo.id, "source": ExclusionSource.COORDINATOR, "created": THEN}
    flash.session.add(Exclusion(one_id=one, other_id=other, **said))
    flash.session.commit()
    seen_before = words(visit(flash.leo).get(slots(flash)))

    refused = booked(flash, visit, slot, flash.leo)

    assert "Maya Okafor and Leo Baum cannot be a pair here." in refused
    assert states(flash) == []
    assert "12:00" not in words(visit(flash.leo).get(slots(flash)))
    assert "12:00" not in seen_before


def test_a_mentor_without_a_place_gives_no_time(flash: School, visit: Visit):
    slot, later = offered(flash, visit), None
    flash.mentors(maya=1)
    later = offered(flash, visit, day="2026-11-26")
    booked(flash, visit, slot, flash.leo)

    assert "Maya Okafor has no free place left." in booked(flash, visit, later, flash.zoe)
    assert "No time is open for you just now." in words(visit(flash.zoe).get(slots(flash)))


def test_a_mentor_books_no_time_of_their_own_and_an_instructor_none(flash: School, visit: Visit):
    slot = offered(flash, visit)

    own, instructor = booked(flash, visit, slot, flash.maya), booked(flash, visit, slot, flash.ines)

    assert "Nobody mentors themselves." in own
    assert "Booked" not in instructor
    assert states(flash) == []


def test_a_meeting_that_was_held_completes_the_mentorship_when_both_have_said_so(flash: School, visit: Visit):
    booked(flash, visit, offered(flash, visit), flash.leo)
    [meeting] = flash.session.scalars(select(Meeting))

    with clock.moved_to(meeting.ends):
        log(visit(flash.leo), meeting, "yes")
        first = states(flash)
        said = log(visit(flash.maya), meeting, "yes")

    assert (first, states(flash)) == (["active"], ["completed"])
    assert "With that your mentorship is complete." in said


def test_and_three_days_later_when_one_of_them_has_not(app: Flask, flash: School, visit: Visit):
    booked(flash, visit, offered(flash, visit), flash.leo)
    [meeting] = flash.session.scalars(select(Meeting))
    with clock.moved_to(meeting.ends):
        log(visit(flash.leo), meeting, "yes")

    deliver(app, flash.session, at=meeting.ends + 2 * A_DAY)
    early = states(flash)
    deliver(app, flash.session, at=meeting.ends + 3 * A_DAY)

    assert (early, states(flash)) == (["active"], ["completed"])


def test_a_meeting_that_was_missed_completes_nothing_and_another_time_is_booked_in_the_same_mentorship(
    app: Flask, flash: School, visit: Visit
):
    booked(flash, visit, offered(flash, visit), flash.leo)
    [meeting] = flash.session.scalars(select(Meeting))
    with clock.moved_to(meeting.ends):
        log(visit(flash.leo), meeting, "no")
        log(visit(flash.maya), meeting, "no")
    deliver(app, flash.session, at=meeting.ends + 3 * A_DAY)
    missed = states(flash)

    with clock.moved_to(meeting.ends + 3 * A_DAY):
        again = offered(flash, visit, day="2026-12-02")
        booked(flash, visit, again, flash.leo)

    assert missed == ["accepted"]
    assert states(flash) == ["accepted"]
    assert [each.state.value for each in flash.session.scalars(select(Meeting).order_by(Meeting.id))] == [
        "missed",
        "planned",
    ]


def test_in_other_programs_a_held_meeting_completes_nothing_and_there_are_no_slots(school: School, visit: Visit):
    school.mentors(maya=1)

    assert visit(school.maya).get(slots(school)).status_code == 404
    assert visit(school.maya).post(slots(school), data=filled()).status_code == 404


@pytest.mark.parametrize("who", ["leo", "maya"])
def test_a_booking_given_up_frees_the_seat_and_calls_the_mentorship_off(flash: School, visit: Visit, who: str):
    slot = offered(flash, visit)
    booked(flash, visit, slot, flash.leo)
    pair, [meeting] = only(flash), flash.session.scalars(select(Meeting))
    address = f"/courses/{flash.course.public_id}/mentoring/mentorships/{pair.public_id}"

    if who == "leo":
        answer = visit(flash.leo).post(slots(flash, f"/{slot.public_id}/give-up"), follow_redirects=True)
    else:
        there = f"{address}/meetings/{meeting.public_id}/cancel"
        answer = visit(flash.maya).post(there, follow_redirects=True)

    assert "That happens." in words(answer)
    assert (states(flash), newest(flash).free) == (["cancelled"], 1)
    assert meeting.state is MeetingState.CANCELLED
    assert "Booked for" in booked(flash, visit, slot, flash.zoe)


def test_a_time_taken_back_is_told_to_whoever_booked_it(flash: School, visit: Visit):
    slot = offered(flash, visit, seats="2")
    for person in (flash.leo, flash.zoe):
        booked(flash, visit, slot, person)

    answer = visit(flash.maya).post(slots(flash, f"/{slot.public_id}/withdraw"), follow_redirects=True)

    assert "Taken back. The 2 who had booked it are told." in words(answer)
    assert states(flash) == ["cancelled", "cancelled"]
    assert happened(flash.session)[-1] == "SlotWithdrawn"
    assert "This time is not offered any more." in booked(flash, visit, slot, flash.leo)


def test_nobody_takes_back_or_gives_up_what_is_not_theirs(flash: School, visit: Visit):
    slot = offered(flash, visit)
    booked(flash, visit, slot, flash.leo)
    leo, zoe = visit(flash.leo), visit(flash.zoe)

    codes = [
        leo.post(slots(flash, f"/{slot.public_id}/withdraw")).status_code,
        zoe.post(slots(flash, f"/{slot.public_id}/give-up")).status_code,
        zoe.post(slots(flash, "/nothing/book")).status_code,
        leo.post(slots(flash), data=filled()).status_code,
    ]

    assert codes == [404] * 4
    assert states(flash) == ["accepted"]


def test_a_time_that_has_begun_or_collides_is_not_booked(flash: School, visit: Visit):
    amal = flash.join_mentor("Amal Haddad")
    slot = offered(flash, visit)
    visit(amal).post(slots(flash), data=filled(clock="12:15"))
    other = newest(flash)
    booked(flash, visit, slot, flash.leo)

    assert "There is something at Nov 25, 2026, 12:00" in booked(flash, visit, other, flash.leo)
    with clock.moved_to(NOON + timedelta(minutes=15)):
        assert "This time is not offered any more." in booked(flash, visit, other, flash.zoe)


def test_a_booked_time_is_not_moved_for_one_alone(flash: School, visit: Visit):
    booked(flash, visit, offered(flash, visit), flash.leo)
    pair, [meeting] = only(flash), flash.session.scalars(select(Meeting))
    address = f"/courses/{flash.course.public_id}/mentoring/mentorships/{pair.public_id}/meetings/{meeting.public_id}"
    form = {"day": "2026-11-27", "clock": "12:00", "minutes": "30", "channel": "any"}

    answer = visit(flash.leo).post(f"{address}/change", data=form)

    assert (answer.status_code, "so it is not moved for you alone" in words(answer)) == (422, True)
    assert meeting.starts == NOON


def test_a_booked_time_is_in_both_calendars(flash: School, visit: Visit):
    slot = offered(flash, visit, seats="2")
    for person in (flash.leo, flash.zoe):
        booked(flash, visit, slot, person)
    met = flash.session.scalars(select(Meeting).order_by(Meeting.id)).all()

    def file_of(who: Enrolment, meeting: Meeting) -> Any:
        pair = meeting.mentorship.public_id
        address = f"/courses/{flash.course.public_id}/mentoring/mentorships/{pair}/meetings/{meeting.public_id}"
        return vobject.readOne(visit(who).get(f"{address}/meeting.ics").text)

    [leos], [mayas] = file_of(flash.leo, met[0]).vevent_list, file_of(flash.maya, met[0]).vevent_list
    assert (leos.summary.value, leos.dtstart.value) == ("Meeting with Maya Okafor", NOON)
    assert mayas.summary.value == "Meeting with Leo Baum and Zoe Lind"
    assert mayas.uid.value.startswith(slot.public_id)


def test_the_feed_of_a_mentor_has_one_appointment_for_one_time(app: Flask, flash: School, visit: Visit):
    slot = offered(flash, visit, seats="2")
    for person in (flash.leo, flash.zoe):
        booked(flash, visit, slot, person)
    page = visit(flash.maya).post(f"/courses/{flash.course.public_id}/mentoring/calendar").text
    path = "/calendar/" + page.split("/calendar/")[1].split(".ics")[0] + ".ics"

    events = vobject.readOne(app.test_client().get(path).text).vevent_list

    assert [(each.summary.value, each.dtstart.value) for each in events] == [
        ("Meeting with Leo Baum and Zoe Lind", NOON)
    ]


def test_three_times_cost_no_more_queries_than_one(flash: School, visit: Visit, counting: Counting):
    leo, maya = visit(flash.leo), visit(flash.maya)
    booked(flash, visit, offered(flash, visit), flash.zoe)
    offered(flash, visit, day="2026-11-26")

    def cost(client: FlaskClient) -> int:
        client.get(slots(flash))
        with counting() as queries:
            client.get(slots(flash))
        return len(queries)

    few = [cost(leo), cost(maya)]
    for day in ("2026-11-27", "2026-11-28"):
        offered(flash, visit, day=day)

    assert [cost(leo), cost(maya)] == few


def test_home_pages_lead_to_the_times(flash: School, visit: Visit):
    home = f"/courses/{flash.course.public_id}/"

    assert "Book a time" in words(visit(flash.leo).get(home))
    assert "Offer times to book" in words(visit(flash.maya).get(home))


def test_what_a_mentor_offers_is_given_out_and_their_words_erased(flash: School, visit: Visit):
    slot = offered(flash, visit)
    given = giving.export(flash.session, flash.maya.person)["meetings"]
    assert [each["place"] for each in given if "time_given" in each] == ["https://meet.example/maya"]

    personal_data.erase(flash.session, flash.maya.person, at=THEN + timedelta(days=1))
    flash.session.commit()

    assert slot.place == ""


def moved(school: School, visit: Visit, slot: Occasion, **said: str) -> Any:
    return moved_by(visit(school.maya), school, slot, **said)


def moved_by(client: FlaskClient, school: School, slot: Occasion, **said: str) -> Any:
    return client.post(slots(school, f"/{slot.public_id}/move"), data=filled(**said), follow_redirects=True)


def told(school: School, who: Enrolment) -> list[tuple[str, list[str]]]:
    found = school.session.scalars(
        select(PersonalNotice).where(
            PersonalNotice.enrolment_id == who.id, PersonalNotice.key.startswith("meeting-changed")
        )
    )
    return [(each.subject, each.paragraphs) for each in found]


def test_a_time_nobody_has_booked_is_moved(flash: School, visit: Visit):
    slot = offered(flash, visit)
    form = visit(flash.maya).get(slots(flash, f"/{slot.public_id}")).text

    answer = words(moved(flash, visit, slot, day="2026-11-26", clock="15:00", minutes="45", seats="2"))

    assert 'value="12:00"' in form
    assert "Changed. There was nobody to tell." in answer
    found = newest(flash)
    assert (found.id, found.starts, found.minutes, found.seats) == (slot.id, NOON + timedelta(hours=27), 45, 2)
    assert happened(flash.session)[-1] == "SlotMoved"


def test_whoever_booked_a_time_is_told_when_it_is_moved_and_can_call_it_off(flash: School, visit: Visit):
    slot = offered(flash, visit)
    booked(flash, visit, slot, flash.leo)
    [meeting] = newest(flash).meetings
    meeting.agenda = "My questions"
    flash.session.commit()

    page = words(visit(flash.maya).get(slots(flash, f"/{slot.public_id}")))
    answer = words(moved(flash, visit, slot, clock="16:00"))

    assert "It is booked. Whoever booked it is told when you move it, and can call it off." in page
    assert "Changed. Whoever had booked it is told, and can call it off." in answer
    [(subject, paragraphs)] = told(flash, flash.leo)
    assert subject == "Your meeting with Maya Okafor has changed"
    assert "It is on Nov 25, 2026, 4:00 PM" in paragraphs[0].replace("\u202f", " ")
    assert paragraphs[1].startswith("If that does not suit you, call it off on its page")
    assert told(flash, flash.maya) == []
    [meeting] = newest(flash).meetings
    assert (meeting.starts, meeting.agenda) == (NOON + timedelta(hours=4), "My questions")
    given_up = visit(flash.leo).post(slots(flash, f"/{slot.public_id}/give-up"), follow_redirects=True)
    assert "Given up, and your mentor is told." in words(given_up)
    assert newest(flash).free == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"day": "2026-11-20"}, "That time is past."),
        ({"clock": "14:15"}, "There is something at Nov 25, 2026, 2:00 PM"),
        ({"seats": "0"}, "Seats: give a whole number from 1 to 50."),
        ({"seats": "1"}, "More come than there would be seats."),
        ({"place": "javascript:alert(1)"}, "Give a link that begins with https://"),
    ],
)
def test_where_a_time_cannot_go_it_stays(flash: School, visit: Visit, said: dict[str, str], sentence: str):
    offered(flash, visit, clock="14:00")
    slot = offered(flash, visit, seats="2")
    for who in (flash.leo, flash.zoe):
        booked(flash, visit, slot, who)

    answer = moved(flash, visit, slot, **{"seats": "2", **said})

    assert (answer.status_code, sentence in words(answer).replace("\u202f", " ")) == (422, True)
    assert (newest(flash).starts, newest(flash).seats) == (NOON, 2)
    assert told(flash, flash.leo) == []


def test_nobody_else_moves_a_time_and_nobody_one_that_is_taken_back(flash: School, visit: Visit):
    slot = offered(flash, visit)
    booked(flash, visit, slot, flash.leo)

    others = [
        moved_by(visit(who), flash, slot, clock="16:00").status_code for who in (flash.leo, flash.zoe, flash.ines)
    ]
    visit(flash.maya).post(slots(flash, f"/{slot.public_id}/withdraw"))
    late = moved(flash, visit, slot, clock="16:00")
    page = words(visit(flash.maya).get(slots(flash, f"/{slot.public_id}")))

    assert others == [404, 404, 404]
    assert late.status_code == 422
    assert newest(flash).starts == NOON
    assert "This time is past or taken back already, so it stays as it is." in page
