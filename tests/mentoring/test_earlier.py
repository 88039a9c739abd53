"""What a new mentor sees of what was before they came: dates and numbers, and what the mentee lets them read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships.blueprint import look_at
from mentoring.mentorships.earlier.models import EarlierShare
from mentoring.mentorships.earlier.reading import choose, may_read_earlier, was_there
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.together.meetings import attending
from mentoring.together.meetings.attending import Log
from mentoring.together.meetings.models import Meeting
from mentoring.together.meetings.showing import before_we_meet
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, held
from tests.mentoring.closures import ACTIONS, CAME, CASE, DONE, EXPECTS, address_of, follow, step_in, with_words
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
NOW = CAME + A_DAY
KINDS = ("ask", "agreement", "timeline", "meetings")


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def pair(school: School) -> Mentorship:
    """Leo's, in which Zoe mentors in Maya's place."""
    pair = with_words(school)
    done = THEN + 2 * A_DAY
    school.session.add(TimelineEntry(mentorship=pair, title=DONE, due=done, done=done, by=pair.mentee))
    school.session.commit()
    school.mentors(zoe=1)
    step_in(school, pair, school.zoe)
    return pair


def given(school: School, pair: Mentorship, *kinds: str) -> None:
    choose(school.session, held(school, pair), kinds, at=NOW)
    school.session.commit()


def everything_of(client: FlaskClient, school: School, pair: Mentorship) -> str:
    """Whatever this visitor finds about the mentorship, on all its pages."""
    meeting = school.session.scalars(select(Meeting)).one()
    pages = ("", "/agreement", "/agreement/next", "/timeline", "/meetings", f"/meetings/{meeting.public_id}")
    more = ("/brief", "/summary", "/closing", "/earlier", "/earlier/read")
    return " ".join(words(client.get(address_of(pair, page))) for page in pages + more)


WRITTEN = {"ask": CASE, "agreement": EXPECTS, "timeline": DONE, "meetings": ACTIONS}


def test_without_the_mentees_leave_a_substitute_finds_no_word_on_any_page(
    school: School, visit: Visit, pair: Mentorship
):
    found = everything_of(visit(school.zoe), school, pair)
    leos = everything_of(visit(school.leo), school, pair)

    assert [kind for kind, text in WRITTEN.items() if text in found] == []
    assert [kind for kind, text in WRITTEN.items() if text in leos] == list(KINDS)
    assert before_we_meet(school.zoe, school.leo) is None


def test_dates_and_numbers_are_seen_all_the_same(school: School, visit: Visit, pair: Mentorship):
    zoe = visit(school.zoe)

    meetings, agreement = words(zoe.get(address_of(pair, "/meetings"))), words(zoe.get(address_of(pair, "/agreement")))
    summary = words(zoe.get(address_of(pair, "/summary")))

    assert "Nov 24, 2026, 12:00 PM UTC Held Before you came." in meetings
    assert "every 7 days" in agreement
    assert "What stands in it was written before you came" in agreement
    assert "Held 1 Time together 60 minutes" in summary


@pytest.mark.parametrize("kind", KINDS)
def test_each_tick_opens_its_own_kind_and_no_other(school: School, visit: Visit, pair: Mentorship, kind: str):
    given(school, pair, kind)

    found = everything_of(visit(school.zoe), school, pair)

    assert [each for each, text in WRITTEN.items() if text in found] == [kind]
    assert (before_we_meet(school.zoe, school.leo) is not None) == (kind == "meetings")


def test_the_mentee_ticks_on_a_page_and_takes_it_back(school: School, visit: Visit, pair: Mentorship):
    leo, address = visit(school.leo), address_of(pair, "/earlier")

    asked = words(leo.get(address_of(pair)))
    page = words(leo.get(address))
    kept = leo.post(address, data={"given": ["meetings"]}, follow_redirects=True)
    look = look_at(school.zoe, pair)
    could = [may_read_earlier(look, kind) for kind in KINDS]
    leo.post(address, data={})
    school.session.expire_all()

    assert "You decide what Zoe Lind may read of what was before they came. Decide" in asked
    assert "What was written about your meetings" in page
    assert "The summary of it" not in page
    assert "Kept. Nobody is told; you can change it here at any time." in words(kept)
    assert could == [False, False, False, True]
    assert [may_read_earlier(look_at(school.zoe, pair), kind) for kind in KINDS] == [False] * 4


def test_nobody_else_learns_what_was_ticked(school: School, visit: Visit, pair: Mentorship):
    before = school.session.scalars(select(PersonalNotice.id)).all()
    given(school, pair)

    for person in (school.zoe, school.maya, school.ines):
        client = visit(person)
        assert client.get(address_of(pair, "/earlier")).status_code == 404
        assert client.post(address_of(pair, "/earlier"), data={"given": "meetings"}).status_code == 404
        assert "may read" not in words(client.get(address_of(pair)))
    assert school.session.scalars(select(PersonalNotice.id)).all() == before


def test_what_is_no_choice_is_refused_and_changes_nothing(school: School, visit: Visit, pair: Mentorship):
    answer = visit(school.leo).post(address_of(pair, "/earlier"), data={"given": ["everything" * 20, "😀", "‮x"]})

    assert answer.status_code == 422
    assert school.session.scalars(select(EarlierShare)).all() == []


def test_the_choice_holds_for_this_mentor_and_not_for_the_next(school: School, pair: Mentorship):
    given(school, pair, *KINDS)
    tom = school.join_mentor("Tom Reed")

    step_in(school, pair, tom)

    assert [may_read_earlier(look_at(tom, pair), kind) for kind in KINDS] == [False] * 4


def test_the_first_mentor_who_comes_back_does_not_read_what_was_said_without_them(school: School, pair: Mentorship):
    step_in(school, pair, school.maya)

    assert was_there(pair, pair.mentor, THEN + A_DAY)
    assert not may_read_earlier(look_at(school.maya, pair), "meetings")


def test_nobody_signs_what_they_may_not_read(school: School, visit: Visit, pair: Mentorship):
    zoe, home = visit(school.zoe), f"/courses/{school.course.public_id}/"

    page, front = words(zoe.get(address_of(pair, "/agreement"))), words(zoe.get(home))
    refused = zoe.post(address_of(pair, "/agreement/sign"), data={"seen": "1"}, follow_redirects=True)
    draft = zoe.get(address_of(pair, "/agreement/next"))
    given(school, pair, "agreement")
    allowed = words(zoe.get(address_of(pair, "/agreement")))

    assert "Sign version 1" not in page
    assert "waits for your signature" not in front
    assert "It was written before you came, so there is nothing for you to sign." in words(refused)
    assert (draft.status_code, EXPECTS in draft.text) == (200, False)
    assert "Sign version 1" in allowed


def test_a_substitute_writes_a_new_version_and_both_sign_it(school: School, visit: Visit, pair: Mentorship):
    terms = {"mentor_expects": "Zoe's words", "rhythm_days": "14", "channel": "any", "ends": "2027-01-31", "seen": "1"}

    visit(school.zoe).post(address_of(pair, "/agreement"), data=terms)
    signed = visit(school.leo).post(address_of(pair, "/agreement/sign"), data={"seen": "2"}, follow_redirects=True)

    assert "Signed. It holds from now on." in words(signed)


def test_a_substitute_says_nothing_about_a_meeting_before_they_came(school: School, visit: Visit, pair: Mentorship):
    given(school, pair, "meetings")
    meeting = school.session.scalars(select(Meeting)).one()

    page = visit(school.zoe).get(address_of(pair, f"/meetings/{meeting.public_id}"))
    with pytest.raises(Refusal, match="before you came"):
        attending.say(school.session, meeting, Log(has_attended=True), by=held(school, pair).mentor, at=NOW)

    assert (page.status_code, "How it was" in page.text) == (200, False)


def test_where_nobody_new_has_come_there_is_nothing_to_decide(school: School, visit: Visit):
    pair = with_words(school)

    answers = [visit(school.leo).get(address_of(pair, page)).status_code for page in ("/earlier", "/earlier/read")]

    assert answers == [404, 404]
    assert may_read_earlier(look_at(school.maya, pair), "meetings")


def test_nobody_who_looks_on_reads_anything_earlier(school: School, pair: Mentorship):
    assert [may_read_earlier(look_at(each, pair), "agreement") for each in (school.ines, school.maya)] == [False, False]


def test_in_a_circle_whoever_came_later_reads_on_from_there(school: School):
    circle = a_circle(school)
    [zoe] = [member for member in circle.members if member.participant.enrolment_id == school.zoe.id]
    zoe.since = NOW
    school.session.commit()

    found = [may_read_earlier(look_at(each, circle), "meetings") for each in (school.leo, school.zoe)]

    assert found == [True, False]


@pytest.fixture
def following(school: School) -> Mentorship:
    """Leo's next mentorship with Zoe, instead of the one with Maya."""
    pair = with_words(school)
    school.mentors(zoe=1)
    return follow(school, pair, school.zoe)


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((), None),
        (("agreement",), [EXPECTS]),
        (("meetings",), [ACTIONS]),
        (("summary",), []),
        (("agreement", "meetings", "summary"), [EXPECTS, ACTIONS]),
    ],
)
def test_after_a_rematch_the_mentor_finds_what_they_were_given_by_a_link(
    school: School, visit: Visit, following: Mentorship, kinds: Sequence[str], found: list[str] | None
):
    given(school, following, *kinds)
    zoe = visit(school.zoe)

    page, read = words(zoe.get(address_of(following))), zoe.get(address_of(following, "/earlier/read"))

    assert (read.status_code, "Read what was before" in page) == ((404, False) if found is None else (200, True))
    if found is not None:
        assert [text for text in (CASE, EXPECTS, ACTIONS) if text in words(read)] == found
        assert ("Time together 60 minutes" in words(read)) == ("summary" in kinds)


