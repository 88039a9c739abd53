"""Who of a run cannot be matched yet (R6): why, in words, and where to look for the cure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mentoring.participants.models import Participant, ParticipantState
from mentoring.participants.queries import is_here
from mentoring.programs.models import ProgramVersion


class Unready(StrEnum):
    """What keeps somebody from being matched with anybody."""

    TRAINING = "training"
    CONSENT = "consent"
    BREAK = "break"
    GONE = "gone"


OF_ONE: Mapping[Unready, LazyString] = {
    Unready.TRAINING: _l("Cannot be matched yet: some of their training is still to be done."),
    Unready.CONSENT: _l("Cannot be matched yet: they have not agreed to take part."),
    Unready.BREAK: _l("Cannot be matched now: they take a break."),
    Unready.GONE: _l("Cannot be matched any more: they have left the course."),
}
OF_MANY: Mapping[Unready, Callable[[int], str]] = {
    Unready.TRAINING: lambda n: ngettext(
        "One still has some of their training to do.", "%(num)d still have some of their training to do.", n
    ),
    Unready.CONSENT: lambda n: ngettext(
        "One has not agreed to take part yet.", "%(num)d have not agreed to take part yet.", n
    ),
    Unready.BREAK: lambda n: ngettext("One takes a break.", "%(num)d take a break.", n),
    Unready.GONE: lambda n: ngettext("One has left the course.", "%(num)d have left the course.", n),
}


@dataclass(frozen=True)
class HeldUp:
    """How many people cannot be matched, and for which reasons."""

    number: int
    reasons: Mapping[Unready, int]

    @property
    def title(self) -> str:
        return str(ngettext("One person cannot be matched yet", "%(num)d people cannot be matched yet", self.number))

    @property
    def sentences(self) -> Sequence[str]:
        told = [OF_MANY[why](self.reasons[why]) for why in Unready if self.reasons.get(why)]
        if self.is_theirs_to_mend:
            told.append(_("Everybody sees on their home page what is left to do. Then have matches suggested again."))
        return told

    @property
    def is_about_training(self) -> bool:
        return Unready.TRAINING in self.reasons

    @property
    def is_theirs_to_mend(self) -> bool:
        return bool({Unready.TRAINING, Unready.CONSENT} & set(self.reasons))


def why(participant: Participant, version: ProgramVersion) -> Unready:
    """Why somebody is not ready of whom the engine was told so; with nothing else in the way it is training."""
    if not is_here(participant.enrolment):
        return Unready.GONE
    if participant.state != ParticipantState.TAKING_PART:
        return Unready.BREAK if participant.state == ParticipantState.PAUSED else Unready.CONSENT
    if version.needs_consent and participant.consented is None:
        return Unready.CONSENT
    return Unready.TRAINING


def held_up(participants: Iterable[Participant], version: ProgramVersion) -> HeldUp | None:
    """These people, who are not ready, counted by what keeps them; nobody counts twice, and of nobody there is none."""
    people = {each.public_id: each for each in participants}
    return HeldUp(len(people), Counter(why(each, version) for each in people.values())) if people else None
