"""Choosing among options: single and multiple answer, true or false, and places in a picture.

Body: `options`, each with `id`, `text`, `fixed` (keeps its place) and perhaps `weight` (a fraction as text, such as
`-1/3`); `right`, the ids of the right ones; `scoring`, if it is not the usual one. True and false are two fixed
options, `true` and `false`. A picture's options are its areas.

Marking as `quizzes.marking` says, or by the options' own weights, or all or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.kinds.base import CHOSEN, Answered, Body, Component, Interaction, NotAnAnswer, Option, Places, Response
from quizzes.marking import Key, Kind, mark_question

ALL_OR_NOTHING = "all_or_nothing"
SEPARATOR = "[,]"


@dataclass(frozen=True)
class Choices(Answered):
    kind: Kind
    several: bool = False

    def takes_several(self, body: Body) -> bool:
        return self.several

    def rows(self, body: Body) -> Sequence[Body]:
        """The options as the text has them."""
        found: Sequence[Body] = body["options"]
        return found

    def options(self, body: Body) -> Sequence[Option]:
        return [Option(id=str(each["id"]), text=self._text(each)) for each in self.rows(body)]

    def ids(self, body: Body) -> list[str]:
        return [str(option["id"]) for option in self.rows(body)]

    def places(self, body: Body) -> Places:
        options = self.rows(body)
        movable = tuple(place for place, option in enumerate(options) if not option.get("fixed"))
        return Places(len(options), (movable,) if movable else ())

    def cleaned(self, body: Body, response: Response) -> Response:
        ticked = set(response.get(CHOSEN, ())) - {""}
        ids = self.ids(body)
        if not ticked <= set(ids):
            raise NotAnAnswer("The question has no such option.")
        if len(ticked) > 1 and not self.takes_several(body):
            raise NotAnAnswer("The question takes one option.")
        return {CHOSEN: [option for option in ids if option in ticked]} if ticked else {}

    def key(self, body: Body) -> Key:
        ids, right = self.ids(body), body["right"]
        if any("weight" in option for option in self.rows(body)):
            weights = {str(each["id"]): Fraction(each.get("weight") or 0) for each in self.rows(body)}
            return Key(Kind.MULTIPLE if self.takes_several(body) else Kind.SINGLE, weights)
        return Key.of(Kind.MULTIPLE if self.takes_several(body) else Kind.SINGLE, ids, right)

    def fraction(self, body: Body, response: Response) -> Fraction:
        chosen = response.get(CHOSEN, [])
        if body.get("scoring") == ALL_OR_NOTHING:
            return Fraction(set(chosen) == set(body["right"]))
        return mark_question(chosen, self.key(body)).fraction

    def right(self, body: Body) -> Response:
        return {CHOSEN: [option for option in self.ids(body) if option in body["right"]]}

    def interaction(self, body: Body, response: Response) -> Interaction:
        return Interaction(
            type="choice",
            pattern=(SEPARATOR.join(self.right(body)[CHOSEN]),),
            response=SEPARATOR.join(response.get(CHOSEN, ())),
            components=(Component("choices", tuple(sorted(self.options(body), key=lambda option: option.id))),),
        )

    @staticmethod
    def _text(option: Body) -> str:
        return str(option.get("text") or option.get("label") or option["id"])


class TrueFalse(Choices):
    """Its options are always the same two, and are said in the visitor's language."""

    OPTIONS = ({"id": "true", "fixed": True}, {"id": "false", "fixed": True})

    def rows(self, body: Body) -> Sequence[Body]:
        return self.OPTIONS

    def interaction(self, body: Body, response: Response) -> Interaction:
        chosen = response.get(CHOSEN) or [""]
        return Interaction(type="true-false", pattern=(str(body["right"][0]),), response=chosen[0])


class Hotspot(Choices):
    """Areas of a picture, each with a `label` in words: `image`, `alt`, `areas` with `shape` and `coords`."""

    def rows(self, body: Body) -> Sequence[Body]:
        found: Sequence[Body] = body["areas"]
        return found

    def takes_several(self, body: Body) -> bool:
        return len(body["right"]) > 1

    def places(self, body: Body) -> Places:
        # A picture stays as it is.
        return Places(len(self.rows(body)))


SINGLE, MULTIPLE = Choices(Kind.SINGLE), Choices(Kind.MULTIPLE, several=True)
TRUE_FALSE, HOTSPOT = TrueFalse(Kind.TRUE_FALSE), Hotspot(Kind.HOTSPOT)
