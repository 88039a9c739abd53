"""What the page of a draft says: proposals with reasons and warnings, who is left over, and how good it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import ngettext

from lti_tool.roster.groups import Choice
from mentoring.names import alphabetically, answers_to, in_sentence
from mentoring.pairing.checking import Lacking, broken, left_over
from mentoring.pairing.matching.proposing import Leftover
from mentoring.pairing.models import Match, MatchRun
from mentoring.pairing.pooling import Gathered
from mentoring.pairing.reasons import Two, counted, reasons, sentence_against
from mentoring.pairing.runs.drafting import proposals_of, token
from mentoring.pairing.runs.proving import proof
from mentoring.pairing.unready import OF_ONE, HeldUp, held_up, why
from mentoring.participants.models import Participant


@dataclass(frozen=True)
class ProposedPair:
    """One proposal as a line."""

    match: Match
    kind: str
    warnings: Sequence[str]
    reasons: Sequence[str] = ()
    """Told of the pairs that are looked at (`with_reasons`)."""

    @property
    def mentee(self) -> Participant:
        return self.match.mentee

    @property
    def mentor(self) -> Participant:
        return self.match.mentor

    @property
    def is_about(self) -> tuple[int, int]:
        return self.mentee.enrolment_id, self.mentor.enrolment_id


@dataclass(frozen=True)
class LeftOver:
    """Somebody who lacks a mentor in the draft."""

    mentee: Participant
    kind_key: str
    kind: str
    free: int
    """How many mentors could take them as the draft stands."""
    in_the_way: Sequence[str]
    unready: str = ""
    """Why they cannot be matched with anybody at all; then nothing else is in the way."""


@dataclass(frozen=True)
class Load:
    """A mentor with the places they have, had and would have."""

    mentor: Participant
    capacity: int
    taken: int
    proposed: int

    @property
    def free(self) -> int:
        return max(self.capacity - self.taken - self.proposed, 0)


@dataclass(frozen=True)
class Draft:
    """A run as it is looked at."""

    run: MatchRun
    pairs: Sequence[ProposedPair] = ()
    left: Sequence[LeftOver] = ()
    loads: Sequence[Load] = ()
    summary: str = ""
    proof: Sequence[str] = ()
    fairness: Mapping[str, Any] = field(default_factory=dict)
    worst_off: str = ""
    left_by_section: Sequence[tuple[str, int]] = ()
    held_up: HeldUp | None = None
    """Who cannot be matched yet, mentees and mentors together."""

    @property
    def seen(self) -> str:
        return token(self.run)

    @property
    def is_draft(self) -> bool:
        return self.run.is_draft

    @property
    def warned(self) -> Sequence[ProposedPair]:
        return [pair for pair in self.pairs if pair.warnings]

    @property
    def locked(self) -> int:
        return sum(pair.match.is_locked for pair in self.pairs)

    def shown(self, choice: Choice, search: str, show: str) -> tuple[list[ProposedPair], list[LeftOver]]:
        """The pairs and leftovers that answer to a group, a search and a filter."""
        pairs = [pair for pair in self.pairs if choice.chosen is None or any(map(choice.shows, pair.is_about))]
        left = [each for each in self.left if choice.shows(each.mentee.enrolment_id)]
        if search:
            pairs = [p for p in pairs if any(answers_to(each.enrolment, search) for each in (p.mentee, p.mentor))]
            left = [each for each in left if answers_to(each.mentee.enrolment, search)]
        if show == "warned":
            pairs = [pair for pair in pairs if pair.warnings]
        if show == "locked":
            pairs = [pair for pair in pairs if pair.match.is_locked]
        return pairs, left


def draft(run: MatchRun, gathered: Gathered, sections: Mapping[str, str]) -> Draft:
    """The draft held against the cohort as it stands; `sections` names the groups of the course, by public id."""
    matches = sorted(run.matches, key=lambda match: alphabetically(match.mentee.enrolment))
    proposals = proposals_of(gathered, run)
    lacking = left_over(gathered, proposals)
    left = [each.leftover for each in lacking]
    labels = {kind.key: kind.label for kind in run.cohort.version.kinds}
    fairness = run.outcome.get("fairness", {})
    worst = gathered.participants.get(fairness.get("worst_off", ""))
    return Draft(
        run,
        pairs=[
            ProposedPair(
                match, labels.get(match.kind, match.kind), [sentence_against(rule, _names(match)) for rule in rules]
            )
            for match, rules in zip(matches, broken(gathered, matches), strict=True)
        ],
        left=sorted(
            (_left(gathered, each, labels) for each in lacking),
            key=lambda each: alphabetically(each.mentee.enrolment),
        ),
        loads=_loads(gathered, matches),
        summary=_summary(gathered, matches, left),
        proof=proof(run, gathered),
        fairness=fairness,
        worst_off=in_sentence(worst.name) if worst else "",
        left_by_section=_by_section(gathered, left, sections),
        held_up=held_up(_unready(gathered), run.cohort.version),
    )


def with_reasons(gathered: Gathered, pairs: Sequence[ProposedPair]) -> list[ProposedPair]:
    """These pairs with what speaks for each."""
    return [replace(pair, reasons=_reasons(gathered, pair.match)) for pair in pairs]


def _reasons(gathered: Gathered, match: Match) -> Sequence[str]:
    mentee, mentor = match.mentee.public_id, match.mentor.public_id
    if mentee not in gathered.mentees or mentor not in gathered.mentors:
        return ()
    return reasons(two_of(gathered, mentee, mentor), weights=gathered.pool.design.weights)


def two_of(gathered: Gathered, mentee: str, mentor: str) -> Two:
    return Two.of(
        gathered.mentees[mentee],
        gathered.mentors[mentor],
        mentee_name=gathered.participant(mentee).name,
        mentor_name=gathered.participant(mentor).name,
    )


def _names(match: Match) -> dict[str, str]:
    return {"mentee": in_sentence(match.mentee.name), "mentor": in_sentence(match.mentor.name)}


def _left(gathered: Gathered, lacking: Lacking, labels: Mapping[str, str]) -> LeftOver:
    left, person = lacking.leftover, gathered.participant(lacking.leftover.mentee.key)
    if not left.mentee.is_ready:
        unready = str(OF_ONE[why(person, gathered.cohort.version)])
        return LeftOver(person, left.kind, labels[left.kind], lacking.free, [], unready)
    barred = counted({rule.value: count for rule, count in left.barred.items()})
    return LeftOver(person, left.kind, labels[left.kind], lacking.free, barred)


def _unready(gathered: Gathered) -> list[Participant]:
    people = [*gathered.pool.mentees, *gathered.pool.mentors]
    return [gathered.participant(each.key) for each in people if not each.is_ready]


def _loads(gathered: Gathered, matches: Sequence[Match]) -> list[Load]:
    proposed = Counter(match.mentor.public_id for match in matches)
    loads = [
        Load(gathered.participant(mentor.key), mentor.capacity, mentor.load, proposed[mentor.key])
        for mentor in gathered.pool.mentors
    ]
    return sorted(loads, key=lambda load: alphabetically(load.mentor.enrolment))


def _summary(gathered: Gathered, matches: Sequence[Match], left: Sequence[Leftover]) -> str:
    seeking = len(gathered.pool.mentees)
    without = len({each.mentee.key for each in left})
    return str(
        ngettext(
            "%(placed)d of %(num)d person has every mentor they need.",
            "%(placed)d of %(num)d people have every mentor they need.",
            seeking,
            placed=seeking - without,
        )
    )


def _by_section(gathered: Gathered, left: Sequence[Leftover], sections: Mapping[str, str]) -> list[tuple[str, int]]:
    """How many people of each group are left over."""
    people = {each.mentee.key: each.mentee.sections for each in left}
    counts = Counter(section for groups in people.values() for section in groups)
    return sorted((sections[section], count) for section, count in counts.items() if section in sections)
