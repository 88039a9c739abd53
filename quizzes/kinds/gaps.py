"""A text with gaps: cloze, whose gaps are typed or chosen, and drop-down gaps, which are all chosen.

Body: `text`, in which `[[1]]` is the gap whose `id` is `1`; `gaps`, each with `id`, `kind` (`single`, `short_text` or
`numeric`), `weight` (a whole number, 1 if it is not there), and what a question of that kind has. An answer's parts are
the gaps' ids.

The mark is the mean of what the gaps earn, each as often as it weighs. Or all or nothing, by `scoring`: every gap has
to be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.kinds.base import (
    CHOSEN,
    NUMBER,
    TEXT,
    Answered,
    Body,
    Interaction,
    NotAnAnswer,
    Option,
    Places,
    QuestionKind,
    Response,
)
from quizzes.kinds.choices import ALL_OR_NOTHING, SINGLE
from quizzes.kinds.numbers import NUMERIC
from quizzes.kinds.texts import SHORT_TEXT
from quizzes.marking import Kind

GAP = re.compile(r"\[\[(\w{1,32})\]\]")
AND = "[,]"
INNER: Mapping[Kind, tuple[QuestionKind, str]] = {
    Kind.SINGLE: (SINGLE, CHOSEN),
    Kind.SHORT_TEXT: (SHORT_TEXT, TEXT),
    Kind.NUMERIC: (NUMERIC, NUMBER),
}
"""The kinds a gap can have, each with the part of an answer that it is."""


def gaps_in(text: str) -> list[str]:
    """The ids of the gaps, as they come in the text."""
    return GAP.findall(text)


@dataclass(frozen=True)
class Gaps(Answered):
    kind: Kind

    def places(self, body: Body) -> Places:
        """The options of every gap that is chosen, gap after gap."""
        groups, size = [], 0
        for gap in body["gaps"]:
            inner = _inner(gap).places(gap)
            groups += [tuple(size + place for place in group) for group in inner.groups]
            size += inner.size
        return Places(size, tuple(groups))

    def options(self, body: Body) -> Sequence[Option]:
        return [option for gap in body["gaps"] for option in options_of(gap)]

    def cleaned(self, body: Body, response: Response) -> Response:
        by_id = {str(gap["id"]): gap for gap in body["gaps"]}
        if not set(response) <= set(by_id):
            raise NotAnAnswer("The text has no such gap.")
        found = {}
        for key, gap in by_id.items():
            part = _part(gap)
            cleaned = _inner(gap).cleaned(gap, {part: list(response.get(key, ()))}).get(part)
            if cleaned:
                found[key] = cleaned
        return found

    def fraction(self, body: Body, response: Response) -> Fraction:
        whole = sum(_weight(gap) for gap in body["gaps"])
        earned = sum((_weight(gap) * self.earned(gap, response) for gap in body["gaps"]), Fraction(0))
        if body.get("scoring") == ALL_OR_NOTHING:
            return Fraction(earned == whole)
        return earned / whole

    @staticmethod
    def earned(gap: Body, response: Response) -> Fraction:
        """What this gap earns by itself, from 0 to 1."""
        put = response.get(str(gap["id"]))
        earned = _inner(gap).fraction(gap, {_part(gap): put}) if put else Fraction(0)
        assert earned is not None  # No gap is marked by hand.
        return earned

    def right(self, body: Body) -> Response:
        return {str(gap["id"]): _inner(gap).right(gap)[_part(gap)][:1] for gap in body["gaps"]}

    def interaction(self, body: Body, response: Response) -> Interaction:
        """Filled in, as the texts that stand in the gaps; what is right in one way only is said."""
        return Interaction(
            type="fill-in",
            pattern=("{order_matters=true}" + AND.join(self.read(body, self.right(body))),),
            response=AND.join(self.read(body, response)),
        )

    @staticmethod
    def read(body: Body, response: Response) -> list[str]:
        """What stands in each gap, in words."""
        return [" ".join(_said(gap, put) for put in response.get(str(gap["id"]), ())) for gap in body["gaps"]]


def options_of(gap: Body) -> Sequence[Option]:
    return [Option(id=str(each["id"]), text=str(each["text"])) for each in gap.get("options", ())]


def _said(gap: Body, put: str) -> str:
    return {option.id: option.text for option in options_of(gap)}.get(put, put)


def _inner(gap: Body) -> QuestionKind:
    return INNER[Kind(gap["kind"])][0]


def _part(gap: Body) -> str:
    return INNER[Kind(gap["kind"])][1]


def _weight(gap: Body) -> int:
    return int(gap.get("weight", 1))


CLOZE, DROP_DOWN = Gaps(Kind.CLOZE), Gaps(Kind.DROP_DOWN)
