"""What the home page says about my mentors and my mentees, and who asks whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale, get_timezone
from flask_babel import gettext as _

from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.mentorships.agreement.section import waiting_for_you
from mentoring.mentorships.models import Mentorship, Part, Place, Task
from mentoring.mentorships.naming import by_name, names_of
from mentoring.mentorships.queries import asks_of, circles_of, mentees_of, mentors_of
from mentoring.mentorships.silence import TOO_OFTEN, silences_in_a_row
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.wording import STATES
from mentoring.names import in_sentence
from mentoring.participants.models import Participant, ParticipantState
from mentoring.participants.queries import has_part, is_seeking, loads, part_of
from mentoring.programs.choices import MentoringType
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current


@dataclass(frozen=True)
class Companion:
    """The other person of a mentorship, as the home page shows them."""

    name: str
    kind: str
    since: datetime
    since_words: str
    grace_ends: datetime | None
    """When the mentorship ends unless whoever left the course comes back."""
    grace_words: str
    has_met: bool
    """Whether one of the two has said that they have met."""
    url: str


@dataclass(frozen=True)
class InCircle:
    """A circle of mine, as the home page shows it."""

    circle: Mentorship
    others: Sequence[Participant]
    task: Task | None
    """What is to be done next."""
    url: str

    @classmethod
    def of(cls, circle: Mentorship, me: Enrolment) -> InCircle:
        return cls(
            circle,
            by_name(person for person in circle.people if person.enrolment_id != me.id),
            next((task for task in circle.tasks if task.done is None), None),
            url_for("mentorships.mentorship", course=me.course.public_id, mentorship_id=circle.public_id),
        )

    @property
    def step(self) -> NextStep | None:
        if self.circle.state is not MentorshipState.ACCEPTED:
            return None
        names = names_of(self.others)
        sentence = _(
            "You are in a circle with %(names)s. Arrange a first meeting, and say when you have met.", names=names
        )
        return NextStep(sentence=sentence, label=_("Open your circle"), url=self.url)


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked, or who waits for an answer, as the home page shows it."""

    mentorship: Mentorship
    other: str
    is_my_turn: bool
    url: str


def your_mentor(me: Enrolment) -> Card | None:
    """Who mentors me, and for a place not yet filled who was asked; said too while there is nobody, unless I mentor
    others and need nobody."""
    places, asks = mentors_of(db.session, me), asks_of(db.session, me, Part.MENTEE)
    cohort = current(db.session, me.course)
    if not places and not asks and (_is_of_peers(cohort) or not is_seeking(me, _part_of(me, cohort))):
        return None
    asked = [_asked(ask, ask.mentor, Part.MENTEE) for ask in asks]
    mine = [ask for ask in asked if ask.is_my_turn]
    mentors = [_companion(place, place.mentor, me) for place in places if place.mentor is not None]
    ask_url = (
        url_for("mentorships.new_request", course=me.course.public_id)
        if cohort and cohort.version.takes_requests
        else ""
    )
    slots_url = _slots_url(me, cohort)
    return Card(
        title=_("Your mentors") if len(places) > 1 else _("Your mentor"),
        template="mentorships/_your_mentor.html",
        context={
            "mentors": mentors,
            "asked": asked,
            "ask_url": ask_url,
            "slots_url": slots_url,
        },
        urgency=Urgency.WAITING if mine else Urgency.USEFUL,
        next_step=_answer_step(mine[0])
        if mine
        else _first_meeting(mentors) or _book_step(slots_url, places, asks) or _ask_step(ask_url, places, asks),
    )


def _slots_url(me: Enrolment, cohort: Cohort | None) -> str:
    """Where single meetings are offered and booked, in a program of those."""
    is_flash = cohort is not None and cohort.version.mentoring_type == MentoringType.FLASH
    return url_for("meetings.all_slots", course=me.course.public_id) if is_flash else ""


def _book_step(slots_url: str, places: Sequence[Place], asks: Sequence[Mentorship]) -> NextStep | None:
    if not slots_url or places or asks:
        return None
    sentence = _("Mentors offer single times here. Choose one that suits you.")
    return NextStep(sentence=sentence, label=_("Book a time"), url=slots_url)


def _ask_step(ask_url: str, places: Sequence[Place], asks: Sequence[Mentorship]) -> NextStep | None:
    if not ask_url or places or asks:
        return None
    sentence = _("You have no mentor yet, and may ask one yourself.")
    return NextStep(sentence=sentence, label=_("Ask a mentor"), url=ask_url)


def _first_meeting(companions: Sequence[Companion]) -> NextStep | None:
    """To meet for the first time, with whoever has waited for that longest."""
    to_meet = [each for each in companions if not each.has_met and not each.grace_ends]
    if not to_meet:
        return None
    first = min(to_meet, key=lambda each: each.since)
    name = in_sentence(first.name)
    sentence = _("You and %(name)s are a pair. Arrange a first meeting, and say when you have met.", name=name)
    return NextStep(sentence=sentence, label=_("Open your page with %(name)s", name=name), url=first.url)


