"""What features offer for placing in a course page, and how to open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import LazyString

from lti_tool.models import Enrolment, Placement


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One kind of thing that can be placed."""

    key: str
    """What the custom parameter `activity` of a placement says: `quiz`."""
    title: LazyString
    is_graded: bool
    open: Callable[[Enrolment, Placement | None], str]
    """The address of its page for this visitor. Runs inside the launch's transaction and may make what is missing."""


def init_app(app: Flask) -> None:
    app.extensions["activities"] = {}


def register(app: Flask, activity: Activity) -> None:
    app.extensions["activities"][activity.key] = activity


def find(key: str) -> Activity | None:
    found = current_app.extensions["activities"].get(key)
    assert found is None or isinstance(found, Activity)
    return found
