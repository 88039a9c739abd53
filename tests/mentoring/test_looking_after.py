"""Mentors are looked after: what they carry, for themselves and their instructors, and a word before it is too much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.looking_after import reading, warned
from mentoring.looking_after.load import Spell, by_month, in_a_row, since_when
from mentoring.looking_after.warning import Signs, Warning, is_slower, warnings
from mentoring.mentorships import answering, living
from mentoring.mentorships.breaks import take_break
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import TrainingDone
from mentoring.programs.choices import Manner, MustAgree
from mentoring.programs.models import TrainingItem
from mentoring.programs.starting import current
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, designed, held, proposed
from tests.mentoring.closures import CAME, an_active_pair, part_of, step_in
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import booked, said
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]
LENGTH = timedelta(days=90)


def days(number: float) -> datetime:
    """So many days before then."""
    return THEN - number * A_DAY


def spell(since: float, until: float | None = None) -> Spell:
    """From so many days ago, until so many days ago."""
    return Spell(days(since), None if until is None else days(until))


def signs(*spells: Spell, places: int = 9, replies: tuple[int, ...] = ()) -> Signs:
    return Signs(spells=spells, places=places, length=LENGTH, replies=[timedelta(days=each) for each in replies])


@pytest.mark.parametrize(
    ("carried", "found"),
    [
        (signs(), []),
        (signs(*[spell(89)] * 5), []),
        (signs(*[spell(91)] * 5), [Warning.MANY]),
        (signs(*[spell(91)] * 4), []),
        (signs(*[spell(91)] * 4, spell(91, 50), spell(45)), [Warning.MANY]),
        (signs(*[spell(91)] * 4, spell(91, 50), spell(30)), []),
        (signs(*[spell(91)] * 4, spell(91, 1)), []),
        (signs(spell(104), places=1), []),
        (signs(spell(105), places=1), [Warning.FULL]),
        (signs(spell(105), places=2), []),
        (signs(spell(105), places=0), []),
        (signs(spell(300, 210), spell(200, 110), spell(100)), [Warning.NO_BREAK]),
        (signs(spell(300, 210), spell(200, 110), spell(95)), []),
        (signs(spell(200, 110), spell(100)), []),
        (signs(spell(300, 210), spell(200, 110), spell(100, 20)), []),
        (signs(spell(100), spell(100), spell(100), spell(100)), []),
        (signs(replies=(1, 1, 1, 2, 2, 2)), [Warning.SLOWER]),
        (signs(replies=(1, 1, 2, 2, 2)), []),
        (signs(replies=(2, 2, 2, 3, 3, 3)), []),
        (signs(replies=(0, 0, 0, 1, 1, 1)), []),
    ],
)
def test_each_rule_warns_when_it_is_too_much_and_not_a_day_before(carried: Signs, found: list[Warning]):
    assert warnings(carried, THEN) == found


def test_months_say_the_most_at_once_and_not_how_many_came_and_went():
    at = datetime(2026, 3, 15, tzinfo=UTC)
    spells = [
        Spell(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC)),
        Spell(datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 2, 20, tzinfo=UTC)),
        Spell(datetime(2026, 2, 1, tzinfo=UTC)),
        Spell(datetime(2026, 3, 20, tzinfo=UTC)),
    ]

    found = by_month(spells, at, 4)

    assert found == [(date(2025, 12, 1), 0), (date(2026, 1, 1), 1), (date(2026, 2, 1), 2), (date(2026, 3, 1), 1)]


def test_the_year_turns_between_months():
    assert by_month([], datetime(2026, 1, 31, tzinfo=UTC), 13)[0][0] == date(2025, 1, 1)


def test_a_mentorship_that_ended_as_it_began_makes_no_endless_row():
    assert in_a_row([spell(5, 5), spell(5, 5), spell(5)], THEN) == 1
    assert since_when([spell(5)], 0, THEN) is None


def test_a_few_answers_say_nothing_about_getting_slower():
    assert not is_slower([timedelta(days=day) for day in (9, 9, 9)])


def address(school: School, *, of: Enrolment | None = None) -> str:
    return f"/courses/{school.course.public_id}/mentoring/looking-after" + (f"/{of.public_id}" if of else "")


def mine(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/how-it-goes"


def of_maya(school: School, *, at: datetime = THEN) -> reading.HowItGoes:
    cohort = current(school.session, school.course)
    assert cohort is not None
    found = reading.one(school.session, cohort, school.maya, at=at)
    assert found is not None
    return found


def test_load_meetings_and_what_is_due_by_the_agreed_rhythm(school: School):
    pair = an_active_pair(school)
    [meeting] = booked(school, pair, pair.mentee)
    said(school, meeting, pair.mentee)
    rhythm = school.cohort.version.meeting_days

    soon, late = (of_maya(school, at=meeting.starts + timedelta(days=rhythm + extra)) for extra in (0, 1))
    booked(school, pair, pair.mentee, rhythm + 5)
    planned = of_maya(school, at=meeting.starts + timedelta(days=rhythm + 1))

    assert (soon.load, soon.places, soon.held) == (1, 1, 1)
    assert [soon.due, late.due, planned.due] == [0, 1, 0]


def test_nothing_is_due_while_two_rest(school: School):
    pair = an_active_pair(school)
    living.pause(school.session, held(school, pair), until=THEN + 30 * A_DAY, by=school.leo, at=THEN)
    school.session.commit()

    assert of_maya(school, at=THEN + 29 * A_DAY).due == 0


def test_whoever_was_replaced_carries_it_no_longer_and_the_other_from_then_on(school: School):
    pair = an_active_pair(school)
    school.mentors(zoe=1)
    step_in(school, pair, school.zoe)
    cohort = current(school.session, school.course)
    assert cohort is not None

    found = {each.mentor.name: each for each in reading.everybody(school.session, cohort, at=CAME + A_DAY)}

    assert [(name, each.load) for name, each in found.items()] == [("Maya Okafor", 0), ("Zoe Lind", 1)]


def test_the_middle_of_answers_counts_yes_no_and_a_question_back(school: School):
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=5)
    asked = [proposed(school, person, school.maya) for person in (school.leo, school.zoe, school.join("Tom Reed"))]
    session = school.session
    answering.accept(session, held(school, asked[0]), by=school.maya, at=THEN + A_DAY)
    answering.decline(session, held(school, asked[1]), by=school.maya, at=THEN + 2 * A_DAY, reason="no_time")
    answering.ask_back(session, held(school, asked[2]), "Why?", by=school.maya, at=THEN + 3 * A_DAY)
    session.commit()

    found = of_maya(school, at=THEN + 4 * A_DAY)

    assert (list(found.replies), found.reply) == ([A_DAY, 2 * A_DAY, 3 * A_DAY], 2 * A_DAY)


def test_training_that_is_to_be_done_or_soon_anew(school: School):
    school.mentors(maya=1)
    for key, valid in (("safe", 0), ("listen", 30)):
        school.session.add(
            TrainingItem(
                version_id=school.cohort.version_id, key=key, title=key.title(), place=1, manner=Manner.LINK,
                address="", is_for_mentors=True, valid_days=valid or None,
            )
        )  # fmt: skip
    school.session.add(TrainingDone(participant_id=part_of(school, school.maya).id, item="listen", done=THEN))
    school.session.commit()
    school.session.expire_all()

    found = of_maya(school)

    assert [step.item.key for step in found.to_learn] == ["safe"]
    assert [step.item.key for step in found.expiring] == ["listen"]


def long_ago(school: School, pair: Mentorship, number: int) -> None:
    """It began so many days before then, in rows alone."""
    pair.started = THEN - number * A_DAY
    for member in pair.members:
        member.since = pair.started
    school.session.commit()


def test_a_warning_is_kind_to_the_mentor_and_offers_a_break(school: School, visit: Visit):
    long_ago(school, an_active_pair(school), 120)

    with clock.moved_to(THEN):
        own = words(visit(school.maya).get(mine(school)))
        take_break(school.session, part_of(school, school.maya), at=THEN)
        school.session.commit()
        resting = words(visit(school.maya).get(mine(school)))

    assert "Take care of yourself All your places have been taken for longer than a mentorship lasts here." in own
    assert "Take a break" in own
    assert ("On a break" in resting, "Take a break" in resting) == (True, False)


def test_instructors_see_the_warned_first_and_each_on_a_page(school: School, visit: Visit):
    long_ago(school, an_active_pair(school), 120)
    school.join_mentor("Ada Able", 2)
    ines = visit(school.ines)

    with clock.moved_to(THEN):
        page, person = words(ines.get(address(school))), words(ines.get(address(school, of=school.maya)))

    assert "One of them may carry too much, and stands first." in page
    assert page.index("Maya Okafor") < page.index("Ada Able")
    assert "Ada Able 0 of 2 places · 0 meetings" in page
    assert "All places taken for longer than a mentorship lasts" in page
    assert "Talk to them before you give them another mentee." in person
    assert "Nov 2026 1" in person


def test_who_opens_what(school: School, visit: Visit):
    an_active_pair(school)
    tariq, olga = school.join("Tariq Aziz", Role.ASSISTANT), school.join("Olga Obs", Role.OBSERVER)
    everyone = (school.maya, school.leo, school.ines, tariq, olga)
    pages = (mine(school), address(school), address(school, of=school.maya), address(school, of=school.leo))

    found = {each.name: [visit(each).get(page).status_code for page in pages] for each in everyone}

    assert found == {
        "Maya Okafor": [200, 403, 403, 403],
        "Leo Baum": [200, 403, 403, 403],
        "Ines Torres": [200, 200, 200, 404],
        "Tariq Aziz": [200, 403, 403, 403],
        "Olga Obs": [403, 403, 403, 403],
    }
    assert "You do not mentor in this course at present." in words(visit(school.leo).get(mine(school)))
    assert "Maya" not in words(visit(school.leo).get(mine(school)))


@pytest.mark.parametrize("said_from", ["-1", "x", "99999999999", "😀", "1000"])
def test_what_the_address_says_wrongly_is_the_beginning(school: School, visit: Visit, said_from: str):
    school.mentors(maya=1)

    assert "Maya Okafor" in words(visit(school.ines).get(address(school), query_string={"from": said_from}))


def test_nine_mentors_cost_as_many_queries_as_one(school: School, visit: Visit, counting: Counting):
    an_active_pair(school)
    ines, page, costs = visit(school.ines), address(school), []
    for number in range(9):
        if number:
            mentor = school.join_mentor(f"Mentor {number}", 2)
            pair = school.paired(school.join(f"Mentee {number}"), mentor)
            booked(school, pair, pair.mentee)
        if number in (0, 8):
            with counting() as queries:
                assert ines.get(page).status_code == 200
            costs.append(len(queries))

    assert costs[0] == costs[1]


def test_a_mentor_finds_the_page_from_home(school: School, visit: Visit):
    an_active_pair(school)

    home = visit(school.maya).get(f"/courses/{school.course.public_id}/")

    assert f'href="{mine(school)}"' in home.text


def home(school: School, visit: Visit, who: Enrolment, at: datetime = THEN) -> str:
    with clock.moved_to(at):
        return panel(visit(who).get(f"/courses/{school.course.public_id}/"), "too-much") or ""


def test_a_home_page_warns_the_mentor_and_tells_instructors_how_many(school: School, visit: Visit):
    pair = an_active_pair(school)
    quiet = [home(school, visit, each) for each in (school.maya, school.ines)]
    long_ago(school, pair, 120)

    maya, ines, leo = (home(school, visit, each) for each in (school.maya, school.ines, school.leo))

    assert quiet == ["", ""]
    assert "All your places have been taken for longer than a mentorship lasts here." in maya
    assert "One mentor may carry too much. Talk to them before you give them another mentee." in ines
    assert "Maya" not in ines
    assert leo == ""


def test_home_pages_and_the_page_of_all_mentors_warn_of_the_same(school: School):
    """Many, full, without a break, slower, and two of whom there is nothing to say."""
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=9, zoe=1, ines=2)
    kim, ada = school.join_mentor("Kim", 3), school.join_mentor("Ada", 9)
    for number in range(5):
        began(school, school.join(f"Many {number}"), school.maya, since=95)
    began(school, school.join("Full"), school.zoe, since=120)
    for since in (290, 195, 100):
        began(school, school.join(f"Row {since}"), kim, since=since, until=since - 94)
    began(school, school.join("New"), school.ines, since=3)
    for number, took in enumerate((1, 1, 1, 3, 3, 3)):
        ask = proposed(school, school.join(f"Asks {number}"), ada)
        answering.decline(school.session, held(school, ask), by=ada, at=THEN + took * A_DAY, reason="no_time")
        ask.created = THEN + number * timedelta(seconds=1)
    school.session.commit()
    school.session.expire_all()
    cohort = current(school.session, school.course)
    assert cohort is not None

    at = THEN + 4 * A_DAY
    everybody = {
        each.mentor.enrolment_id: list(each.warnings) for each in reading.everybody(school.session, cohort, at=at)
    }
    found = warned.everybody(school.session, cohort, at=at)

    assert found == {mentor: said for mentor, said in everybody.items() if said}
    assert found == {
        school.maya.id: [Warning.MANY],
        school.zoe.id: [Warning.FULL],
        kim.id: [Warning.NO_BREAK],
        ada.id: [Warning.SLOWER],
    }
    mentors = (school.maya, school.zoe, kim, ada, school.ines)
    assert [warned.of_mentor(school.session, cohort, each, at=at) for each in mentors] == [
        found.get(each.id, []) for each in mentors
    ]


def began(school: School, mentee: Enrolment, mentor: Enrolment, *, since: int, until: int | None = None) -> None:
    """A pair since so many days before then, in rows alone."""
    pair = school.paired(mentee, mentor)
    long_ago(school, pair, since)
    if until is not None:
        pair.state, pair.ended = MentorshipState.COMPLETED, THEN - until * A_DAY
        for member in pair.members:
            member.until = pair.ended
    school.session.commit()
