"""What features offer for placing in a course page, and how to open it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import LazyString

from lti_tool.models import Course, Enrolment, Placement


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One thing that an instructor can place."""

    key: str
    """Tells it from the other offers of a page, and stays while the page is looked at: `quiz-onboarding`."""
    activity: str
    reference: str = ""
    """Which one of the activity, as the placed link will say; empty where there is only the one."""
    title: str
    description: str
    is_graded: bool = False
    maximum: float = 0.0

    @property
    def resource_id(self) -> str:
        """What its gradebook column is found by, in this course and in copies of it."""
        return self.reference or self.activity


def _offers_nothing(_course: Course | None) -> Sequence[Offer]:
    return ()


def _as_it_is(_course: Course, offer: Offer) -> Offer:
    return offer


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One kind of thing that can be placed."""

    key: str
    """What the custom parameter `activity` of a placement says: `quiz`."""
    title: LazyString
    is_graded: bool
    open: Callable[[Enrolment, Placement | None], str]
    """The address of its page for this visitor. Runs inside the launch's transaction and may make what is missing."""
    is_home: bool = False
    """Whether that is the course's home for everybody: then nobody has to be looked up to send them there."""
    offers: Callable[[Course | None], Sequence[Offer]] = _offers_nothing
    """What can be placed in this course, or in any course where the LMS does not say which. Only reads."""
    settle: Callable[[Course, Offer], Offer] = _as_it_is
    """The offer with what it promises made, when somebody places it; the caller commits."""
    review: Callable[[Enrolment, str, Enrolment], str | None] | None = None
    """The address where I see what this learner did in the activity with that reference (empty: the course's own).

    The caller has checked that I may; None if there is no such activity. Runs inside the launch's transaction.
    """


def init_app(app: Flask) -> None:
    app.extensions["activities"] = {}


def register(app: Flask, activity: Activity) -> None:
    app.extensions["activities"][activity.key] = activity


def find(key: str) -> Activity | None:
    found = current_app.extensions["activities"].get(key)
    assert found is None or isinstance(found, Activity)
    return found


def offers(course: Course | None) -> list[Offer]:
    """Everything that features offer for this course, in the order they registered."""
    registered: dict[str, Activity] = current_app.extensions["activities"]
    return [offer for activity in registered.values() for offer in activity.offers(course)]


def settle(course: Course | None, offer: Offer) -> Offer:
    """The offer as it is to be placed: in a course, with what it promises made there."""
    activity = find(offer.activity)
    return activity.settle(course, offer) if course is not None and activity is not None else offer
