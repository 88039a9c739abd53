"""Saying for each of several things where it belongs: matching, and sorting into categories.

Body: `rows`, each with `id` and `text`; `choices`, the same; `right`, a choice's id by the row's. Choices may be more
than rows, and be right for several. A row that `right` does not name belongs nowhere.

An answer earns the share of rows that are where they belong; what was put somewhere and belongs nowhere takes away as
much as a right one gives. Or all or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.kinds.base import Answered, Body, Component, Interaction, NotAnAnswer, Option, Places, Response, held
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.marking import Kind

BETWEEN, AND = "[.]", "[,]"


@dataclass(frozen=True)
class Pairs(Answered):
    kind: Kind

    def places(self, body: Body) -> Places:
        """The rows, and after them the choices; categories keep their order."""
        rows, choices = len(body["rows"]), len(body["choices"])
        groups = [tuple(range(rows))]
        if self.kind is Kind.MATCHING:
            groups.append(tuple(range(rows, rows + choices)))
        return Places(rows + choices, tuple(groups))

    def options(self, body: Body) -> Sequence[Option]:
        return [*_options(body, "rows"), *_options(body, "choices")]

    def cleaned(self, body: Body, response: Response) -> Response:
        rows, choices = _ids(body, "rows"), _ids(body, "choices")
        if not set(response) <= set(rows):
            raise NotAnAnswer("The question has no such row.")
        found = {row: [choice for choice in response.get(row, ()) if choice] for row in rows}
        for put in found.values():
            if len(put) > 1 or not set(put) <= set(choices):
                raise NotAnAnswer("Each row takes one of the choices.")
        return {row: put for row, put in found.items() if put}

    def fraction(self, body: Body, response: Response) -> Fraction:
        right = body["right"]
        hits = sum(response.get(row) == [choice] for row, choice in right.items())
        strays = sum(row not in right for row in response)
        if body.get("scoring") == ALL_OR_NOTHING:
            return Fraction(hits == len(right) and not strays)
        return held(Fraction(hits - strays, len(right)))

    def right(self, body: Body) -> Response:
        return {row: [body["right"][row]] for row in _ids(body, "rows") if row in body["right"]}

    def interaction(self, body: Body, response: Response) -> Interaction:
        return Interaction(
            type="matching",
            pattern=(_joined(self.right(body)),),
            response=_joined(response),
            components=(
                Component("source", tuple(_options(body, "rows"))),
                Component("target", tuple(_options(body, "choices"))),
            ),
        )


def _ids(body: Body, what: str) -> list[str]:
    return [str(each["id"]) for each in body[what]]


def _options(body: Body, what: str) -> list[Option]:
    return [Option(id=str(each["id"]), text=str(each["text"])) for each in body[what]]


def _joined(pairs: Response) -> str:
    return AND.join(f"{row}{BETWEEN}{choice}" for row, [choice] in pairs.items())


MATCHING, CATEGORIZE = Pairs(Kind.MATCHING), Pairs(Kind.CATEGORIZE)
