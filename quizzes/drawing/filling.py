"""Who fills which place: the one best way to give every want its questions, or none if there is no way.

A *want* is a number of questions and the candidates for them, each with its burden. Each question fills one place at
most, and of each set of enemies one question at most fills a place. All candidates are *numbered*, want after want,
each want in its own order. Among all ways to fill every place the best is the one

1. whose burdens, sorted, come first as a list: as many questions of the least burden as can be, then as many of the
   next, and so on;
2. whose numbers, sorted, come first as a list then.

So there is one best way, and it does not matter how it is found. Here burden and number become one weight, and the
heaviest way is the best. Places are filled one after the other, each by the heaviest augmenting path (H. W. Kuhn, The
Hungarian method for the assignment problem, 1955); enemies are one thing that is given away once. A question of several
sets belongs to one of them for a start. Where two enemies meet in what is found, the same is asked twice more: without
one of them, and without all of that one's enemies. The better answer counts.

Most quizzes need none of it: where no two wants can have the same question and no enemies meet, each want has the first
of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

Filling = tuple[frozenset[int], ...]
"""The questions of each want."""
Burdens = Mapping[int, int]
"""Of each candidate of a want, by question, in the want's own order."""


class Want(Protocol):
    @property
    def count(self) -> int: ...

    @property
    def burdens(self) -> Burdens: ...


class Choice(NamedTuple):
    """A candidate of a want; the smaller of two is preferred."""

    burden: int
    number: int
    question: int


Rank = tuple[list[int], list[int]]
"""The burdens and the numbers of a filling, both sorted; the smaller of two fillings is better."""


@dataclass(frozen=True)
class Choices:
    counts: Sequence[int]
    of: Sequence[dict[int, Choice]]
    """For each want, by question."""

    @classmethod
    def offered(cls, counts: Sequence[int], burdens: Sequence[Burdens]) -> Choices:
        of, number = [], 0
        for each in burdens:
            own = {}
            for question, burden in each.items():
                own[question] = Choice(burden, number, question)
                number += 1
            of.append(own)
        return cls(counts, of)

    def without(self, questions: Collection[int]) -> Choices:
        kept = [{each: choice for each, choice in own.items() if each not in questions} for own in self.of]
        return Choices(self.counts, kept)

    def rank(self, filling: Filling) -> Rank:
        chosen = [own[question] for own, taken in zip(self.of, filling, strict=True) for question in taken]
        return sorted(choice.burden for choice in chosen), sorted(choice.number for choice in chosen)


def fill(wants: Sequence[Want], enemies: Sequence[Collection[int]] = ()) -> Filling | None:
    """The best way to fill every place, or None if there is none.

    Takes time that grows with places times candidates; only where many sets of enemies overlap, and most of their
    questions are needed, does it grow faster.
    """
    counts, burdens, sets = [want.count for want in wants], [want.burdens for want in wants], _telling(enemies)
    if _are_apart(burdens, sets):
        return _first_of_each(counts, burdens)
    return _best(Choices.offered(counts, burdens), sets, None)


def _are_apart(burdens: Sequence[Burdens], sets: Sequence[frozenset[int]]) -> bool:
    """Whether what one want is given takes nothing from any other."""
    if len(burdens) == 1 and not sets:
        return True
    questions = frozenset[int]().union(*burdens)
    return len(questions) == sum(map(len, burdens)) and not any(len(each & questions) > 1 for each in sets)


def _first_of_each(counts: Sequence[int], burdens: Sequence[Burdens]) -> Filling | None:
    wanted = list(zip(counts, burdens, strict=True))
    if any(len(own) < count for count, own in wanted):
        return None
    return tuple(frozenset(sorted(own, key=own.__getitem__)[:count]) for count, own in wanted)


def _telling(enemies: Sequence[Collection[int]]) -> list[frozenset[int]]:
    """The sets that say what no other says."""
    sets = sorted({frozenset(each) for each in enemies if len(each) > 1}, key=sorted)
    return [each for each in sets if not any(each < other for other in sets)]


def _best(choices: Choices, sets: Sequence[frozenset[int]], known: Rank | None) -> Filling | None:
    """The best filling in which no enemies meet, if it is better than the one that is known."""
    found = _Filling.of(choices, sets)
    if found is None or (known is not None and choices.rank(found) >= known):
        return None
    asked = frozenset[int]().union(*found)
    meeting = next((each & asked for each in sets if len(each & asked) > 1), None)
    if meeting is None:
        return found
    enemies = {one: frozenset[int]().union(*(each for each in sets if one in each)) - {one} for one in meeting}
    joint = max(meeting, key=lambda one: (len(enemies[one]), -one))
    best = None
    for left_out in (enemies[joint], {joint}):
        better = _best(choices.without(left_out), sets, known)
        if better is not None:
            best, known = better, choices.rank(better)
    return best


