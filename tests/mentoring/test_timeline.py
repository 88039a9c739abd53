"""The timeline of a mentorship: six events that are done by themselves, and what its people add."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from mentoring.mentorships import living
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.timeline.models import Step, TimelineEntry
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.personal import giving as personal
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, designed, held, proposed, said_yes, with_task
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import words
from tests.mentoring.test_agreement import address, circle_of, sign, write

Visit = Callable[[Enrolment], FlaskClient]
LATER = THEN + A_DAY


@pytest.fixture(autouse=True)
def _a_day_later() -> Iterator[None]:
    with clock.moved_to(LATER):
        yield


@pytest.fixture
def pair(school: School) -> Mentorship:
    school.mentors(maya=1)
    return school.paired(school.leo, school.maya)


def entries(school: School, mentorship: Mentorship) -> list[TimelineEntry]:
    school.session.expire_all()
    return list(entries_of(school.session, mentorship))


def entry(school: School, mentorship: Mentorship, name: str) -> TimelineEntry:
    return next(each for each in entries(school, mentorship) if name in (each.step, each.title))


def done(school: School, mentorship: Mentorship) -> list[str]:
    return [each.step or each.title for each in entries(school, mentorship) if each.done is not None]


def section(client: FlaskClient, mentorship: Mentorship) -> str:
    page = client.get(address(mentorship)).text
    start = page.index('id="section-timeline"')
    return page[start : page.index("</section>", start)]


def added(client: FlaskClient, mentorship: Mentorship, title: str, day: str = "2026-12-01") -> int:
    return client.post(address(mentorship, "/timeline"), data={"title": title, "day": day}).status_code


SIX = [
    ("matched", THEN, THEN),
    ("kick_off", THEN + timedelta(days=90) * 0.08, None),
    ("outline", THEN + timedelta(days=90) * 0.12, None),
    ("schedule", THEN + timedelta(days=90) * 0.16, None),
    ("mid_evaluation", THEN + timedelta(days=45), None),
    ("end_evaluation", THEN + timedelta(days=90), None),
]


def laid_out(school: School, mentorship: Mentorship) -> list[tuple[str | None, datetime, datetime | None]]:
    return [(each.step, each.due, each.done) for each in entries(school, mentorship)]


def test_a_pair_has_the_six_events_from_when_it_is_one(school: School, pair: Mentorship):
    assert laid_out(school, pair) == SIX


def test_a_circle_has_them_too(school: School):
    circle = circle_of(school, school.maya, school.leo, school.zoe)

    assert laid_out(school, circle) == SIX


def test_before_somebody_has_said_yes_there_is_no_timeline(school: School):
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=1)
    asked = proposed(school, school.leo, school.maya)
    assert entries(school, asked) == []

    said_yes(school, asked, school.maya)

    assert laid_out(school, asked) == SIX


def test_a_first_meeting_is_the_kick_off(school: School, pair: Mentorship):
    living.begin(school.session, held(school, pair), by=school.leo, at=LATER)
    school.session.commit()

    assert done(school, pair) == ["matched", "kick_off"]
    assert entry(school, pair, Step.KICK_OFF).done == LATER


def test_an_agreement_signed_by_all_is_outline_and_schedule_and_begins(school: School, visit: Visit, pair: Mentorship):
    write(visit(school.maya), pair)
    assert done(school, pair) == ["matched"]

    sign(visit(school.leo), pair, 1)

    assert done(school, pair) == ["matched", "kick_off", "outline", "schedule"]


def test_open_steps_move_with_the_end_that_is_agreed_but_not_those_that_were_moved_by_hand(
    school: School, visit: Visit, pair: Mentorship
):
    maya = visit(school.maya)
    mid = entry(school, pair, Step.MID_EVALUATION)
    maya.post(address(pair, f"/timeline/{mid.public_id}/day"), data={f"{mid.public_id}-day": "2026-12-24"})

    write(maya, pair, ends="2027-03-31")
    sign(visit(school.leo), pair, 1)

    said = {each.step: each.due.isoformat()[:16] for each in entries(school, pair)}
    assert (said[Step.MID_EVALUATION], said[Step.END_EVALUATION]) == ("2026-12-24T23:59", "2027-03-31T23:59")


def test_people_add_tick_move_and_take_away_their_own(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)
    assert added(leo, pair, "Visit the lab") == 302
    own = entry(school, pair, "Visit the lab")
    assert (own.due.isoformat(), own.by and own.by.name) == ("2026-12-01T23:59:00+00:00", "Leo Baum")
    here = address(pair, f"/timeline/{own.public_id}")

    visit(school.maya).post(f"{here}/day", data={f"{own.public_id}-day": "2026-12-09"})
    leo.post(f"{here}/done", data={"done": "1"})
    assert done(school, pair) == ["matched", "Visit the lab"]
    leo.post(f"{here}/done")

    own = entry(school, pair, "Visit the lab")
    assert (own.due.isoformat(), own.done) == ("2026-12-09T23:59:00+00:00", None)
    leo.post(f"{here}/remove")
    assert laid_out(school, pair) == SIX


def test_evaluations_are_ticked_by_hand_and_the_other_steps_by_nobody(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)
    for step in (Step.MID_EVALUATION, Step.OUTLINE):
        public_id = entry(school, pair, step).public_id
        answer = leo.post(address(pair, f"/timeline/{public_id}/done"), data={"done": "1"}, follow_redirects=True)

    assert "Nobody has to tick this" in words(answer)
    assert done(school, pair) == ["matched", "mid_evaluation"]


def test_a_step_of_the_program_is_not_taken_away(school: School, visit: Visit, pair: Mentorship):
    public_id = entry(school, pair, Step.OUTLINE).public_id

    answer = visit(school.leo).post(address(pair, f"/timeline/{public_id}/remove"), follow_redirects=True)

    assert "This step belongs to the program and stays." in words(answer)
    assert laid_out(school, pair) == SIX


@pytest.mark.parametrize(
    ("title", "day", "complaint"),
    [
        ("", "2026-12-01", "Say what is to be done."),
        ("   ", "2026-12-01", "Say what is to be done."),
        ("x" * 201, "2026-12-01", "What is to be done: 200 letters at most."),
        ("Lab", "", "Say by which day."),
        ("Lab", "tomorrow", "By which day: give a day as 2026-09-14."),
        ("Lab", "2099-12-01", "By which day: choose one within three years."),
    ],
)
def test_what_cannot_be_added_is_said(
    school: School, visit: Visit, pair: Mentorship, title: str, day: str, complaint: str
):
    answer = visit(school.leo).post(address(pair, "/timeline"), data={"title": title, "day": day})

    assert (answer.status_code, complaint in words(answer)) == (422, True)
    assert laid_out(school, pair) == SIX


def test_another_day_that_is_none_is_said_beside_its_entry(school: School, visit: Visit, pair: Mentorship):
    public_id = entry(school, pair, Step.MID_EVALUATION).public_id

    answer = visit(school.leo).post(address(pair, f"/timeline/{public_id}/day"), data={f"{public_id}-day": "someday"})

    assert (answer.status_code, "By which day: give a day as 2026-09-14." in words(answer)) == (422, True)
    assert laid_out(school, pair) == SIX


def test_a_timeline_has_an_end(school: School, visit: Visit, pair: Mentorship):
    rows = [TimelineEntry(mentorship_id=pair.id, title=f"Own {n}", due=LATER) for n in range(94)]
    school.session.add_all(rows)
    school.session.commit()

    answer = visit(school.leo).post(
        address(pair, "/timeline"), data={"title": "One more", "day": "2026-12-01"}, follow_redirects=True
    )

    assert "A timeline holds 100 entries at most." in words(answer)


def test_the_page_shows_a_row_of_steps_that_is_read_aloud(school: School, visit: Visit, pair: Mentorship):
    living.begin(school.session, held(school, pair), by=school.leo, at=LATER)
    school.session.commit()

    row = section(visit(school.leo), pair)

    assert '<ol class="steps" aria-label="Timeline">' in row
    assert [row.count(f"step is-{state}") for state in ("done", "next", "later")] == [2, 1, 3]
    assert row.count('aria-current="step"') == 1


def test_overdue_is_said_kindly_and_leads_to_the_timeline(school: School, visit: Visit, pair: Mentorship):
    added(visit(school.leo), pair, "Visit the lab", "2026-11-26")
    write(visit(school.maya), pair)
    sign(visit(school.leo), pair, 1)

    with clock.moved_to(THEN + 10 * A_DAY):
        leo = visit(school.leo)
        timeline, page = words(leo.get(address(pair, "/timeline"))), words(leo.get(address(pair)))

    assert "Visit the lab was planned for Nov 26, 2026; it is not too late" in timeline
    kindly = "“Visit the lab” was planned for Nov 26, 2026. Do it, or move it to a day that suits. Open the timeline"
    assert kindly in page


def test_in_the_row_what_is_done_comes_first_and_the_rest_by_its_day(school: School, visit: Visit, pair: Mentorship):
    added(visit(school.leo), pair, "Visit the lab", "2026-11-24")
    living.begin(school.session, held(school, pair), by=school.leo, at=LATER)
    school.session.commit()

    row = section(visit(school.leo), pair)

    names = ["Matched", "Kick-off", "Visit the lab", "Outline and worksheet", "Communication schedule"]
    assert [row.index(name) for name in names] == sorted(row.index(name) for name in names)


def test_before_they_have_met_that_is_the_one_primary_button(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)
    before = leo.get(address(pair)).text
    living.begin(school.session, held(school, pair), by=school.leo, at=LATER)
    school.session.commit()
    after = leo.get(address(pair)).text

    assert [page.count("is-primary") for page in (before, after)] == [1, 1]
    assert '<button class="button is-primary">We have met' in before
    assert f'<a class="button is-primary" href="{address(pair, "/agreement")}">Write the agreement</a>' in after


def test_what_its_people_add_is_for_no_instructor(school: School, visit: Visit, pair: Mentorship):
    added(visit(school.leo), pair, "Talk about my father")

    assert "Talk about my father" in section(visit(school.maya), pair)
    assert "Talk about my father" not in visit(school.ines).get(address(pair)).text
    assert "Kick-off" in section(visit(school.ines), pair)
    assert "not what you add" in words(visit(school.leo).get(address(pair, "/timeline")))


def test_thirty_entries_cost_no_more_queries_than_one(
    school: School, visit: Visit, pair: Mentorship, counting: Counting
):
    leo = visit(school.leo)

    def cost() -> list[int]:
        found = []
        for page in ("", "/timeline"):
            leo.get(address(pair, page))
            with counting() as queries:
                assert leo.get(address(pair, page)).status_code == 200
            found.append(len(queries))
        return found

    added(leo, pair, "Own 1")
    one = cost()
    for number in range(2, 31):
        added(leo, pair, f"Own {number}")

    assert cost() == one
    assert "And 27 more of your own." in section(leo, pair)


def test_the_objective_stands_first_on_the_page(school: School, visit: Visit, pair: Mentorship):
    designed(school, goal="Everybody gives a talk")

    page = visit(school.leo).get(address(pair)).text

    places = [page.index(f'id="section-{key}"') for key in ("objective", "timeline", "agreement")]
    assert places == sorted(places)
    assert "Everybody gives a talk" in page


def test_a_mentor_s_brief_says_what_is_open_and_what_comes_next(school: School, visit: Visit):
    with_task(school, "Show around", 7)
    school.mentors(maya=1)
    pair = school.paired(school.leo, school.maya)
    maya = visit(school.maya)
    write(maya, pair, rhythm_days=9)
    assert f'href="{address(pair, "/brief")}"' in maya.get(address(pair)).text

    brief = words(maya.get(address(pair, "/brief")))

    for said in ("Before you meet Leo Baum", "Show around", "Kick-off", "every 9 days", "signature of Leo Baum"):
        assert said in brief
    assert "Who sees this: you alone" in brief


def test_a_circle_has_no_mentor_and_no_brief(school: School, visit: Visit):
    circle = circle_of(school, school.maya, school.leo)

    assert visit(school.maya).get(address(circle, "/brief")).status_code == 404


def test_own_entries_are_given_out_and_erased(school: School, visit: Visit, pair: Mentorship):
    added(visit(school.leo), pair, "Visit the lab")
    added(visit(school.maya), pair, "Read a book")
    assert [each["title"] for each in personal.export(school.session, school.leo.person)["timelines"]] == [
        "Visit the lab"
    ]

    personal_data.erase(school.session, school.leo.person, at=LATER)
    school.session.commit()

    assert [each.title for each in entries(school, pair) if each.step is None] == ["Read a book"]


def test_an_entry_that_is_sent_twice_stands_there_once(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)

    assert [added(leo, pair, "Call the client") for _ in range(2)] == [302, 302]

    assert [each.title for each in entries(school, pair) if each.is_own] == ["Call the client"]