def _part_of(me: Enrolment, cohort: Cohort | None) -> Participant | None:
    """Nothing is asked for somebody who has no part in anything, as most instructors."""
    return part_of(db.session, cohort, me) if has_part(db.session, me) else None


def _is_of_peers(cohort: Cohort | None) -> bool:
    return cohort is not None and cohort.version.is_of_peers


def your_circle(me: Enrolment) -> Card | None:
    """With whom I am in a circle, and what comes next there; among peers it is said too that there is none yet."""
    cohort, circles = current(db.session, me.course), circles_of(db.session, me)
    if not circles and not (_is_of_peers(cohort) and is_seeking(me, _part_of(me, cohort))):
        return None
    shown = [InCircle.of(circle, me) for circle in circles]
    steps = [each.step for each in shown if each.step is not None]
    return Card(
        title=_("Your circles") if len(circles) > 1 else _("Your circle"),
        template="mentorships/_your_circle.html",
        context={"circles": shown, "states": STATES},
        urgency=Urgency.NEXT if steps else Urgency.QUIET,
        next_step=steps[0] if steps else None,
    )


def asked_of_you(me: Enrolment) -> Card | None:
    """Who waits for my answer as a mentor, the one who waits longest first."""
    asks = asks_of(db.session, me, Part.MENTOR)
    participant = _part_of(me, current(db.session, me.course))
    is_on_break = participant is not None and participant.state is ParticipantState.PAUSED
    silences = silences_in_a_row(db.session, participant) if participant and participant.as_mentor else 0
    if not asks and not is_on_break and silences < TOO_OFTEN:
        return None
    asked = sorted((_asked(ask, ask.mentee, Part.MENTOR) for ask in asks), key=lambda ask: not ask.is_my_turn)
    waiting = [ask for ask in asked if ask.is_my_turn]
    return Card(
        title=_("Waiting for your answer") if waiting or not asked else _("You asked back"),
        template="mentorships/_asked_of_you.html",
        context={
            "asked": asked,
            "is_on_break": is_on_break,
            "may_take_a_break": not is_on_break and silences >= TOO_OFTEN,
            "back_on": participant.paused_until if participant and is_on_break else None,
        },
        urgency=Urgency.WAITING if waiting else Urgency.QUIET,
        next_step=_answer_step(waiting[0]) if waiting else None,
    )


def _asked(ask: Mentorship, other: Participant, mine: Part) -> Asked:
    url = url_for("mentorships.mentorship", course=ask.cohort.course.public_id, mentorship_id=ask.public_id)
    return Asked(ask, other.name, ask.waits_for is mine, url)


def _answer_step(ask: Asked) -> NextStep:
    name, until = in_sentence(ask.other), ask.mentorship.reply_by
    return NextStep(
        sentence=_("%(name)s waits for your answer, which is due by %(when)s.", name=name, when=local_time(until))
        if until
        else "",
        label=_("Answer %(name)s", name=name),
        url=ask.url,
    )


def your_mentees(me: Enrolment) -> Card | None:
    """Whom I mentor and how many places are left; nothing for those who do not mentor."""
    places = mentees_of(db.session, me)
    cohort = current(db.session, me.course)
    participant = _part_of(me, cohort)
    capacity = participant.capacity if participant else 0
    if not places and not capacity:
        return None
    taken = loads(db.session, [participant])[participant.id] if participant else 0
    mentees = [_companion(place, place.mentee, me) for place in places]
    return Card(
        title=_("Your mentees"),
        template="mentorships/_your_mentees.html",
        context={
            "mentees": mentees,
            "free": max(capacity - taken, 0),
            "capacity": capacity,
            "pairing_url": url_for("pairing.board", course=me.course.public_id) if me.is_instructor else "",
            "slots_url": _slots_url(me, cohort),
        },
        urgency=Urgency.USEFUL,
        next_step=_first_meeting(mentees),
    )


def _companion(place: Place, other: Participant, me: Enrolment) -> Companion:
    grace_ends = place.mentorship.grace_ends
    return Companion(
        other.name,
        place.kind.label,
        place.since,
        _day(place.since),
        grace_ends,
        _day(grace_ends) if grace_ends else "",
        place.mentorship.state is not MentorshipState.ACCEPTED,
        url_for("mentorships.mentorship", course=me.course.public_id, mentorship_id=place.mentorship.public_id),
    )


def _day(moment: datetime) -> str:
    return str(format_date(moment.astimezone(get_timezone()).date(), "long", locale=get_locale()))


PANELS: Sequence[Panel] = (
    Panel(key="to-sign", order=2, open_to=MEMBERS, fill=waiting_for_you),
    Panel(key="asked-of-you", order=4, open_to=MEMBERS, fill=asked_of_you),
    Panel(key="your-mentor", order=10, open_to=MEMBERS, fill=your_mentor),
    Panel(key="your-circle", order=11, open_to=MEMBERS, fill=your_circle),
    Panel(key="your-mentees", order=20, open_to=MEMBERS, fill=your_mentees),
)
