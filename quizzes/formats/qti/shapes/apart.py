"""Items whose interactions are no one question of ours: one question each, which earn together what the item earns.

What one of them earns is looked for with the others answered as is declared right. Whether that adds up, is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.qti.fitting import Fitted
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.trying import Trial, is_without_key
from quizzes.formats.qti.values import Value
from quizzes.formats.safe_xml import Element
from quizzes.kinds import Response, kind_of

Fit = Callable[[Item, Trial, Sequence[Element]], Fitted | None]
MOST_TRIED = 40
"""Answers to one part that are tried together with others."""


class Part(Trial):
    """What answers to some of the interactions add to what the others earn."""

    def __init__(self, whole: Trial, around: Responses) -> None:
        self.whole, self.around = whole, around
        self.item, self.processor = whole.item, whole.processor
        self.before = whole.score(around)

    @property
    def is_ruled(self) -> bool:  # type: ignore[override]
        return self.whole.is_ruled

    def score(self, responses: Responses) -> Fraction:
        return self.whole.score({**self.around, **responses}) - self.before

    def outcomes(self, responses: Responses) -> Mapping[str, Value]:
        return self.whole.outcomes({**self.around, **responses})


def apart(item: Item, trial: Trial, groups: Sequence[Sequence[Element]], fit: Fit) -> list[Fitted] | None:
    """A question for each group of interactions; None where one of them is none of ours, which `fit` reports."""
    found = []
    for group in groups:
        names = {item.variable_of(each).name for each in group}
        around = {
            each.name: each.correct for each in item.responses if each.name not in names and each.correct is not None
        }
        part = Part(trial, around)
        fitted = fit(item, part, group)
        if fitted is None:
            return None
        fitted.asks, fitted.trial, fitted.is_part = tuple(group), part, True
        found.append(fitted)
    _compare(trial, found)
    return found


def _compare(trial: Trial, found: Sequence[Fitted]) -> None:
    """Counts answers to several parts that earn something else than the parts do."""
    marked = [each for each in found if each.respond is not None]
    for parts in _together(marked):
        responses: dict[str, Value] = {}
        ours = Fraction(0)
        for fitted, answer in parts:
            assert fitted.respond is not None
            responses |= fitted.respond(answer)
            if not is_without_key(fitted.kind, fitted.body):
                ours += (kind_of(fitted.kind).fraction(fitted.body, answer) or 0) * fitted.maximum
        theirs = trial.score(responses)
        found[0].tried += 1
        found[0].differ += trial.is_ruled and ours != theirs and not (theirs < 0 and ours == 0)


def _together(found: Sequence[Fitted]) -> Iterator[list[tuple[Fitted, Response]]]:
    """Each answer by itself, and the answers of all parts side by side."""
    for each in found:
        for answer in each.answers[:MOST_TRIED]:
            yield [(each, answer)]
    longest = max((min(len(each.answers), MOST_TRIED) for each in found), default=0)
    for place in range(longest):
        yield [(each, each.answers[place % len(each.answers)]) for each in found if each.answers]
        yield [
            (each, each.answers[place * (n + 1) % len(each.answers)]) for n, each in enumerate(found) if each.answers
        ]
