"""A course in which pairs have lived for weeks: something of everything that people do together after the match."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.contacts.recording import Wish, record
from lti_tool.db import transaction
from lti_tool.models import Enrolment
from lti_tool.running.delivering import drain
from mentoring.mentorships import living, substituting, tasks
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.models import Agreement
from mentoring.mentorships.agreement.standing import Terms
from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.queries import participants_of
from mentoring.programs.choices import Channel
from mentoring.programs.models import Cohort
from mentoring.programs.starting import ensure
from mentoring.together.checkins import answering, arranging
from mentoring.together.checkins.models import CheckIn, Seen
from mentoring.together.checkins.standing import hash_of
from mentoring.together.closure import closing
from mentoring.together.closure.models import Next
from mentoring.together.concerns import raising
from mentoring.together.concerns.matters import Matter
from mentoring.together.concerns.models import Topic
from mentoring.together.conversation import writing as conversation
from mentoring.together.goals import acts as goals
from mentoring.together.goals.acts import Progress
from mentoring.together.goals.models import Goal, HowFar
from mentoring.together.meetings import attending, gathering, scheduling, slots
from mentoring.together.meetings.attending import Log
from mentoring.together.meetings.models import Function, Useful
from mentoring.together.meetings.scheduling import Plan
from mentoring.together.notebook import writing as notebook
from mentoring.together.notebook.writing import Entry
from mentoring.together.notes import writing as notes
from mentoring.together.notes.models import Visibility
from mentoring.together.nudges.models import Nudge
from mentoring.together.resources.sharing import Found, share_in
from mentoring.together.thanks import thanking
from tools.scene import TEACHES, people_by_key, program_begun, set_designed_scene, the_course

DAY = timedelta(days=1)
MANAGERS = {"leo": "vera@example.org", "tendai": "kofi@example.org"}
"""Who outside is asked what change they see; the second has answered."""
OTHERS = {"chloe": ("amara", 40), "tendai": ("anouk", 80), "siobhan": ("maya", 100), "farida": ("rosa", 60)}
"""Who is paired with whom, beside Leo and Maya, and since how many days: Chloé begins anew with Maya, Tendai is near
the end, Siobhán has finished, Farida and Rosa have fallen silent."""
LONG_LINE = "https://example.org/" + "a-page-with-a-very-long-address/" * 5


@dataclass(frozen=True)
class _Life:
    """What all of it happens in."""

    session: Session
    cohort: Cohort
    people: dict[str, Enrolment]
    at: datetime

    def ago(self, days: float) -> datetime:
        return self.at - days * DAY

    def plan(self, days: float, **told: object) -> Plan:
        """So many days from now, at two in the afternoon by the clocks of the tool."""
        usual = Plan(day=(self.at + days * DAY).date(), clock=time(14), zone="UTC", minutes=45, channel=Channel.ONLINE)
        return replace(usual, **told)  # type: ignore[arg-type]


def set_lived_in_scene(app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None:
    """The designed scene, and in it something on every page of a mentorship."""
    at = at or clock.now()
    set_designed_scene(app, campus, at=at)
    keys = {person.id: person.key for person in campus.people()}
    with app.test_request_context(), transaction() as session:
        life = _Life(session, ensure(session, the_course(), at=at), people_by_key(keys), at)
        leos = _held(life, "leo")
        others = {mentee: _paired(life, mentee, mentor, days) for mentee, (mentor, days) in OTHERS.items()}
        for mentorship in (leos, others["tendai"]):
            _ask_managers(life, mentorship)
        _live(life, leos)
        _finish(life, others["siobhan"])
        _near_the_end(life, others["tendai"])
        chloes = _begin_anew(life, others["chloe"])
        _gather(life, [leos, chloes])
        _around_it(life, leos)
    drain(app)
    with app.test_request_context(), transaction() as session:
        _answer(session, at)


def set_flash_scene(app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None:
    """A program of single meetings: Maya offers three times, two came to the first, and Leo comes to the next."""
    at = at or clock.now()
    with app.test_request_context(), program_begun(app, campus, "flash", at - 14 * DAY) as (session, cohort, people):
        life = _Life(session, cohort, people, at)
        mentor = participants_of(session, cohort)[people["maya"].id]
        for days, seats, who in ((-2, 2, ("chloe", "tendai")), (2, 1, ("leo",)), (3, 3, ())):
            said = life.ago(6)
            slot = slots.publish(session, cohort, mentor, life.plan(days), seats, at=said)
            for key in who:
                slots.book(session, cohort, slot, by=people[key], at=said)
    drain(app)


def _paired(life: _Life, mentee: str, mentor: str, days: int) -> Mentorship:
    """Since so many days, and they met for the first time soon after."""
    pair = Pair(life.people[mentee], life.people[mentor], life.cohort.version.kinds[0])
    made = assign(life.session, life.cohort, [pair], by=life.people[TEACHES], at=life.ago(days))
    assert made.refused == [], made.refused
    held = _hold(life.session, made.made[0].id)
    living.begin(life.session, held, by=held.mentor.enrolment, at=life.ago(days - 2))
    return held


def _held(life: _Life, mentee: str) -> Mentorship:
    found = select(Mentorship).where(Mentorship.cohort_id == life.cohort.id).order_by(Mentorship.id)
    mine = [each for each in life.session.scalars(found) if each.mentee.enrolment_id == life.people[mentee].id]
    return _hold(life.session, mine[-1].id)


def _hold(session: Session, mentorship_id: int) -> Mentorship:
    hold_people(session, [mentorship_id])
    [held] = lock(session, [mentorship_id])
    return held


def _ask_managers(life: _Life, mentorship: Mentorship) -> None:
    """Their manager is asked every week, and has been for the first time by now."""
    mentee, teacher = mentorship.mentee.enrolment, life.people[TEACHES]
    mail = next(MANAGERS[key] for key in MANAGERS if life.people[key].id == mentee.id)
    outsider = Outsider(name="Vera Stein", mail=mail)
    assert record(life.session, mentee.course, [Wish(mentee, outsider)], by=mentee, at=life.ago(11)) == []
    arranging.set_rhythm(life.session, life.cohort, 1, by=teacher, at=life.ago(11))
    arranging.agree(life.session, mentorship, whom=hash_of(mail), at=life.ago(10))


def _live(life: _Life, pair: Mentorship) -> None:
    session, mentor, mentee = life.session, pair.mentor, pair.mentee
    _meet(life, pair)
    for goal, far in zip(_goals(life, pair), (HowFar.HALF_WAY, HowFar.REACHED, None), strict=True):
        if far is None:
            goals.drop(session, goal, "There is no exam in statistics any more.", by=mentee, at=life.ago(2))
        else:
            said = Progress(words="Read it, and asked Mei.", far=far, hinders="The evenings are short.")
            goals.tell_progress(session, goal, said, by=mentee, at=life.ago(2))
    for title, is_done in (("Read chapter two", True), (f"Look at {LONG_LINE}", False)):
        wording = tasks.Wording(title=title, detail="We talk about it next time.", due=life.at + 3 * DAY)
        task = tasks.give(session, pair, wording, by=mentor, at=life.ago(4))
        tasks.tick(session, pair, task, is_done, by=mentee, at=life.ago(1))
    late = TimelineEntry(mentorship_id=pair.id, title="Visit the archive together", due=life.ago(1), by_id=mentee.id)
    session.add(late)
    for who, words in ((mentee, f"مرحبا, look: {LONG_LINE}"), (mentor, "Thank you!\n\nSee you on Thursday 🌿")):
        conversation.write(session, pair, words, token=f"lived-{who.id}", by=who, at=life.ago(1))
    signed = session.scalars(select(Agreement).where(Agreement.mentorship_id == pair.id)).one()
    terms = Terms(
        mentor_expects=signed.mentor_expects,
        mentee_expects=signed.mentee_expects,
        boundaries="What we talk about stays between us.",
        rhythm_days=7,
        channel=Channel.IN_PERSON,
        ends=signed.ends,
    )
    signing.propose(session, pair, terms, by=mentor, at=life.ago(1))
    thanking.thank(session, pair, mentee, "For a good question, every time.", by=mentor, at=life.ago(1))
    _write_down(life, pair)


def _goals(life: _Life, pair: Mentorship) -> list[Goal]:
    """One more that is on its way, one that is reached, one let go."""
    wordings = ("I write a summary each week.", "I have a place to study.", "I pass the exam in statistics.")
    return [
        goals.set_goal(
            life.session,
            pair,
            goals.Wording(statement=statement, due=life.at + 30 * DAY, prompts={"measure": "Three in a month"}),
            by=pair.mentee,
            at=life.ago(9),
        )
        for statement in wordings
    ]


def _meet(life: _Life, pair: Mentorship) -> None:
    """One meeting is said and rated by both, one waits for their word, one was missed, one is called off, more come."""
    session, mentor, mentee = life.session, pair.mentor, pair.mentee
    day = Plan(day=life.ago(6).date(), clock=time(14), zone="UTC", minutes=45, channel=Channel.PHONE, place="+351 2")
    [held] = scheduling.book(session, pair, day, by=mentor, at=life.ago(8))
    log = Log(has_attended=True, topics="The first exam", actions="Leo makes a plan.", functions=(Function.ADVICE,))
    for person in (mentor, mentee):
        attending.say(session, held, log, by=person, at=life.ago(4))
        attending.rate(held, Useful.VERY, by=person)
    [missed] = scheduling.book(session, pair, life.plan(-4), by=mentee, at=life.ago(8))
    attending.say(session, missed, Log(has_attended=False), by=mentee, at=life.ago(2))
    scheduling.book(session, pair, life.plan(-2), by=mentee, at=life.ago(5))
    series = life.plan(9, channel=Channel.IN_PERSON, place="The library, second floor", agenda="What went well?")
    first, *_rest = scheduling.book(session, pair, series, weeks=2, times=3, by=mentor, at=life.ago(1))
    scheduling.cancel(session, first, with_rest=False, by=mentor, at=life.ago(1))


def _write_down(life: _Life, pair: Mentorship) -> None:
    """Notebooks, and notes that others read, or nobody."""
    session, mentor, mentee = life.session, pair.mentor.enrolment, pair.mentee.enrolment
    for said in (
        Entry(text="I learn best in the morning, **before** anybody else is up.", grew_from=pair, share_with=pair),
        Entry(text=f"- what to ask\n- whom to ask: {LONG_LINE}", grew_from=pair),
        Entry(text="עברית, for the weekend."),
    ):
        notebook.write(session, mentee.person, said, at=life.ago(2))
    notebook.write(session, mentor.person, Entry(text="Ask more, tell less.", grew_from=pair), at=life.ago(3))
    for author, visibility in (
        (mentee, Visibility.PRIVATE),
        (mentee, Visibility.PAIR),
        (mentor, Visibility.PRIVATE),
        (mentor, Visibility.PROGRAM),
        (life.people[TEACHES], Visibility.STAFF),
    ):
        notes.write(session, pair, f"A note, {visibility.value}: {LONG_LINE}", visibility, by=author, at=life.ago(2))


def _finish(life: _Life, pair: Mentorship) -> None:
    thanking.thank(life.session, pair, pair.mentor, "You always had time.", by=pair.mentee, at=life.ago(6))
    living.complete(life.session, pair, by=pair.mentee.enrolment, at=life.ago(5))


def _near_the_end(life: _Life, pair: Mentorship) -> None:
    [last] = scheduling.book(life.session, pair, life.plan(-3), by=pair.mentor, at=life.ago(9))
    log = Log(has_attended=True, topics="What comes after the term", actions="Tendai asks for a place in the choir.")
    attending.say(life.session, last, log, by=pair.mentee, at=life.ago(2))
    wishes = (Next.CARRY_ON, Next.MENTOR)
    closing.answer(life.session, pair, wishes, by=pair.mentee, at=life.ago(1))


def _begin_anew(life: _Life, pair: Mentorship) -> Mentorship:
    """They have met, and then somebody else mentors Chloé: in a new mentorship that follows this one."""
    [met] = scheduling.book(life.session, pair, life.plan(-20), by=pair.mentor, at=life.ago(25))
    attending.say(life.session, met, Log(has_attended=True, topics="The house"), by=pair.mentee, at=life.ago(19))
    teacher = life.people[TEACHES]
    made = substituting.rematch(life.session, pair, life.people["maya"], by=teacher, at=life.ago(4))
    held = _hold(life.session, made.id)
    living.begin(life.session, held, by=held.mentor.enrolment, at=life.ago(3))
    return held


def _gather(life: _Life, pairs: list[Mentorship]) -> None:
    """Maya has met both, and meets Chloé, with a seat left for Leo."""
    mentor = pairs[0].mentor
    plan = life.plan(-1, agenda="How we prepare for exams", clock=time(8))
    gathering.gather(life.session, mentor, pairs, plan, seats=3, at=life.ago(3))
    plan = life.plan(5, channel=Channel.VIDEO, place="https://video.example.org/all", clock=time(8))
    gathering.gather(life.session, mentor, pairs[1:], plan, seats=2, at=life.ago(2))


def _around_it(life: _Life, pair: Mentorship) -> None:
    """Material, a concern with its answer, and a reminder that was sent."""
    session, mentor, teacher = life.session, pair.mentor, life.people[TEACHES]
    link = Found(title="The house rules", detail="Two pages.", url=LONG_LINE, token="rules")
    share_in(session, life.cohort.program, link, file=None, by=teacher, at=life.ago(3))
    leo = pair.mentee.enrolment
    about = Matter(mentorship=pair, others=[mentor.enrolment])
    words = "We do not get round to what I would like to ask."
    concern = raising.raise_concern(session, about, Topic.NOT_GETTING_ON, words, owner=teacher, by=leo, at=life.ago(3))
    raising.say(session, concern, "Shall we talk about it on Monday?", by=teacher, at=life.ago(2))
    nudge = Nudge(mentorship=pair, participant=pair.mentee, person_id=leo.person_id, rule="log_missing", about="lived")
    nudge.nth, nudge.due, nudge.sent, nudge.created = 1, life.ago(1), life.ago(1), life.ago(1)
    session.add(nudge)


def _answer(session: Session, at: datetime) -> None:
    asked = session.scalars(select(CheckIn).order_by(CheckIn.id)).all()
    answered = next(each for each in asked if each.mail == hash_of(MANAGERS["tendai"]))
    answering.answer(session, answered, Seen.SOME, "Tendai asks earlier when something is unclear.", at=at)