@dataclass
class _Filling:
    """A filling on its way: a thing, which is a question or a set of enemies, is held by one want at most."""

    offers: list[dict[int, Choice]]
    """For each want, by thing, the question that it prefers of it."""
    weights: list[dict[int, int]]
    """For each want, by thing."""
    holders: dict[int, int] = field(default_factory=dict)
    """Which want holds which thing."""

    @classmethod
    def of(cls, choices: Choices, sets: Sequence[frozenset[int]]) -> Filling | None:
        offers = _offers(choices, sets)
        filling = cls(offers, _weights(offers, sum(choices.counts)))
        if not all(filling.place(want) for want, count in enumerate(choices.counts) for _ in range(count)):
            return None
        held: list[set[int]] = [set() for _ in choices.counts]
        for thing, want in filling.holders.items():
            held[want].add(offers[want][thing].question)
        return tuple(map(frozenset, held))

    def place(self, want: int) -> bool:
        """Fill one more place of this want by the heaviest path, or say that there is none."""
        gains, came = self._reach(want)
        ends = [
            (gain + weight, each, thing)
            for each, gain in gains.items()
            for thing, weight in self.weights[each].items()
            if thing not in self.holders
        ]
        if not ends:
            return False
        _, each, thing = max(ends)
        self.holders[thing] = each
        while each != want:
            each, thing = came[each]
            self.holders[thing] = each
        return True

    def _reach(self, want: int) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
        """The wants that can be made to look for another thing: what is gained by it, and who takes which thing."""
        gains, came = {want: 0}, dict[int, tuple[int, int]]()
        changed = {want: None}
        while changed:
            each = next(iter(changed))
            del changed[each]
            for thing, weight in self.weights[each].items():
                holder = self.holders.get(thing, each)
                if holder == each:
                    continue
                gain = gains[each] + weight - self.weights[holder][thing]
                if holder not in gains or gain > gains[holder]:
                    gains[holder], came[holder] = gain, (each, thing)
                    changed[holder] = None
        return gains, came


def _offers(choices: Choices, sets: Sequence[frozenset[int]]) -> list[dict[int, Choice]]:
    """What each want can have, without what cannot be part of the best filling.

    With n places in all, one of the n things that a want prefers is always left for it; of things that no other want
    can have, it needs no more than it has places itself.
    """
    things = _things({question for own in choices.of for question in own}, sets)
    preferred: list[dict[int, Choice]] = []
    for own in choices.of:
        offer: dict[int, Choice] = {}
        for choice in sorted(own.values()):
            offer.setdefault(things[choice.question], choice)
        preferred.append(offer)
    rivals, places = Counter(thing for offer in preferred for thing in offer), sum(choices.counts)
    offers = []
    for offer, count in zip(preferred, choices.counts, strict=True):
        spare = set([thing for thing in offer if rivals[thing] == 1][count:])
        offers.append({thing: offer[thing] for thing in list(offer)[:places] if thing not in spare})
    return offers


def _things(questions: Set[int], sets: Sequence[frozenset[int]]) -> dict[int, int]:
    """What each question is part of: the set in which most are left that are part of no other, or nothing but itself.

    So few things come out, and that enemies meet is rare.
    """
    things: dict[int, int] = {}
    left = [each & questions for each in sets]
    while largest := max(left, key=len, default=frozenset[int]()):
        things.update(dict.fromkeys(largest, min(largest)))
        left = [each - largest for each in left]
    return things | {question: question for question in questions if question not in things}


def _weights(offers: Sequence[dict[int, Choice]], places: int) -> list[dict[int, int]]:
    """A lesser burden outweighs as many greater ones as there are places; then a lesser number, all that follow it."""
    choices = [choice for offer in offers for choice in offer.values()]
    levels = sorted({choice.burden for choice in choices}, reverse=True)
    worth = {burden: (places + 1) ** level << len(choices) for level, burden in enumerate(levels)}
    numbers = sorted((choice.number for choice in choices), reverse=True)
    bits = {number: 1 << place for place, number in enumerate(numbers)}
    return [{thing: worth[choice.burden] + bits[choice.number] for thing, choice in offer.items()} for offer in offers]
