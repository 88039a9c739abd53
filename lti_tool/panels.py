"""Cards that features hang on the home pages, each with its urgency, and the links of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from flask import Flask, current_app
from flask_babel import LazyString

from lti_tool.models import Enrolment, Role


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
class NavigationItem:
    """A link of the navigation inside the frame."""

    label: LazyString
    endpoint: str
    order: int
    open_to: tuple[Role, ...]


def init_app(app: Flask) -> None:
    app.extensions["panels"] = []
    app.extensions["navigation"] = []


def register(app: Flask, panel: Panel) -> None:
    app.extensions["panels"].append(panel)


def register_navigation(app: Flask, item: NavigationItem) -> None:
    app.extensions["navigation"].append(item)


def cards_for(me: Enrolment) -> list[tuple[str, Card]]:
    """Every filled panel for this visitor with its key, in the order of the page."""
    panels: list[Panel] = sorted(current_app.extensions["panels"], key=lambda panel: panel.order)
    filled = [(panel.key, panel.fill(me)) for panel in panels if me.role in panel.open_to]
    return [(key, card) for key, card in filled if card is not None]


def loudest(cards: list[tuple[str, Card]]) -> NextStep | None:
    """The next step of the most urgent card; among equals, the one that stands first."""
    steps = [card for _key, card in cards if card.next_step is not None]
    return max(steps, key=lambda card: card.urgency).next_step if steps else None


def navigation_for(me: Enrolment) -> list[NavigationItem]:
    items: list[NavigationItem] = sorted(current_app.extensions["navigation"], key=lambda item: item.order)
    return [item for item in items if me.role in item.open_to]
