"""The pages on which people have fewer reminders, and who sees what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.mentorships import living
from mentoring.mentorships.models import Mentorship
from mentoring.together.nudges.models import Nudge, NudgeRest, NudgeStop, NudgeSwitch
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.nudging import A_DAY, a_day, begun, told
from tests.mentoring.reading import words
from tests.mentoring.test_nudges import tidied

Visit = Callable[[Enrolment], FlaskClient]
MORNING = THEN + 14 * A_DAY


def base(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring"


@pytest.fixture
def pair(school: School) -> Mentorship:
    return tidied(school, begun(school))


def stopped(school: School) -> list[tuple[int, str]]:
    school.session.rollback()
    return [(each.person_id, each.rule) for each in school.session.scalars(select(NudgeStop))]


def test_the_notice_leads_to_a_page_on_which_each_rule_is_stopped_by_one_click(
    app: Flask, school: School, visit: Visit, pair: Mentorship
):
    a_day(app, school, 14)
    with clock.moved_to(MORNING):
        leo = visit(school.leo)
        notices = leo.get(f"/courses/{school.course.public_id}/notices")
        page = words(leo.get(f"{base(school)}/reminders"))
        answer = leo.post(f"{base(school)}/reminders/no_meeting/stop", follow_redirects=True)

    assert "See what waits, or stop reminders" in words(notices)
    assert "Maya Okafor No meeting is booked · Dec 7, 2026" in page
    assert "What you stop here, you are not told any more, in all your courses on this learning platform." in page
    assert "Who sees this: you alone." in page
    assert "Stopped: you are not reminded of this any more." in words(answer)
    assert "Remind me again : No meeting is booked" in words(answer)
    assert stopped(school) == [(school.leo.person_id, "no_meeting")]


def test_what_was_stopped_twice_is_started_once(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)
    for _ in range(2):
        leo.post(f"{base(school)}/reminders/quiet/stop")

    assert len(stopped(school)) == 1
    leo.post(f"{base(school)}/reminders/quiet/start")
    leo.post(f"{base(school)}/reminders/quiet/start")
    assert stopped(school) == []


@pytest.mark.parametrize("rule", ["nothing", "x" * 2000, "%00", "%F0%9F%98%80"])
def test_a_rule_that_there_is_not_cannot_be_stopped(school: School, visit: Visit, pair: Mentorship, rule: str):
    assert visit(school.leo).post(f"{base(school)}/reminders/{rule}/stop").status_code == 404
    assert stopped(school) == []


def test_the_page_of_what_is_mailed_leads_there(school: School, visit: Visit, cast):
    page = visit(school.leo).get(f"/courses/{school.course.public_id}/notices/settings")
    onlooker = cast.enrol(school.course, "Olga", Role.OBSERVER)
    theirs = visit(onlooker).get(f"/courses/{school.course.public_id}/notices/settings")

    assert "Reminders, in one mail a day at most" in words(page)
    assert f'href="{base(school)}/reminders"' in page.text
    assert f'href="{base(school)}/reminders"' not in theirs.text


def test_a_pair_says_not_now_and_both_see_it(app: Flask, school: School, visit: Visit, pair: Mentorship):
    address = f"{base(school)}/mentorships/{pair.public_id}"
    with clock.moved_to(THEN + 10 * A_DAY):
        answer = visit(school.leo).post(f"{address}/reminders/rest", follow_redirects=True)
        theirs = words(visit(school.maya).get(address))
        listed = words(visit(school.maya).get(f"{base(school)}/reminders"))

    a_day(app, school, 14)
    rested = told(school)
    a_day(app, school, 25)

    assert "Not now, then: none of you is reminded until Dec 17, 2026." in words(answer)
    assert "None of you is reminded until Dec 17, 2026" in theirs
    assert "No reminders until Dec 17, 2026 . Remind us again" in listed
    assert rested == []
    assert len(told(school)) == 2


def test_a_pair_has_its_reminders_back(app: Flask, school: School, visit: Visit, pair: Mentorship):
    address = f"{base(school)}/mentorships/{pair.public_id}"
    with clock.moved_to(THEN + 10 * A_DAY):
        visit(school.leo).post(f"{address}/reminders/rest")
        visit(school.maya).post(f"{address}/reminders/wake")

    a_day(app, school, 14)

    assert len(told(school)) == 2


@pytest.mark.parametrize("who", ["zoe", "ines"])
def test_nobody_else_lets_a_pair_rest(school: School, visit: Visit, pair: Mentorship, who: str):
    client = visit(getattr(school, who))
    for act in ("rest", "wake"):
        answer = client.post(f"{base(school)}/mentorships/{pair.public_id}/reminders/{act}")
        assert answer.status_code == 404

    assert school.session.scalars(select(NudgeRest)).all() == []


def test_what_is_over_needs_no_rest(school: School, visit: Visit, pair: Mentorship):
    visit(school.ines).post(f"{base(school)}/mentorships/{pair.public_id}/end")

    answer = visit(school.leo).post(
        f"{base(school)}/mentorships/{pair.public_id}/reminders/rest", follow_redirects=True
    )

    assert "This mentorship has ended meanwhile." in words(answer)


def test_only_ones_own_reminders_stand_on_the_page(app: Flask, school: School, visit: Visit, pair: Mentorship):
    a_day(app, school, 14)

    with clock.moved_to(MORNING):
        pages = {who: words(visit(getattr(school, who)).get(f"{base(school)}/reminders")) for who in ("zoe", "ines")}

    for page in pages.values():
        assert "You were reminded of nothing in the last two weeks." in page
        assert "Okafor" not in page
        assert "Leo" not in page


def test_a_former_member_does_not_read_on(app: Flask, school: School, visit: Visit, pair: Mentorship):
    a_day(app, school, 14)
    visit(school.ines).post(f"{base(school)}/mentorships/{pair.public_id}/end")

    with clock.moved_to(MORNING):
        page = words(visit(school.leo).get(f"{base(school)}/reminders"))

    assert "Maya" not in page


def test_the_section_is_for_its_people(school: School, visit: Visit, pair: Mentorship):
    address = f"{base(school)}/mentorships/{pair.public_id}"

    assert 'id="section-reminders"' in visit(school.leo).get(address).text
    assert 'id="section-reminders"' not in visit(school.ines).get(address).text


def test_an_instructor_switches_reminders_off_and_on(app: Flask, school: School, visit: Visit, pair: Mentorship):
    ines = visit(school.ines)
    off = words(ines.post(f"{base(school)}/fading/switch", data={"to": "off"}, follow_redirects=True))
    a_day(app, school, 14)
    before = told(school)
    on = words(ines.post(f"{base(school)}/fading/switch", data={"to": "on"}, follow_redirects=True))
    a_day(app, school, 15)

    assert "Nobody is reminded any more." in off
    assert "Nobody of this program is reminded. This list stays as it is." in off
    assert "People are reminded again." in on
    assert before == []
    assert len(told(school)) == 2
    assert len(school.session.scalars(select(NudgeSwitch)).all()) == 1


def test_learners_switch_nothing(school: School, visit: Visit, pair: Mentorship):
    assert visit(school.leo).post(f"{base(school)}/fading/switch", data={"to": "off"}).status_code == 403
    assert visit(school.leo).get(f"{base(school)}/fading").status_code == 403


def test_the_page_asks_as_often_for_three_as_for_one(app: Flask, school: School, visit: Visit, counting: Counting):
    school.mentors(maya=3)
    costs = []
    for number in (1, 3):
        for person in [school.leo] if number == 1 else [school.zoe, school.join("Nils Berg")]:
            pair = tidied(school, school.paired(person, school.maya))
            living.begin(school.session, held(school, pair), by=person, at=THEN)
            school.session.commit()
        a_day(app, school, 20 + number)
        with clock.moved_to(THEN + (20 + number) * A_DAY):
            client = visit(school.maya)
            client.get(f"{base(school)}/reminders")  # What is known for a few seconds is asked for now.
            with counting() as asked:
                client.get(f"{base(school)}/reminders")
        costs.append(len(asked))

    assert (
        len({nudge.mentorship_id for nudge in school.session.scalars(select(Nudge).where(Nudge.sent.is_not(None)))})
        == 3
    )
    assert costs[0] == costs[1], costs
