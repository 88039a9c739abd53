"""Circles in plain words: what those in one share, and what stands between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from mentoring.pairing.matching.people import Peer, Question
from mentoring.pairing.reasons import COUNTED, listed
from mentoring.pairing.rules import Rule
from mentoring.participants.suggesting import named

Each = TypeVar("Each")

BETWEEN = {
    Rule.SAME_PAIR: _l("%(one)s and %(other)s are in a circle together already."),
    Rule.EXCLUDED: _l("%(one)s and %(other)s are not to be in one circle: one of them, or an instructor, has said so."),
    Rule.CONFLICT: _l(
        "A conflict of interest stands between %(one)s and %(other)s: one manages, grades or assesses the other, or"
        " they have parted before."
    ),
    Rule.LANGUAGE: _l("%(one)s and %(other)s have no language in common."),
    Rule.HOURS: _l("%(one)s and %(other)s have too little free time in common."),
    Rule.LEVEL: _l("%(one)s and %(other)s are not equally senior, as the program asks of peers."),
}
"""What stands between two people of one circle. R6 is about one of them, and told of them alone."""
GONE = _l(
    "%(name)s cannot be in a circle now: they have left the course, take a break, have not agreed to take part, or"
    " still have a training to do. Take them out."
)
ELSEWHERE = _l("%(name)s has a circle already. Take them out of this one.")
PLACED = _l("%(name)s does not look for a circle any more. Take them out.")

COUNTED_AMONG_PEERS: Mapping[Rule, Callable[[int], str]] = {
    **COUNTED,
    Rule.SAME_PAIR: lambda n: ngettext("one is in their circle already", "%(num)d are in their circle already", n),
    Rule.NO_PLACE: lambda n: ngettext(
        "one would be allowed and is in a circle that is full or has somebody they may not meet",
        "%(num)d would be allowed and are in circles that are full or have somebody they may not meet",
        n,
    ),
    Rule.LEVEL: lambda n: ngettext("one is not equally senior", "%(num)d are not equally senior", n),
}


def counted(barred: Mapping[Rule, int]) -> list[str]:
    """For each rule, in words, how many others it keeps away; those that concern most of them first."""
    known = sorted(barred.items(), key=lambda each: (-each[1], each[0]))
    return [COUNTED_AMONG_PEERS[rule](count) for rule, count in known if rule in COUNTED_AMONG_PEERS]


def shared(peers: Sequence[Peer], *, weights: Mapping[Question, int]) -> list[str]:
    """What speaks for a circle, the weightiest first: only what several have in common, nothing that is one's own."""
    if len(peers) < 2:
        return []
    told = [
        sentence
        for question in sorted(TOLD, key=lambda question: -weights.get(question, 0))
        if weights.get(question, 0) > 0 and (sentence := TOLD[question](peers))
    ]
    return [*told, *_languages(peers)]


def _skills(peers: Sequence[Peer]) -> str:
    found = {
        skill for one in peers for skill in one.wanted if any(skill in each.skills for each in peers if each is not one)
    }
    return _("can help one another with %(skills)s", skills=listed(found)) if found else ""


def _goals(peers: Sequence[Peer]) -> str:
    common = _all(each.goals for each in peers)
    return _("share a goal: %(goals)s", goals=listed(common)) if common else ""


def _interests(peers: Sequence[Peer]) -> str:
    common = _all(each.interests for each in peers)
    return _("all like %(interests)s", interests=listed(common)) if common else ""


def _values(peers: Sequence[Peer]) -> str:
    asked = _all(frozenset(each.values) for each in peers)
    alike = sum(len({each.values[question] for each in peers}) == 1 for question in asked)
    if not alike:
        return ""
    return str(
        ngettext(
            "the same answer to %(alike)d of %(num)d question about values",
            "the same answer to %(alike)d of %(num)d questions about values",
            len(asked),
            alike=alike,
        )
    )


def _hours(peers: Sequence[Peer]) -> str:
    weeks = min(len(each.hours) for each in peers)
    if not weeks:
        return ""
    halves = min(len(_all(each.hours[week] for each in peers)) for week in range(weeks))
    return (
        ngettext("%(num)d hour a week in common", "%(num)d hours a week in common", halves // 2) if halves > 1 else ""
    )


def _section(peers: Sequence[Peer]) -> str:
    return _("in the same section") if _all(each.sections for each in peers) else ""


def _other_team(peers: Sequence[Peer]) -> str:
    teams = [each.team for each in peers]
    return _("all from different teams") if all(teams) and len(set(teams)) == len(teams) else ""


TOLD: Mapping[Question, Callable[[Sequence[Peer]], str]] = {
    Question.SKILLS: _skills,
    Question.GOALS: _goals,
    Question.VALUES: _values,
    Question.INTERESTS: _interests,
    Question.HOURS: _hours,
    Question.SECTION: _section,
    Question.OTHER_TEAM: _other_team,
}
"""Wishes, and who was left over last time, are people's own; they count, and are not told."""


def _languages(peers: Sequence[Peer]) -> list[str]:
    common = _all(each.languages for each in peers)
    return [_("all speak %(languages)s", languages=listed(named(common)))] if common else []


def _all(sets: Iterable[frozenset[Each]]) -> frozenset[Each]:
    return reduce(lambda one, other: one & other, sets)