def test_the_one_who_mentored_before_and_strangers_read_nothing_of_it(
    school: School, visit: Visit, following: Mentorship
):
    given(school, following, "agreement", "meetings", "summary")
    tariq = school.join("Tariq Aziz")

    answers = [
        visit(each).get(address_of(following, "/earlier/read")).status_code
        for each in (school.leo, school.maya, school.ines, tariq)
    ]

    assert answers == [404, 404, 404, 404]


def test_the_page_of_the_mentorship_costs_those_nothing_whom_it_does_not_concern(
    school: School, visit: Visit, counting: Counting
):
    pair = with_words(school)

    with counting() as queries:
        visit(school.maya).get(address_of(pair))

    assert [each for each in queries if "earlier_share" in each or "closure_answer" in each] == []


def test_what_was_decided_is_the_mentees_data_and_goes_with_either(school: School, pair: Mentorship):
    given(school, pair, "agreement")

    leos = personal_data.export(school.session, school.leo.person)["mentoring"]["closure"]
    zoes = personal_data.export(school.session, school.zoe.person)["mentoring"]["closure"]
    personal_data.erase(school.session, school.zoe.person, at=NOW)
    school.session.commit()

    may_read = {each["kind"]: each["may_be_read"] for each in leos["what_new_mentors_may_read"]}
    assert (may_read.pop("agreement"), set(may_read.values())) == (True, {False})
    assert {"ask", "timeline", "meetings", "goals", "notes", "notebook"} <= set(may_read)
    assert zoes["what_new_mentors_may_read"] == []
    assert school.session.scalars(select(EarlierShare)).all() == []
