"""What every kind of question can say about itself; no database, no web.

A question's `body` is what its author wrote, as plain JSON: each kind's module says what stands in it. A `Response` is
what a learner answered: for each part of the question its strings, such as the ids of the options chosen, or a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from quizzes.marking import Kind

Body = Mapping[str, Any]
Response = dict[str, list[str]]

CHOSEN, ORDER, TEXT, NUMBER, UNIT, FILES = "chosen", "order", "text", "number", "unit", "files"
"""The parts that answers have where a question has no parts of its own."""
LONGEST_LINE, LONGEST_TEXT = 1_000, 100_000
"""Characters of an answer in one line, and of an essay."""


class NotAnAnswer(ValueError):
    """What was sent is no answer to this question: a choice it does not have, or more of them than it takes."""


class TooLong(NotAnAnswer):
    """More was written than an answer may have."""


@dataclass(frozen=True)
class Places:
    """What of a question may change places: places from 0, in groups that are shuffled each by itself."""

    size: int = 0
    groups: tuple[tuple[int, ...], ...] = ()
    is_order: bool = False
    """Whether the places stand in the right order, in which they are not to be shown."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something to choose, to match or to put in order."""

    id: str
    text: str


@dataclass(frozen=True)
class Component:
    """What an interaction lets people choose from: `choices`, or `source` and `target`."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """A question as xAPI describes interactions (specification 1.0.3, data, 4.1.4.1): patterns and response alike."""

    type: str
    pattern: tuple[str, ...] = ()
    """What is right; several where any of them is."""
    response: str = ""
    components: tuple[Component, ...] = ()


class QuestionKind(Protocol):
    """How questions of one kind are shuffled, answered and marked."""

    @property
    def kind(self) -> Kind: ...

    @property
    def takes_answers(self) -> bool:
        """Whether there is anything to answer."""

    @property
    def is_marked_by_hand(self) -> bool: ...

    def places(self, body: Body) -> Places: ...

    def cleaned(self, body: Body, response: Response) -> Response:
        """The answer in the form it is kept in, without parts left open.

        Raises NotAnAnswer.
        """

    def is_answered(self, body: Body, response: Response) -> bool:
        """Whether a cleaned answer is one."""

    def options(self, body: Body) -> Sequence[Option]:
        """What may change places, in the order of the text; as many as `places` has."""

    def fraction(self, body: Body, response: Response) -> Fraction | None:
        """What a cleaned answer earns, from 0 to 1; None where people have to say so."""

    def right(self, body: Body) -> Response:
        """An answer that earns everything; empty where there is none to be told."""

    def interaction(self, body: Body, response: Response) -> Interaction: ...


class Answered:
    """For kinds that are answered by anything, and have nothing to choose from."""

    takes_answers = True
    is_marked_by_hand = False

    def places(self, body: Body) -> Places:
        return Places()

    def options(self, body: Body) -> Sequence[Option]:
        return ()

    def is_answered(self, body: Body, response: Response) -> bool:
        return bool(response)


def held(fraction: Fraction) -> Fraction:
    """Between 0 and 1."""
    return min(max(fraction, Fraction(0)), Fraction(1))


def one_line(body_part: str, response: Response) -> str:
    """What was typed for this part in one line, its spaces straightened.

    Raises TooLong for something too long to be meant.
    """
    typed = " ".join(" ".join(response.get(body_part, ())).split())
    if len(typed) > LONGEST_LINE:
        raise TooLong(f"An answer in one line has at most {LONGEST_LINE} characters.")
    return typed
