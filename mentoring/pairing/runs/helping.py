"""What would place somebody who is left over: found by solving again, told in words, and done at a click."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mentoring.names import in_sentence
from mentoring.pairing.judging import rules_against_each
from mentoring.pairing.matching.listening import Listener, after, nobody
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Lock, Proposal, propose
from mentoring.pairing.matching.rescuing import Rescue, rescues
from mentoring.pairing.matching.scoring import Points
from mentoring.pairing.models import MatchRun
from mentoring.pairing.pooling import Gathered
from mentoring.pairing.rules import Rule
from mentoring.pairing.runs.keeping import Plain
from mentoring.participants.models import Participant
from mentoring.participants.offering import Offering, offer
from mentoring.participants.suggesting import named


@dataclass(frozen=True)
class Deed:
    """One way of making a change: what the button says and sends."""

    label: str
    value: str


@dataclass(frozen=True)
class Help:
    """A change, who would have whom after it, and how it is made; without deeds it is made elsewhere."""

    sentence: str
    then: Sequence[str]
    deeds: Sequence[Deed]


FEW = 6
"""How many pairs are named that would be otherwise."""


class NotHelped(Exception):
    """The change was not made; says why, in a code: `unknown`, `refused`."""


def locks_of(gathered: Gathered, run: MatchRun) -> list[Lock]:
    """What is locked in a draft, as far as it can be kept as things stand now."""
    return [
        Lock(match.mentee.public_id, match.mentor.public_id, match.kind)
        for match in run.matches
        if match.is_locked and match.mentor.public_id in gathered.mentors
        if gathered.needs(match.mentee.public_id, match.kind)
    ]


def search(
    pool: Pool, locks: Sequence[Lock], mentee: str, kind: str, *, seed: int, listener: Listener = nobody
) -> Plain:
    """The smallest changes after which this mentee, by key, has a mentor of the kind and nobody loses one, as JSON.

    `is_placed` where suggesting again would place them without any change. Raises what `propose` raises.
    """
    answered = propose(pool, locks, seed=seed)
    left = next((each for each in answered.leftovers if (each.mentee.key, each.kind) == (mentee, kind)), None)
    if left is None:
        return {"is_placed": True}
    # The first arrangement was a step, too.
    found = rescues(pool, answered, left, seed=seed, listener=after(1, listener))
    return {"rescues": [_plain(rescue, answered.proposals, mentee) for rescue in found]}


def _plain(rescue: Rescue, before: Sequence[Proposal], mentee: str) -> Plain:
    """The change, and who would have whom otherwise than without it; whom it is about stands first."""
    had = {(each.mentee.key, each.kind, each.mentor.key) for each in before}
    new = [each for each in rescue.proposals if (each.mentee.key, each.kind, each.mentor.key) not in had]
    new.sort(key=lambda each: each.mentee.key != mentee)
    return {
        "rule": rescue.change.rule.value,
        "mentor": rescue.change.mentor.key,
        "then": [[each.mentee.key, each.mentor.key] for each in new],
    }


def helps(gathered: Gathered, mentee: str, kind: str, found: Mapping[str, Any]) -> list[Help] | None:
    """What `search` found, in words; None where nothing has to change."""
    if "is_placed" in found:
        return None
    return [_help(gathered, mentee, kind, rescue) for rescue in found["rescues"]]


def _help(gathered: Gathered, key: str, kind: str, rescue: Mapping[str, Any]) -> Help:
    mentee, mentor, rule = gathered.participant(key), gathered.participant(rescue["mentor"]), Rule(rescue["rule"])
    return Help(_sentence(rule, mentee, mentor), _then(gathered, rescue["then"]), _deeds(rule, mentee, mentor, kind))


def _sentence(rule: Rule, mentee: Participant, mentor: Participant) -> str:
    names = {"mentee": in_sentence(mentee.name), "mentor": in_sentence(mentor.name)}
    sentences = {
        Rule.NO_PLACE: _("One more place with %(mentor)s.", **names),
        Rule.LANGUAGE: _("A language that %(mentee)s and %(mentor)s have in common.", **names),
        Rule.HOURS: _("More free time that %(mentee)s and %(mentor)s have in common.", **names),
        Rule.NOT_OFFERED: _("%(mentor)s offers this kind of mentoring as well.", **names),
        Rule.LEVEL: _("The rule about seniority would have to be another one for %(mentor)s.", **names),
        Rule.EXPERIENCE: _("%(mentor)s would have to have more experience, or the program ask less.", **names),
    }
    return str(sentences[rule])


def _then(gathered: Gathered, pairs: Sequence[Sequence[str]]) -> list[str]:
    """Who would have whom otherwise: the first few, and how many more."""
    told = [
        _(
            "%(mentee)s with %(mentor)s",
            mentee=in_sentence(gathered.participant(mentee).name),
            mentor=in_sentence(gathered.participant(mentor).name),
        )
        for mentee, mentor in pairs[:FEW]
    ]
    more = len(pairs) - FEW
    return [*told, ngettext("one other pair", "%(num)d other pairs", more)] if more > 0 else told


def certain(gathered: Gathered, run: MatchRun, mentee: str, kind: str) -> list[Participant]:
    """Mentors of whom one more place would do, whatever else: the rules allow them, and all their places are given.

    Known without solving anything, the best scores first.
    """
    taken = Counter(match.mentor.public_id for match in run.matches)
    has = {match.mentor.public_id for match in run.matches if match.mentee.public_id == mentee}
    pool, person = gathered.pool, gathered.mentees[mentee]
    rules = rules_against_each(pool, [(person, mentor, kind) for mentor in pool.mentors])
    scores = Points(Pool(pool.design, [person], pool.mentors)).scores(slice(None))[0]
    would_do = [
        (-int(score), mentor.key)
        for mentor, score, against in zip(pool.mentors, scores, rules, strict=True)
        if not against and mentor.key not in has
        if mentor.load + taken[mentor.key] == mentor.capacity and taken[mentor.key] + 1 >= mentor.smallest_group
    ]
    return [gathered.participant(key) for _score, key in sorted(would_do)]


def _deeds(rule: Rule, mentee: Participant, mentor: Participant, kind: str) -> list[Deed]:
    if rule is Rule.NO_PLACE:
        label = _("Give %(name)s one more place", name=in_sentence(mentor.name))
        return [Deed(label, f"place:{mentor.public_id}")]
    if rule is Rule.NOT_OFFERED:
        label = _("Let %(name)s be this kind of mentor", name=in_sentence(mentor.name))
        return [Deed(label, f"kind:{mentor.public_id}:{kind}")]
    if rule is Rule.LANGUAGE:
        each_way = ((mentee, mentor), (mentor, mentee))
        return [
            Deed(
                _("%(name)s accepts %(language)s", name=in_sentence(one.name), language=named([code])[0]),
                f"language:{one.public_id}:{code}",
            )
            for one, other in each_way
            for code in other.languages
        ]
    return []


def do(session: Session, gathered: Gathered, deed: str, *, at: datetime) -> str:
    """Make a change that a button named, and say what was done; the caller commits. Raises NotHelped."""
    what, _colon, about = deed.partition(":")
    key, _colon, value = about.partition(":")
    participant = gathered.participants.get(key)
    if participant is None or (participant.offer is None and what != "language"):
        raise NotHelped("unknown")
    if what == "place":
        return _one_more_place(session, gathered, participant, at)
    if what == "kind" and participant.offer is not None and value in {kind.key for kind in gathered.pool.design.kinds}:
        participant.offer.kinds = sorted({*participant.offer.kinds, value})
        participant.offer.changed = at
        return str(_("%(name)s is this kind of mentor, too, now.", name=in_sentence(participant.name)))
    if what == "language" and any(value in each.languages for each in gathered.participants.values()):
        participant.languages = sorted({*participant.languages, value})
        return str(
            _(
                "%(name)s accepts %(language)s now.",
                name=in_sentence(participant.name),
                language=named([value])[0],
            )
        )
    raise NotHelped("unknown")


def _one_more_place(session: Session, gathered: Gathered, mentor: Participant, at: datetime) -> str:
    capacity = mentor.capacity + 1
    if offer(session, gathered.cohort, [Offering(mentor.enrolment, capacity)], at=at):
        raise NotHelped("refused")
    return str(
        ngettext(
            "%(name)s has %(num)d place now.",
            "%(name)s has %(num)d places now.",
            capacity,
            name=in_sentence(mentor.name),
        )
    )
