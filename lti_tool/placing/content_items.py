"""What is sent back for a thing that was picked: a content item of deep linking 2.0. No database, no web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.activities import Offer
from lti_tool.claims import ASKED_CUSTOM

FRAME = {"width": 1000, "height": 720}
"""Pixels that a page of ours is comfortable in; an LMS may give what it likes."""


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One offer as somebody wants it placed."""

    offer: Offer
    title: str
    is_graded: bool


def resource_link(
    pick: Pick, *, launch_url: str, accept_targets: Sequence[str], accept_line_item: bool
) -> dict[str, Any]:
    """A link to one activity (section 3.2), which finds it again after the course was copied.

    What it opens stands in the custom parameters and not in the address, because Moodle and Canvas let a tool
    redirect to registered addresses only.
    """
    offer = pick.offer
    item: dict[str, Any] = {
        "type": "ltiResourceLink",
        "title": pick.title,
        "text": offer.description,
        "url": launch_url,
        "custom": {**_names(offer), "context_history": ASKED_CUSTOM["context_history"]},
    }
    if offer.is_graded and not pick.is_graded:
        item["custom"]["graded"] = "no"
    if offer.is_graded and pick.is_graded and accept_line_item:
        item["lineItem"] = _line_item(pick, launch_url)
    # A window only where nothing else is offered: in a frame people stay in their course.
    if "iframe" in accept_targets:
        item["iframe"] = dict(FRAME)
    elif "window" in accept_targets and "frame" not in accept_targets:
        item["window"] = {"targetName": "_blank"}
    return item


def _names(offer: Offer) -> dict[str, str]:
    return {"activity": offer.activity, **({"resource": offer.reference} if offer.reference else {})}


def _line_item(pick: Pick, launch_url: str) -> dict[str, Any]:
    """Its column: tag and resourceId survive a course copy, and a teacher may open each result from the gradebook."""
    maximum = pick.offer.maximum
    return {
        "label": pick.title,
        "scoreMaximum": int(maximum) if maximum == int(maximum) else maximum,
        "resourceId": pick.offer.resource_id,
        "tag": pick.offer.activity,
        "submissionReview": {
            "reviewableStatus": ["Completed"],
            "url": launch_url,
            "custom": _names(pick.offer),
        },
    }
