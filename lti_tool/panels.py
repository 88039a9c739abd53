"""Cards that features hang on the home pages, each with its urgency, and the links of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from flask_babel import LazyString
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Role

Ask = TypeVar("Ask", bound=Callable[..., Any])


class Urgency(IntEnum):
    """How loudly a panel asks for attention; the loudest next step becomes the page's one button."""

    QUIET = 0
    USEFUL = 1
    NEXT = 2
    WAITING = 3
    """Somebody waits for this."""


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What to do next, in a sentence and a button."""

    sentence: str
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """A filled panel: what its template prints, and what it would have the visitor do."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    urgency: Urgency = Urgency.QUIET
    next_step: NextStep | None = None


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A place on the home page that a feature fills."""

    key: str
    order: int
    open_to: tuple[Role, ...]
    fill: Callable[[Enrolment], Card | None]
    """The card for this visitor, or None if there is nothing to say. Reads only what they may see."""


@dataclass(frozen=True, kw_only=True)
class BriefPanel:
    """A place in the brief that a mentor reads before they meet their mentee."""

    key: str
    order: int
    fill: Callable[[Enrolment, Enrolment], Card | None]
    """The card for a mentor (first) about their mentee (second), or None if there is nothing to say. The caller has
    seen that the one mentors the other now; what else they may know of them is the panel's to judge."""
    is_on_page: bool = False
    """Whether it stands on the page of what the two have together as well, for the mentor alone."""


@dataclass(frozen=True, kw_only=True)
class NavigationItem:
    """A link of the navigation inside the frame."""

    label: LazyString
    endpoint: str
    order: int
    open_to: tuple[Role, ...]
    under_it: tuple[str, ...] = ()
    """Blueprints whose pages hang under it, beside its own."""
    is_seldom: bool = False
    """Whether it stands under *More* for those who have many."""

    def leads_to(self, blueprint: str) -> bool:
        return blueprint in (self.endpoint.partition(".")[0], *self.under_it)


def init_app(app: Flask) -> None:
    app.extensions["panels"] = []
    app.extensions["navigation"] = []
    app.extensions["brief"] = []


def register(app: Flask, panel: Panel) -> None:
    app.extensions["panels"].append(panel)


def register_navigation(app: Flask, item: NavigationItem) -> None:
    app.extensions["navigation"].append(item)


def register_brief(app: Flask, panel: BriefPanel) -> None:
    app.extensions["brief"].append(panel)


def brief_for(mentor: Enrolment, mentee: Enrolment, *, on_page: bool = False) -> list[tuple[str, Card]]:
    """Every filled panel of the brief with its key, in order, or of those that stand on the page as well.

    The caller has seen that the one mentors the other.
    """
    panels: list[BriefPanel] = sorted(current_app.extensions["brief"], key=lambda panel: panel.order)
    filled = [(panel.key, panel.fill(mentor, mentee)) for panel in panels if panel.is_on_page or not on_page]
    return [(key, card) for key, card in filled if card is not None]


def cards_for(me: Enrolment) -> list[tuple[str, Card]]:
    """Every filled panel for this visitor with its key, in the order of the page."""
    panels: list[Panel] = sorted(current_app.extensions["panels"], key=lambda panel: panel.order)
    asked = _asked.set({})
    try:
        filled = [(panel.key, panel.fill(me)) for panel in panels if me.role in panel.open_to]
    finally:
        _asked.reset(asked)
    return [(key, card) for key, card in filled if card is not None]


_asked: ContextVar[dict[Any, Any] | None] = ContextVar("asked", default=None)
"""What has been asked while the panels of a page are filled, with the answers; nothing anywhere else."""


def once_a_page(ask: Ask) -> Ask:
    """Filling panels changes nothing, so what several of them ask of the database is asked once; elsewhere, always."""

    @wraps(ask)
    def answer(session: Session, *about: Any) -> Any:
        answers = _asked.get()
        if answers is None:
            return ask(session, *about)
        key = (ask, *about)
        if key not in answers:
            answers[key] = ask(session, *about)
        return answers[key]

    return cast(Ask, answer)


def loudest(cards: list[tuple[str, Card]]) -> NextStep | None:
    """The next step of the most urgent card; among equals, the one that stands first."""
    return next(iter(steps_of(cards)), None)


def steps_of(cards: list[tuple[str, Card]]) -> list[NextStep]:
    """All their next steps, the loudest first; among equals, as the cards stand."""
    found = [card for _key, card in cards if card.next_step is not None]
    return [card.next_step for card in sorted(found, key=lambda card: -card.urgency) if card.next_step]


ROOM = 7
"""How many links fit into one line beside the way home, in longer words than English has, too."""


def navigation_for(me: Enrolment) -> tuple[list[NavigationItem], list[NavigationItem]]:
    """The links of the navigation in order, and those that stand under *More*: none where there is room for all."""
    items: list[NavigationItem] = sorted(current_app.extensions["navigation"], key=lambda item: item.order)
    mine = [item for item in items if me.role in item.open_to]
    if len(mine) <= ROOM:
        return mine, []
    return [item for item in mine if not item.is_seldom], [item for item in mine if item.is_seldom]
