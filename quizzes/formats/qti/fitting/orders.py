"""An order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from quizzes.formats.qti.fitting.base import Body, Fitted, fit
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import several
from quizzes.kinds import ORDER, Kind, Response
from quizzes.kinds.ordering import Scoring


def fit_order(
    item: Item, trial: Trial, rows: list[Body], names: Mapping[str, str], response: str, said: Sequence[str] = ()
) -> Fitted:
    """`rows` in the right order; `said` is the scoring that a file of ours names."""

    def respond(answer: Response) -> Responses:
        return {response: several([names[each] for each in answer.get(ORDER, ())], is_ordered=True)}

    ids = [str(row["id"]) for row in rows]
    base = trial.score(respond({ORDER: ids}))
    fitted = Fitted(kind=Kind.ORDERING, body={}, maximum=base, respond=respond)
    fitted.answers = [{ORDER: order} for order in _orders(ids)]
    scorings = [Scoring(each) for each in said if each in list(Scoring)]
    scorings += [Scoring.ALL_OR_NOTHING, *(each for each in Scoring if each is not Scoring.ALL_OR_NOTHING)]
    bodies: list[Body] = [{"items": rows, "scoring": each.value} for each in scorings]
    if not trial.is_ruled:
        bodies = [{"items": rows}]
    return fit(trial, bodies, fitted)


def _orders(ids: list[str]) -> Iterator[list[str]]:
    if len(ids) <= 4:
        yield from map(list, permutations(ids))
        return
    yield from (ids, ids[::-1])
    for place in range(len(ids)):
        yield ids[place:] + ids[:place]
        for other in range(place + 1, len(ids)):
            swapped = list(ids)
            swapped[place], swapped[other] = swapped[other], swapped[place]
            yield swapped
            yield swapped[1:] + swapped[:1]
