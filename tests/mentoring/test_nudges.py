"""Reminders rule by rule, with the clock moved; who has none; and what is planned once however often it is swept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lti_tool.models import Enrolment
from mentoring.mentorships import breaks, living
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.standing import agreed, terms_to_begin_with
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.participants.excluding import exclude
from mentoring.participants.models import ExclusionSource, ParticipantState
from mentoring.programs.choices import CohortState, MentoringType, MustAgree
from mentoring.together.concerns.blocking import block
from mentoring.together.meetings.models import MeetingState
from mentoring.together.nudges import rules, stopping
from mentoring.together.nudges.hours import awake, next_morning, tomorrow_morning
from mentoring.together.nudges.models import Nudge
from mentoring.together.nudges.rules import Occasion, Rule
from mentoring.together.nudges.sweeping import sweep
from tests.cast import THEN
from tests.mentoring.asking import designed, held, proposed
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair, booked, said
from tests.mentoring.nudging import A_DAY, NIGHT, a_day, begun, carried, met, swept, told, waiting

BOTH = ("Maya Okafor", "Leo Baum")


def on(days: float) -> datetime:
    """Half past two in the night, so many days after Monday, 23 November 2026."""
    return THEN + days * A_DAY - NIGHT


def for_both(*keys: str) -> list[tuple[str, str]]:
    return [(name, key) for name in BOTH for key in sorted(keys)]


def tidied(school: School, pair: Mentorship) -> Mentorship:
    """Nothing on their timeline is open."""
    for entry in school.session.scalars(select(TimelineEntry).where(TimelineEntry.mentorship_id == pair.id)):
        entry.done = entry.done or THEN
    school.session.commit()
    return pair


def test_a_pair_that_has_nothing_booked_a_rhythm_after_its_last_meeting_is_reminded(app: Flask, school: School):
    pair = tidied(school, begun(school))
    met(school, pair, days=1)

    assert swept(school, on(15)) == []
    assert swept(school, on(16)) == for_both("no_meeting")

    carried(app, school, THEN + 16 * A_DAY)

    assert told(school, school.leo) == [["Maya Okafor: no meeting is booked, and your last one was on Nov 24, 2026."]]


def test_the_rhythm_that_they_agreed_on_goes_before_the_programs(school: School):
    pair = tidied(school, begun(school))
    met(school, pair, days=1)
    terms = terms_to_begin_with(pair, agreed(school.session, pair), at=THEN)
    held(school, pair)
    often = replace(terms, rhythm_days=3)
    version = signing.propose(school.session, pair, often, by=pair.mentor, at=THEN)
    signing.sign(school.session, pair, seen=version.number, by=pair.mentee, at=THEN)
    school.session.commit()

    assert swept(school, on(5)) == for_both("no_meeting")


def test_who_has_booked_a_meeting_is_not_asked_to(school: School):
    pair = tidied(school, begun(school))
    booked(school, pair, pair.mentee, days=40)

    assert swept(school, on(30)) == []


def test_a_new_pair_is_reminded_a_week_after_the_clock_asked_them(app: Flask, school: School):
    """The clock of new pairs asks after seven days; that is not said twice."""
    pair = a_pair(school)
    carried(app, school, THEN + 8 * A_DAY)
    assert pair.nudged is not None
    tidied(school, pair)

    assert swept(school, on(14)) == []
    assert swept(school, on(16)) == for_both("no_meeting")

    carried(app, school, THEN + 16 * A_DAY)
    assert told(school, school.maya) == [["Leo Baum: you have not met yet, and nothing is booked. Propose a time."]]


def test_a_kick_off_that_they_moved_is_waited_for(school: School):
    pair = tidied(school, a_pair(school))
    kick_off = school.session.scalars(select(TimelineEntry).where(TimelineEntry.step == "kick_off")).one()
    kick_off.done, kick_off.due = None, THEN + 30 * A_DAY
    school.session.commit()

    assert swept(school, on(28)) == []
    assert swept(school, on(31)) == for_both("no_meeting")
    assert pair.mentor.name == "Maya Okafor"


def test_a_meeting_of_which_nobody_said_how_it_was_is_asked_about(app: Flask, school: School):
    pair = tidied(school, begun(school))
    [meeting] = booked(school, pair, pair.mentee, days=1)

    assert swept(school, on(1)) == []
    a_day(app, school, 2)
    said(school, meeting, pair.mentee)
    a_day(app, school, 6)

    line = "did you meet on Nov 24, 2026? It takes twenty seconds to say."
    assert sorted(told(school)) == [[f"Leo Baum: {line}"], [f"Maya Okafor: {line}"]]


def test_after_two_weeks_nobody_asks_about_a_meeting_any_more(school: School):
    pair = tidied(school, begun(school))
    booked(school, pair, pair.mentee, days=1)
    booked(school, pair, pair.mentee, days=90)

    assert swept(school, on(17)) == []


def test_a_step_that_is_late_is_spoken_of_after_two_days_and_its_words_stay_on_the_timeline(app: Flask, school: School):
    pair = tidied(school, begun(school))
    booked(school, pair, pair.mentee, days=90)
    school.session.add(TimelineEntry(mentorship=pair, title="Secret plan", due=THEN + A_DAY, by=pair.mentee))
    school.session.commit()

    assert swept(school, on(2)) == []
    a_day(app, school, 4)

    assert told(school, school.leo) == [
        ["Maya Okafor: something you planned yourselves for Nov 24, 2026 is still open."]
    ]


def test_of_several_late_steps_the_first_is_named(app: Flask, school: School):
    pair = begun(school)
    booked(school, pair, pair.mentee, days=90)

    a_day(app, school, 20)

    assert told(school, school.leo) == [
        ["Maya Okafor: “Outline and worksheet” was planned for Dec 4, 2026. It is not too late. And one more."]
    ]


def test_two_between_whom_nothing_happens_for_twice_their_rhythm_are_told_that_and_nothing_else(
    app: Flask, school: School
):
    begun(school)

    a_day(app, school, 29)

    assert told(school, school.leo) == [
        ["Maya Okafor: it has been quiet between you since Nov 23, 2026. One line or one time is enough."]
    ]


def test_a_tick_is_a_sign_of_life(school: School):
    pair = tidied(school, begun(school))
    entry = school.session.scalars(select(TimelineEntry).where(TimelineEntry.mentorship_id == pair.id)).first()
    entry.done = THEN + 20 * A_DAY
    school.session.commit()

    assert swept(school, on(29)) == for_both("no_meeting")


def test_an_agreement_that_waits_for_a_signature_reminds_who_has_not_signed(app: Flask, school: School):
    pair = tidied(school, begun(school))
    terms = terms_to_begin_with(pair, agreed(school.session, pair), at=THEN)
    held(school, pair)
    signing.propose(school.session, pair, terms, by=pair.mentor, at=THEN)
    school.session.commit()

    assert swept(school, on(2)) == []
    a_day(app, school, 4)

    assert told(school) == [["Maya Okafor: your agreement waits for your signature."]]
    assert told(school, school.maya) == []


def test_asks_have_their_own_clock_and_are_not_reminded_here(school: School):
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=1)
    proposed(school, school.leo, school.maya)

    assert swept(school, on(2)) == []


def test_what_is_meant_to_be_one_meeting_is_not_asked_for_another(school: School):
    pair = tidied(school, begun(school))
    met(school, pair)
    designed(school, mentoring_type=MentoringType.FLASH)

    assert swept(school, on(60)) == []


def test_everybody_of_a_circle_is_reminded_of_the_others(app: Flask, school: School):
    circle = a_circle(school)
    living.begin(school.session, held(school, circle), by=school.leo, at=THEN)
    school.session.commit()
    tidied(school, circle)

    a_day(app, school, 30)

    assert sorted(line.partition(":")[0] for lines in told(school) for line in lines) == [
        "Leo Baum and Maya Okafor",
        "Leo Baum and Zoe Lind",
        "Maya Okafor and Zoe Lind",
    ]


def test_the_same_is_said_so_often_and_no_more(app: Flask, school: School):
    tidied(school, begun(school))

    for days in range(14, 28):
        a_day(app, school, days)

    rows = school.session.scalars(select(Nudge).where(Nudge.rule == "no_meeting").order_by(Nudge.due)).all()
    leos = [(nudge.nth, nudge.sent) for nudge in rows if nudge.participant.enrolment_id == school.leo.id]
    assert leos == [(1, THEN + 14 * A_DAY), (2, THEN + 21 * A_DAY)]
    for days in range(28, 140, 3):
        a_day(app, school, days)

    assert len(told(school, school.leo)) == 5


def test_a_sweep_twice_plans_once(school: School):
    tidied(school, begun(school))

    first = swept(school, on(15))

    assert first == for_both("no_meeting")
    assert swept(school, on(15)) == first
    assert swept(school, on(16)) == first


def test_who_is_reminded_in_the_morning_where_they_are():
    vienna, auckland = ZoneInfo("Europe/Vienna"), ZoneInfo("Pacific/Auckland")

    assert next_morning(on(0), vienna) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert next_morning(on(0), auckland) == datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert next_morning(datetime(2026, 11, 23, 8, tzinfo=UTC), vienna) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    # Clocks go forward there on 28 March 2027.
    assert next_morning(datetime(2027, 3, 27, 12, tzinfo=UTC), vienna) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert awake(datetime(2026, 11, 23, 19, 30, tzinfo=UTC), vienna) == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert awake(THEN, vienna) == THEN
    assert tomorrow_morning(THEN, vienna) == datetime(2026, 11, 24, 8, tzinfo=UTC)


def paused(school: School, pair: Mentorship) -> None:
    held(school, pair)
    living.pause(school.session, pair, until=THEN + 50 * A_DAY, by=school.leo, at=THEN + A_DAY)


def resting(school: School, pair: Mentorship) -> None:
    stopping.rest(school.session, pair, at=on(40))


def switched_off(school: School, pair: Mentorship) -> None:
    stopping.switch(school.session, pair.cohort.program, is_on=False)


def over(school: School, pair: Mentorship) -> None:
    pair.cohort.state = CohortState.CLOSED


def in_grace(_school: School, pair: Mentorship) -> None:
    pair.grace_ends = THEN + 60 * A_DAY


@pytest.mark.parametrize("how", [paused, resting, switched_off, over, in_grace])
def test_a_mentorship_that_rests_is_not_reminded(app: Flask, school: School, how):
    pair = begun(school)
    how(school, pair)

    a_day(app, school, 41)

    assert waiting(school) == []
    assert told(school) == []


def away(_school: School, leo: Enrolment, _pair: Mentorship) -> None:
    leo.is_active = False


def on_a_break(school: School, _leo: Enrolment, pair: Mentorship) -> None:
    breaks.take_break(school.session, pair.mentee, at=on(29))


def gone(_school: School, _leo: Enrolment, pair: Mentorship) -> None:
    pair.mentee.state = ParticipantState.LEFT


def stopped(school: School, leo: Enrolment, _pair: Mentorship) -> None:
    stopping.stop(school.session, leo.person, "no_meeting", at=THEN)
    stopping.stop(school.session, leo.person, "no_meeting", at=THEN)


@pytest.mark.parametrize("how", [away, on_a_break, gone, stopped])
def test_somebody_who_is_away_or_has_stopped_it_is_not_reminded_and_the_other_is(app: Flask, school: School, how):
    pair = tidied(school, begun(school))
    how(school, school.leo, pair)

    a_day(app, school, 16)

    assert told(school, school.leo) == []
    assert len(told(school, school.maya)) == 1


def test_who_stopped_it_may_have_it_back(app: Flask, school: School):
    tidied(school, begun(school))
    stopping.stop(school.session, school.leo.person, "no_meeting", at=THEN)
    stopping.start(school.session, school.leo.person, "no_meeting")

    a_day(app, school, 16)

    assert len(told(school, school.leo)) == 1


def test_another_wing_may_remind_of_something_of_its_own(app: Flask, school: School):
    """Such as an exam that comes near: the rule says what it wants to know of each mentorship."""
    pair = tidied(school, begun(school))
    booked(school, pair, pair.mentee, days=90)
    rule = Rule(
        key="exam",
        order=60,
        label=_l("An exam"),
        when=_l("When an exam comes near."),
        reads=lambda _session, ids: dict.fromkeys(ids, THEN + A_DAY),
        looks_at=lambda facts: Occasion("exam", facts.known["exam"] + timedelta(days=21)),
        whom=rules.everybody,
        sentence=lambda _facts, names: f"{names}: how are you prepared?",
        again=timedelta(days=7),
        most=1,
    )
    rules.register(app, rule)
    with pytest.raises(ValueError, match="There is a rule 'exam' already"):
        rules.register(app, rule)

    a_day(app, school, 22)
    a_day(app, school, 24)
    a_day(app, school, 40)

    assert told(school, school.leo) == [["Maya Okafor: how are you prepared?"]]


def test_many_mentorships_are_looked_at_in_as_many_statements_as_one(app: Flask, school: School, counting: Counting):
    school.mentors(maya=3)
    costs: list[int] = []
    for person in (school.leo, school.zoe):
        pair = school.paired(person, school.maya)
        living.begin(school.session, held(school, pair), by=person, at=THEN)
        school.session.commit()
        with counting() as asked:
            sweep(at=on(15 + len(costs)))
        costs.append(len(asked))

    assert len({costs[0], costs[1]}) == 1, costs


def test_a_meeting_that_was_missed_was_none(school: School):
    pair = tidied(school, begun(school))
    meeting = met(school, pair, days=1)
    later = met(school, pair, days=10)
    later.state = MeetingState.MISSED
    school.session.commit()

    assert swept(school, on(16)) == for_both("no_meeting")
    assert meeting.state is MeetingState.HELD


def blocked(school: School, pair: Mentorship) -> None:
    block(school.session, school.leo, school.maya, leaves=False, at=on(1))


def kept_apart(school: School, _pair: Mentorship) -> None:
    exclude(school.session, school.maya, school.leo, by=school.ines, at=on(1), source=ExclusionSource.COORDINATOR)


@pytest.mark.parametrize("how", [blocked, kept_apart])
def test_nobody_is_asked_to_meet_whom_they_are_kept_apart_from(app: Flask, school: School, how):
    pair = tidied(school, begun(school))
    before = swept(school, on(16))
    how(school, pair)

    carried(app, school, on(16) + NIGHT)

    assert (before, told(school), swept(school, on(17))) == (for_both("no_meeting"), [], [])


def test_a_circle_in_which_one_has_blocked_another_goes_on(app: Flask, school: School):
    circle = a_circle(school)
    living.begin(school.session, held(school, circle), by=school.leo, at=THEN)
    block(school.session, school.leo, school.maya, leaves=False, at=on(1))
    school.session.commit()

    assert {name for name, _rule in swept(school, on(40))} == {"Leo Baum", "Maya Okafor", "Zoe Lind"}
