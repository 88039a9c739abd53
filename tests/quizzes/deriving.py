"""The second drawing algorithm written once more from its definition, by trying every filling: slow and simple."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from quizzes.drawing.by_outline import Asked
from quizzes.drawing.outline import Band, Candidate, Fixed, Outline, Rule, Section, Seen


class Numbers:
    def __init__(self, seed: bytes, label: str) -> None:
        self.seed, self.label, self.used = seed, label.encode("utf-8"), 0

    def next(self) -> int:
        block, place = divmod(self.used, 8)
        self.used += 1
        digest = hmac.new(self.seed, self.label + block.to_bytes(8, "big"), hashlib.sha256).digest()
        return int.from_bytes(digest[4 * place : 4 * place + 4], "big")

    def shuffle(self, values: Sequence[Any]) -> list[Any]:
        values = list(values)
        for last in reversed(range(1, len(values))):
            most = 2**32 // (last + 1) * (last + 1)
            while (number := self.next()) >= most:
                pass
            other = number % (last + 1)
            values[last], values[other] = values[other], values[last]
        return values


def derive(
    outline: Outline, seed: bytes, previous: Sequence[int] = (), *, by_trying: bool = True
) -> list[Asked] | None:
    """The attempt, or None where no filling exists. Without trying, for rules that share nothing."""
    wants = _wants(outline, seed)
    filling = (_tried if by_trying else _sorted)(outline, wants)
    if filling is None:
        return None
    rows = [
        (section, slot, candidate)
        for (section, slot, _, _), chosen in zip(wants, filling, strict=True)
        for candidate in chosen
    ]
    rows.sort(key=lambda row: (row[1], row[2].question))
    parts = [[row for row in rows if row[0] == number] for number in range(1, len(outline.sections) + 1)]
    movable = any(each.is_shuffled and len(part) > 1 for each, part in zip(outline.sections, parts, strict=True))
    movable = movable or (outline.is_shuffled and len([part for part in parts if part]) > 1)
    for ending in _endings():
        now = [
            Numbers(seed, f"order:{number}{ending}").shuffle(part) if outline.sections[number - 1].is_shuffled else part
            for number, part in enumerate(parts, start=1)
        ]
        if outline.is_shuffled:
            now = Numbers(seed, f"sections{ending}").shuffle(now)
        shown = list(itertools.chain.from_iterable(now))
        if not movable or [candidate.question for _, _, candidate in shown] != list(previous):
            break
    return [Asked(section, slot, each.question, each.version, _options(each, seed)) for section, slot, each in shown]


def _endings() -> Iterator[str]:
    return itertools.chain([""], (f"#{number}" for number in itertools.count(2)))


def _wants(outline: Outline, seed: bytes) -> list[tuple[int, int, int, list[tuple[int, int, Candidate]]]]:
    """Section, slot, count and candidates, each with its burden and number."""
    wants, slot, number = [], 0, itertools.count()
    for section, each in enumerate(outline.sections, start=1):
        for asked in each.slots:
            slot += 1
            if isinstance(asked, Fixed):
                wants.append((section, slot, 1, [(0, next(number), asked.candidate)]))
                continue
            pool = Numbers(seed, f"draw:{slot}").shuffle(sorted(asked.pool, key=lambda one: one.question))
            for count, inside in _bands(asked, pool):
                wants.append((section, slot, count, [(_burden(asked, one), next(number), one) for one in inside]))
    return wants


def _bands(rule: Rule, pool: list[Candidate]) -> list[tuple[int, list[Candidate]]]:
    if not rule.bands:
        return [(rule.count, pool)]
    total = sum(band.share for band in rule.bands)
    exact = [divmod(rule.count * band.share, total) for band in rule.bands]
    counts = [whole for whole, _ in exact]
    for _, place in sorted((-rest, place) for place, (_, rest) in enumerate(exact))[: rule.count - sum(counts)]:
        counts[place] += 1
    left, found = list(pool), []
    for count, band in zip(counts, rule.bands, strict=True):
        found.append((count, [one for one in left if band.lowest <= one.difficulty <= band.highest]))
        left = [one for one in left if one not in found[-1][1]]
    return found


def _burden(rule: Rule, one: Candidate) -> int:
    return {"first": one.met, "avoid": int(one.met > 0), "random": 0}[rule.seen.value]


def _tried(outline: Outline, wants: list[Any]) -> list[list[Candidate]] | None:
    ways = itertools.product(*(itertools.combinations(inside, count) for _, _, count, inside in wants))
    best = min((_rank(way) for way in ways if _stands(outline, way)), default=None)
    return None if best is None else [[one for _, _, one in chosen] for chosen in best[2]]


def _rank(way: tuple[Any, ...]) -> tuple[Any, ...]:
    flat = [row for chosen in way for row in chosen]
    return sorted(burden for burden, _, _ in flat), sorted(number for _, number, _ in flat), way


def _stands(outline: Outline, way: tuple[Any, ...]) -> bool:
    asked = [one.question for chosen in way for _, _, one in chosen]
    return len(set(asked)) == len(asked) and all(len(each.intersection(asked)) < 2 for each in outline.enemies)


def _sorted(_outline: Outline, wants: list[Any]) -> list[list[Candidate]]:
    return [[one for _, _, one in sorted(inside, key=lambda row: row[:2])[:count]] for _, _, count, inside in wants]


def _options(one: Candidate, seed: bytes) -> tuple[int, ...]:
    every = {
        tuple(
            dict(zip(itertools.chain(*one.groups), itertools.chain(*way), strict=True)).get(place, place)
            for place in range(one.options)
        )
        for way in itertools.product(*(itertools.permutations(group) for group in one.groups))
    }
    right = {tuple(range(one.options))} if one.hides_order else set()
    allowed = every - {one.last_order} - right or every - {one.last_order} or every
    for ending in _endings():
        numbers, order = Numbers(seed, f"opt:{one.version}{ending}"), list(range(one.options))
        for group in one.groups:
            for place, shown in zip(group, numbers.shuffle(group), strict=True):
                order[place] = shown
        if tuple(order) in allowed:
            return tuple(order)
    raise AssertionError


def having_seen(outline: Outline, attempt: Sequence[Asked]) -> Outline:
    """The outline as the same learner meets it after this attempt."""
    shown = {each.question: each.option_order for each in attempt}

    def seen(one: Candidate) -> Candidate:
        if one.question not in shown:
            return one
        return replace(one, met=one.met + 1, last_order=shown[one.question])

    def after(slot: Fixed | Rule) -> Fixed | Rule:
        if isinstance(slot, Fixed):
            return Fixed(seen(slot.candidate))
        return replace(slot, pool=[seen(one) for one in slot.pool])

    sections = [replace(each, slots=[after(slot) for slot in each.slots]) for each in outline.sections]
    return replace(outline, sections=sections)


def some_outline(chance: random.Random) -> Outline:
    """A small one with everything in it: overlapping pools, bands, enemies, fixed questions, sections that move."""
    everything = [some_candidate(chance, question) for question in range(1, chance.randint(4, 9))]

    def slot(name: str) -> Fixed | Rule:
        if chance.random() < 0.2:
            return Fixed(chance.choice(everything))
        pool = chance.sample(everything, chance.randint(1, len(everything)))
        bands = chance.choice([(), (), (Band(lowest=1, highest=1), Band(lowest=2, highest=3, share=2))])
        return Rule(name=name, count=chance.randint(0, 3), pool=pool, bands=bands, seen=chance.choice(list(Seen)))

    sections = [
        Section([slot(f"rule {number}.{n}") for n in range(chance.randint(0, 2))], is_shuffled=chance.random() < 0.7)
        for number in range(chance.randint(1, 3))
    ]
    questions = [one.question for one in everything]
    enemies = [frozenset(chance.sample(questions, chance.randint(2, 3))) for _ in range(chance.randint(0, 3))]
    return Outline(sections, enemies, is_shuffled=chance.random() < 0.5)


def some_candidate(chance: random.Random, question: int) -> Candidate:
    groups = chance.choice([(), ((0, 1, 2),), ((0, 1), (2, 3)), ((1, 2),), ((0, 1),)])
    return Candidate(
        question=question,
        version=100 + question,
        options=4 if groups else 0,
        groups=groups,
        hides_order=bool(groups) and chance.random() < 0.3,
        difficulty=chance.randint(1, 4),
        met=chance.choice([0, 0, 0, 1, 2]),
    )
