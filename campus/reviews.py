"""Submission review: a launch from the gradebook that asks the tool for one learner's result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campus import addresses, messages
from campus.messages import AGS, LTI, Opening
from campus.people import Person
from campus.platform import Campus


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose result in which column."""

    line_item_id: int
    learner_id: str


def ask(here: Campus, message_hint: str, line_item_id: int, learner: Person) -> None:
    """Remember what this launch will ask for."""
    with here.store.writing() as db:
        db.execute("INSERT INTO reviews VALUES (?, ?, ?)", (message_hint, line_item_id, learner.id))


def asked_by(here: Campus, message_hint: str) -> Asked | None:
    row = here.store.first("SELECT * FROM reviews WHERE message_hint = ?", message_hint)
    return Asked(line_item_id=row["line_item_id"], learner_id=row["learner_id"]) if row else None


def request_claims(opening: Opening, asked: Asked) -> dict[str, Any]:
    """As Moodle 4.5 sent it: a resource launch of another type, with whom it is about and one line item.

    Only the strict flavor names the learner, which the specification allows.
    """
    claims = messages.resource_launch(opening)
    about: dict[str, Any] = {"user_id": asked.learner_id}
    learner = opening.here.register.person(asked.learner_id)
    if opening.here.flavor.name == "strict" and learner is not None and learner.name:
        about |= {"name": learner.name}
    line_item = addresses.line_item(opening.here, opening.course.id, asked.line_item_id)
    return {
        **claims,
        LTI + "message_type": "LtiSubmissionReviewRequest",
        LTI + "for_user": about,
        AGS: {**claims[AGS], "lineitem": line_item},
    }
