"""What the home page says about my part, while there is something to decide or to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.mentorships.queries import has_place, is_paired
from mentoring.names import in_sentence
from mentoring.participants.models import Nomination, Participant, ParticipantState
from mentoring.participants.nominating import waiting_for
from mentoring.participants.queries import is_here, is_seeking, joinable, part_of
from mentoring.programs.models import Cohort


@dataclass(frozen=True)
class _Situation:
    """What is known of my part."""

    me: Enrolment
    cohort: Cohort
    participant: Participant | None
    asked: Sequence[Nomination]

    @property
    def state(self) -> ParticipantState | None:
        return self.participant.state if self.participant else None

    @property
    def lacks_consent(self) -> bool:
        participant = self.participant
        return (
            self.cohort.version.needs_consent
            and (participant is None or participant.consented is None)
            and (is_seeking(self.me, participant) or (participant is not None and participant.as_mentor))
        )

    @property
    def is_paired(self) -> bool:
        return is_paired(db.session, self.me)

    @property
    def mentors(self) -> bool:
        return self.participant is not None and self.participant.as_mentor

    @property
    def has_training(self) -> bool:
        return any(item.is_for_mentors == self.mentors for item in self.cohort.version.training)

    @property
    def mentors_unsaid(self) -> bool:
        return self.participant is not None and self.mentors and not self.participant.has_said_offer

    @property
    def _has_place(self) -> bool:
        return self.participant is not None and has_place(db.session, self.me, self.participant)

    @property
    def seeks_unsaid(self) -> bool:
        has_said = self.participant is not None and self.participant.need is not None
        return is_seeking(self.me, self.participant) and not has_said and not self._has_place


def your_part(me: Enrolment) -> Card | None:
    """What is to be decided or said; nothing once all is, or before there is a program."""
    cohort = joinable(db.session, me.course)
    if cohort is None or not is_here(me):
        return None
    participant = part_of(db.session, cohort, me)
    situation = _Situation(me, cohort, participant, waiting_for(db.session, cohort, me))
    if participant is not None and participant.state == ParticipantState.WAITING_LIST:
        return _card(me, [_("You stand on the waiting list. Your instructor lets people in; nothing is left to do.")])
    found = _to_do(situation)
    if found is None:
        return None
    urgency, step = found
    return _card(me, [], asked=situation.asked, urgency=urgency, step=step)


def _card(
    me: Enrolment,
    said: Sequence[str],
    *,
    asked: Sequence[Nomination] = (),
    urgency: Urgency = Urgency.QUIET,
    step: NextStep | None = None,
) -> Card:
    return Card(
        title=_("Your part"),
        template="participants/_your_part.html",
        context={
            "said": [*said, *([step.sentence] if step and not asked else [])],
            "asked": asked,
            "step": None if asked else step,
            "mine_url": url_for("taking_part.mine", course=me.course.public_id),
        },
        urgency=urgency,
        next_step=step,
    )


def _to_do(situation: _Situation) -> tuple[Urgency, NextStep] | None:
    """The first thing that is open, and how urgent it is."""
    if situation.asked:
        name = in_sentence(situation.asked[0].by.name)
        sentence = _("%(name)s thinks that you would make a good mentor. You decide.", name=name)
        return Urgency.WAITING, _step(situation.me, "mine", sentence, _("Answer"))
    if situation.state in (ParticipantState.LEFT, ParticipantState.PAUSED):
        return None
    if situation.state == ParticipantState.INVITED:
        sentence = _("You are invited to take part in mentoring. You decide.")
        return Urgency.WAITING, _step(situation.me, "mine", sentence, _("Decide"))
    if situation.lacks_consent:
        urgency = Urgency.QUIET if situation.is_paired else Urgency.NEXT
        return urgency, _step(situation.me, "mine", _before_consent(situation), _("Look at it"))
    if situation.mentors_unsaid:
        sentence = _("You mentor. Say what you offer, so that you are matched with people you can help.")
        return Urgency.USEFUL, _step(situation.me, "offer", sentence, _("Say what you offer"))
    if situation.seeks_unsaid:
        sentence = _("Say what you look for, so that you are matched with somebody who can help.")
        return Urgency.USEFUL, _step(situation.me, "need", sentence, _("Say what you look for"))
    return None


def _before_consent(situation: _Situation) -> str:
    """What waits for my yes, and what comes after it."""
    if situation.is_paired:
        return str(_("Your pairing stays as it is. Nobody else is matched with you before you agree to it."))
    if situation.mentors:
        said = _("You mentor. Nobody is matched with you before you agree to it.")
        after = (
            _("Then you say what you offer and do your training.")
            if situation.has_training
            else _("Then you say what you offer.")
        )
    else:
        said = _("Nobody is matched with you before you agree to it.")
        after = (
            _("Then you say what you look for and do your training.")
            if situation.has_training
            else _("Then you say what you look for.")
        )
    return f"{said} {after}"


def _step(me: Enrolment, page: str, sentence: str, label: str) -> NextStep:
    url = url_for(f"taking_part.{page}", course=me.course.public_id)
    return NextStep(sentence=sentence, label=label, url=url)


PANEL = Panel(key="your-part", order=8, open_to=MEMBERS, fill=your_part)
