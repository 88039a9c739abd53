"""The second algorithm, `hmac-sha256-fy/2`: sections of fixed questions and rules, with enemies kept apart.

Attempts drawn by it are derived by it for ever, so nothing that follows from a seed may change. In full, so that it
can be written again in another language (numbers and shuffles are those of a `Stream`):

1. **Numbers.** Sections count from 1, and slots count from 1 through the whole outline.
2. **Wants**, slot after slot. A fixed question is a want of one, with that one candidate. A rule is one want of
   `count`, or one for each of its bands in their order: of all shares S, a band with share s gets floor(count s / S);
   what is missing goes, one each, to the largest remainders of count s by S, the earlier band first. A rule's pool
   is sorted by question and then shuffled under the label `draw:<slot>`. A candidate belongs to the first band that
   holds its difficulty, or to none; the candidates of a want stand in the order of the shuffled pool.
3. **Burdens.** A candidate met m times has the burden m where those met least come first, min(m, 1) where seen ones
   are avoided, and 0 where that does not matter or the question is fixed.
4. **Filling.** Each question fills one place at most, and of each set of enemies at most one question is asked. Among
   all ways to give every want its count, the best is the one whose burdens, sorted ascending, come first as a list;
   among equals, with all candidates numbered through, want after want, the one whose numbers, sorted ascending, come
   first as a list. If there is no way, the draw fails.
5. **Order.** In each section the questions stand by slot and then by question; if the section is shuffled, they are
   shuffled from there under `order:<section>`. If the outline is shuffled, its sections, from their own order and
   with those that are empty, are shuffled under `sections`.
6. **Another order than last time.** If the questions stand exactly as in the previous attempt, step 5 is done anew
   with `#2` at the end of every label, then `#3`, and so on, until they do not. This is left out where nothing can
   move: no shuffled section has two questions, and the outline is not shuffled or has fewer than two sections with
   questions.
7. **Options.** The options of version v are shuffled under `opt:<v>`, one stream for all groups, group after group: the
   places of a group, in the order given, are shuffled, and its k-th place shows the k-th of the shuffled. A place in no
   group shows its own. Avoided are the order shown last, if the groups allow it, and the right order of what is to be
   put in order; if these are all there are, only the order shown last; if that is the only one, none. What
   comes out as an avoided order is shuffled anew, from the start, under `opt:<v>#2`, then `#3`, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quizzes.drawing.filling import fill
from quizzes.drawing.outline import Candidate, Outline, Part
from quizzes.drawing.shortages import FallsShort, shortages
from quizzes.drawing.stream import Stream, tries

ALGORITHM = "hmac-sha256-fy/2"


class Asked(NamedTuple):
    """A question as it is asked: for which slot, in which version, and its options in the order they are shown."""

    section: int
    slot: int
    question: int
    version: int
    option_order: tuple[int, ...]


class _Taken(NamedTuple):
    part: Part
    candidate: Candidate


def draw(outline: Outline, seed: bytes, *, previous: Sequence[int] = ()) -> list[Asked]:
    """The questions of one attempt, in the order they are asked.

    `previous` are the questions of the learner's previous attempt, as shown.
    Raises FallsShort, naming the rules, if they cannot all be met.
    """
    parts = list(outline.parts(lambda slot, pool: Stream(seed, f"draw:{slot}").shuffled(pool)))
    filling = fill(parts, outline.enemies)
    if filling is None:
        raise FallsShort(shortages(parts, outline.enemies))
    taken = [
        _Taken(part, candidate)
        for part, questions in zip(parts, filling, strict=True)
        for candidate in part.candidates
        if candidate.question in questions
    ]
    return [
        Asked(
            each.part.section,
            each.part.slot,
            each.candidate.question,
            each.candidate.version,
            _option_order(each.candidate, seed),
        )
        for each in _question_order(outline, taken, seed, list(previous))
    ]


def _question_order(outline: Outline, taken: Sequence[_Taken], seed: bytes, previous: list[int]) -> list[_Taken]:
    sections: list[list[_Taken]] = [[] for _ in outline.sections]
    for each in sorted(taken, key=lambda each: (each.part.slot, each.candidate.question)):
        sections[each.part.section - 1].append(each)
    orders = _orders(outline, sections, seed)
    if not _can_move(outline, sections):
        return next(orders)
    return next(order for order in orders if [each.candidate.question for each in order] != previous)


def _orders(outline: Outline, sections: Sequence[list[_Taken]], seed: bytes) -> Iterator[list[_Taken]]:
    for ending in tries():
        inside = [
            Stream(seed, f"order:{number}{ending}").shuffled(taken) if section.is_shuffled else taken
            for number, (section, taken) in enumerate(zip(outline.sections, sections, strict=True), start=1)
        ]
        if outline.is_shuffled:
            inside = Stream(seed, f"sections{ending}").shuffled(inside)
        yield [each for taken in inside for each in taken]


def _can_move(outline: Outline, sections: Sequence[list[_Taken]]) -> bool:
    sizes = zip(outline.sections, map(len, sections), strict=True)
    return any(section.is_shuffled and size > 1 for section, size in sizes) or (
        outline.is_shuffled and sum(map(bool, sections)) > 1
    )


def _option_order(candidate: Candidate, seed: bytes) -> tuple[int, ...]:
    avoided = candidate.avoided
    if not avoided:
        return _shuffled(candidate, Stream(seed, f"opt:{candidate.version}"))
    orders = (_shuffled(candidate, Stream(seed, f"opt:{candidate.version}{ending}")) for ending in tries())
    return next(order for order in orders if order not in avoided)


def _shuffled(candidate: Candidate, stream: Stream) -> tuple[int, ...]:
    order = list(range(candidate.options))
    for group in candidate.groups:
        for place, shown in zip(group, stream.shuffled(group), strict=True):
            order[place] = shown
    return tuple(order)
