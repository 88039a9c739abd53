"""Circles held against the cohort as it stands now: rules they break, and who is left over with what in the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
from flask_babel import gettext as _
from flask_babel import ngettext

from mentoring.mentorships.naming import by_name
from mentoring.names import in_sentence
from mentoring.pairing.circles.peering import Gathered
from mentoring.pairing.circles.words import BETWEEN, ELSEWHERE, GONE, PLACED
from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.peers import LeftAlone, Sizes, left_alone, pool_of
from mentoring.pairing.matching.people import Design, Peer
from mentoring.pairing.rules import Rule
from mentoring.participants.models import Participant


def broken(gathered: Gathered, people: Sequence[Participant]) -> list[str]:
    """What stands against these people as one circle, in sentences that name who it is about and the cure."""
    people = by_name(people)
    return [*_about_each(gathered, people), *_between(gathered, people), *_size(len(people), gathered.sizes)]


def _about_each(gathered: Gathered, people: Sequence[Participant]) -> list[str]:
    found = []
    for person in people:
        peer, sentence = gathered.pool.get(person.public_id), None
        if not gathered.is_here(person) or (peer is not None and not peer.is_ready):
            sentence = GONE
        elif peer is None:
            sentence = ELSEWHERE if person.public_id in gathered.placed else PLACED
        if sentence is not None:
            found.append(str(sentence) % {"name": in_sentence(person.name)})
    return found


def _between(gathered: Gathered, people: Sequence[Participant]) -> list[str]:
    peers = [gathered.pool[each.public_id] for each in people if each.public_id in gathered.pool]
    names = {peer.key: in_sentence(gathered.participants[peer.key].name) for peer in peers}
    return [
        str(BETWEEN[rule]) % {"one": names[one.key], "other": names[other.key]} + " " + _("Take one of the two out.")
        for one, other, rules in rules_among(gathered.design, peers)
        for rule in rules
    ]


def rules_among(design: Design, peers: Sequence[Peer]) -> list[tuple[Peer, Peer, list[Rule]]]:
    """Every two of these people whom rules keep from each other, with the rules; not what is about one alone."""
    if len(peers) < 2:
        return []
    forbids = Bars(pool_of(design, peers)).of(slice(None))
    either = {rule: flags | flags.T for rule, flags in forbids.items() if rule in BETWEEN}
    found = [
        (peers[one], peers[other], [rule for rule, flags in either.items() if flags[one, other]])
        for one, other in combinations(range(len(peers)), 2)
    ]
    return [each for each in found if each[2]]


def _size(number: int, sizes: Sizes) -> list[str]:
    if number < sizes.smallest:
        return [
            ngettext(
                "Only one person is in it, and a circle has %(least)d or more. Put somebody in, or take it apart.",
                "Only %(num)d people are in it, and a circle has %(least)d or more. Put somebody in, or take it apart.",
                number,
                least=sizes.smallest,
            )
        ]
    if number > sizes.largest:
        return [
            ngettext(
                "%(num)d person is in it, and a circle has %(most)d at most. Take somebody out.",
                "%(num)d people are in it, and a circle has %(most)d at most. Take somebody out.",
                number,
                most=sizes.largest,
            )
        ]
    return []


def left_over(gathered: Gathered, placed: Collection[str]) -> list[LeftAlone]:
    """Who is in no circle, if those with these keys are, and how many others each rule keeps from them."""
    seated = np.array([peer.key in placed for peer in gathered.peers], dtype=np.bool_)
    if seated.all():
        return []
    return left_alone(pool_of(gathered.design, gathered.peers), gathered.peers, seated)
