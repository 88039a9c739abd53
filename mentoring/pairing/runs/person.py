"""One mentee of a draft beside every mentor there is: what each pair would be worth, and why it was not made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from mentoring.names import in_sentence
from mentoring.pairing.judging import rules_against_each
from mentoring.pairing.matching.people import Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.scoring import Points
from mentoring.pairing.models import Match, MatchRun
from mentoring.pairing.pooling import Gathered
from mentoring.pairing.reasons import listed, reasons, sentence_against
from mentoring.pairing.runs.draft import two_of
from mentoring.participants.models import Participant


@dataclass(frozen=True)
class Candidate:
    """A mentor as this mentee might have them."""

    mentor: Participant
    score: int
    reasons: Sequence[str]
    barred: Sequence[str]
    """A sentence for each rule that forbids the pair."""
    why_not: str
    is_free: bool
    rivals: Sequence[Match]
    """The pairs of this draft that have this mentor's places, for the same kind."""


@dataclass(frozen=True)
class Seat:
    """A mentor of one kind that the mentee has in the draft, or lacks."""

    kind: str
    label: str
    matches: Sequence[Match]
    missing: int
    candidates: Sequence[Candidate]

    @property
    def allowed(self) -> Sequence[Candidate]:
        return [each for each in self.candidates if not each.barred]

    @property
    def barred(self) -> Sequence[Candidate]:
        return [each for each in self.candidates if each.barred]


def seats_of(gathered: Gathered, run: MatchRun, mentee: str) -> list[Seat]:
    """Every kind of mentor this mentee needs, with all mentors, the best first; by the mentee's key."""
    needs = gathered.mentees[mentee].needs
    return [
        _seat(gathered, run, mentee, kind.key, kind.label)
        for kind in run.cohort.version.kinds
        if needs.get(kind.key, 0) > 0
    ]


def _seat(gathered: Gathered, run: MatchRun, mentee: str, kind: str, label: str) -> Seat:
    matches = [each for each in run.matches if (each.mentee.public_id, each.kind) == (mentee, kind)]
    having: dict[str, list[Match]] = defaultdict(list)
    for each in run.matches:
        having[each.mentor.public_id].append(each)
    mine = {each.mentor.public_id for each in run.matches if each.mentee.public_id == mentee}
    pool, person = gathered.pool, gathered.mentees[mentee]
    scores = Points(Pool(pool.design, [person], pool.mentors)).scores(slice(None))[0]
    rules = rules_against_each(pool, [(person, mentor, kind) for mentor in pool.mentors])
    found = []
    for mentor, score, against in zip(pool.mentors, scores, rules, strict=True):
        if mentor.key in mine:
            continue
        two = two_of(gathered, mentee, mentor.key)
        found.append(
            Candidate(
                gathered.participant(mentor.key),
                int(score),
                reasons(two, weights=pool.design.weights),
                [sentence_against(rule, two.names) for rule in against],
                _why_not(gathered, mentor, int(score), having[mentor.key], matches),
                len(having[mentor.key]) < gathered.free(mentor.key),
                [each for each in having[mentor.key] if each.kind == kind],
            )
        )
    found.sort(key=lambda each: (-each.score, each.mentor.public_id))
    return Seat(kind, label, matches, needs_left(gathered, mentee, kind, matches), found)


def needs_left(gathered: Gathered, mentee: str, kind: str, matches: Sequence[Match]) -> int:
    return max(gathered.mentees[mentee].needs.get(kind, 0) - len(matches), 0)


def _why_not(gathered: Gathered, mentor: Mentor, score: int, having: Sequence[Match], mine: Sequence[Match]) -> str:
    name = in_sentence(gathered.participant(mentor.key).name)
    if len(having) >= gathered.free(mentor.key):
        if not having:
            return str(_("%(mentor)s has no place left.", mentor=name))
        takers = [_("%(name)s (%(score)d)", name=in_sentence(each.mentee.name), score=each.score) for each in having]
        return str(_("The places of %(mentor)s go to %(takers)s.", mentor=name, takers=listed(takers)))
    if mine and max(each.score for each in mine) >= score:
        best = max(mine, key=lambda each: each.score)
        return str(_("%(other)s scores %(better)d instead.", other=in_sentence(best.mentor.name), better=best.score))
    return ""
