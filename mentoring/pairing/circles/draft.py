"""What the page of a draft of circles says: circles with reasons and warnings, who is left over, and how good it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import ngettext

from lti_tool.roster.groups import Choice
from mentoring.mentorships.naming import by_name, names_of
from mentoring.names import alphabetically, answers_to
from mentoring.pairing.circles.checking import broken, left_over
from mentoring.pairing.circles.peering import Gathered
from mentoring.pairing.circles.proving import proof
from mentoring.pairing.circles.words import counted, shared
from mentoring.pairing.matching.peers import LeftAlone
from mentoring.pairing.models import MatchCircle, MatchRun, RunState
from mentoring.pairing.runs.drafting import token
from mentoring.pairing.unready import OF_ONE, HeldUp, held_up, why
from mentoring.participants.models import Participant


@dataclass(frozen=True)
class ProposedCircle:
    """One circle of a draft as it is looked at."""

    circle: MatchCircle
    people: Sequence[Participant]
    warnings: Sequence[str]
    reasons: Sequence[str] = ()
    """Told of the circles that are looked at (`with_reasons`)."""

    @property
    def names(self) -> str:
        return names_of(self.people)

    @property
    def mean(self) -> int:
        """How well they suit each other, of 1000."""
        return round(self.circle.total / len(self.people))


@dataclass(frozen=True)
class LeftOver:
    """Somebody who is in no circle of the draft."""

    person: Participant
    in_the_way: Sequence[str]
    alone_too: int
    """How many others who are left over they may meet."""
    unready: str = ""
    """Why they cannot be with anybody at all; then nothing else is in the way."""


@dataclass(frozen=True)
class Draft:
    """A run for peers as it is looked at."""

    run: MatchRun
    circles: Sequence[ProposedCircle] = ()
    left: Sequence[LeftOver] = ()
    summary: str = ""
    proof: Sequence[str] = ()
    smallest: int = 2
    held_up: HeldUp | None = None
    """Who cannot be in a circle yet."""

    @property
    def seen(self) -> str:
        return token(self.run)

    @property
    def is_draft(self) -> bool:
        return self.run.is_draft

    @property
    def warned(self) -> Sequence[ProposedCircle]:
        return [each for each in self.circles if each.warnings]

    @property
    def locked(self) -> int:
        return sum(each.circle.is_locked for each in self.circles)

    @property
    def everybody(self) -> Sequence[Participant]:
        """Everybody who can be moved, those who are left over first."""
        return [each.person for each in self.left] + [person for each in self.circles for person in each.people]

    def shown(self, choice: Choice, search: str, show: str) -> tuple[list[ProposedCircle], list[LeftOver]]:
        """The circles and leftovers that answer to a group, a search and a filter."""
        circles = [
            each
            for each in self.circles
            if any(choice.shows(person.enrolment_id) for person in each.people)
            and (not search or any(answers_to(person.enrolment, search) for person in each.people))
            and (show != "warned" or each.warnings)
            and (show != "locked" or each.circle.is_locked)
        ]
        left = [
            each
            for each in self.left
            if choice.shows(each.person.enrolment_id) and (not search or answers_to(each.person.enrolment, search))
        ]
        return circles, left


def draft(run: MatchRun, gathered: Gathered) -> Draft:
    """The draft held against the cohort as it stands; one that was published is only told."""
    is_over = run.state != RunState.DRAFT
    circles = [
        ProposedCircle(
            circle,
            by_name(circle.people),
            [] if is_over else broken(gathered, circle.people),
        )
        for circle in run.circles
    ]
    circles.sort(key=lambda each: alphabetically(each.people[0].enrolment))
    placed = {person.public_id for each in circles for person in each.people}
    return Draft(
        run,
        circles,
        [] if is_over else _left(gathered, placed),
        _summary(len(placed), len(placed | gathered.pool.keys()) if not is_over else run.outcome.get("seeking", 0)),
        proof(run, is_changed=len(placed) != run.outcome.get("levels", {}).get("placed") or _is_by_hand(run)),
        gathered.sizes.smallest,
        None if is_over else held_up(_unready(gathered), run.cohort.version),
    )


def _is_by_hand(run: MatchRun) -> bool:
    return any(circle.by_hand for circle in run.circles)


def with_reasons(gathered: Gathered, circles: Sequence[ProposedCircle]) -> list[ProposedCircle]:
    """These circles with what speaks for each."""
    return [
        replace(
            each,
            reasons=shared(
                [gathered.pool[person.public_id] for person in each.people if person.public_id in gathered.pool],
                weights=gathered.design.weights,
            ),
        )
        for each in circles
    ]


def _left(gathered: Gathered, placed: set[str]) -> list[LeftOver]:
    left = [_left_alone(gathered, each) for each in left_over(gathered, placed)]
    return sorted(left, key=lambda each: alphabetically(each.person.enrolment))


def _left_alone(gathered: Gathered, left: LeftAlone) -> LeftOver:
    person = gathered.participants[left.peer.key]
    if not left.peer.is_ready:
        return LeftOver(person, [], 0, str(OF_ONE[why(person, gathered.cohort.version)]))
    return LeftOver(person, counted(left.barred), left.alone_too)


def _unready(gathered: Gathered) -> list[Participant]:
    return [gathered.participants[each.key] for each in gathered.peers if not each.is_ready]


def _summary(placed: int, seeking: int) -> str:
    return str(
        ngettext(
            "%(placed)d of %(num)d person is in a circle.",
            "%(placed)d of %(num)d people are in a circle.",
            seeking,
            placed=placed,
        )
    )
