"""The kinds of what was written before a new mentor came: each part of a mentorship that holds words registers its
own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import LazyString

from lti_tool.panels import Card
from mentoring.mentorships.sections import Look


@dataclass(frozen=True, kw_only=True)
class EarlierKind:
    """Something a mentee may let their new mentor read."""

    key: str
    order: int
    label: LazyString
    """As the mentee ticks it."""
    is_in_place: bool = True
    """Whether somebody who steps in finds it where it always stands, as soon as `may_read_earlier` says so."""
    show: Callable[[Look], Card | None] | None = None
    """What of a mentorship that was replaced stands on the new mentor's page of what was before; the look is the
    mentee's at the earlier one. None where a rematch passes nothing of it on."""


def init_app(app: Flask) -> None:
    app.extensions["earlier_kinds"] = []


def register(app: Flask, kind: EarlierKind) -> None:
    kinds: list[EarlierKind] = app.extensions["earlier_kinds"]
    kinds.append(kind)
    kinds.sort(key=lambda each: each.order)


def kinds() -> Sequence[EarlierKind]:
    found: list[EarlierKind] = current_app.extensions["earlier_kinds"]
    return found
