"""The kinds of notices there are: features name them, people choose for each whether it is mailed as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import LazyString

from lti_tool.models import Role

LONGEST_KEY = 64


@dataclass(frozen=True)
class NoticeKind:
    """What a notice is about."""

    key: str
    """*proposals*, *requests*: it stays the same for good, because people's choices are kept under it."""
    label: LazyString
    """What the page of choices calls it."""
    order: int
    is_mailed: bool = True
    """What holds for whoever has not chosen."""
    choices: str = ""
    """The endpoint of a page of the course on which people choose more finely; empty where there is none."""
    choosers: tuple[Role, ...] = ()
    """Whom that page is open to."""


def init_app(app: Flask) -> None:
    app.extensions["notice_kinds"] = {}


def register_kind(app: Flask, kind: NoticeKind) -> None:
    """Let people be told something of this kind. Raises ValueError if its key is taken, or too long to be kept."""
    kinds: dict[str, NoticeKind] = app.extensions["notice_kinds"]
    if kind.key in kinds or not 0 < len(kind.key) <= LONGEST_KEY:
        raise ValueError(f"Notices of kind {kind.key!r} are registered already, or their key is too long")
    kinds[kind.key] = kind


def kind_of(key: str) -> NoticeKind:
    """Raises LookupError where nobody has registered it."""
    kinds: dict[str, NoticeKind] = current_app.extensions["notice_kinds"]
    return kinds[key]


def all_kinds() -> Sequence[NoticeKind]:
    return sorted(current_app.extensions["notice_kinds"].values(), key=lambda kind: (kind.order, kind.key))
