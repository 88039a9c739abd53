"""What stands on a mentorship's page between what is now and how it can end: each wing hangs its section here.

A section looks at what this visitor may see of this mentorship and no more; the page it hangs on has been opened by
somebody who may see the mentorship at all (one of its people, or an instructor of the course).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from lti_tool.panels import Card
from mentoring.mentorships.models import Mentorship, Part
from mentoring.participants.models import Participant


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody looks at a mentorship."""

    session: Session
    me: Enrolment
    mentorship: Mentorship
    part: Part | None
    """What they are in it; nothing for an instructor who looks on."""
    at: datetime

    @property
    def mine(self) -> Participant | None:
        """Themselves, as somebody who belongs to it now."""
        return next((each for each in self.mentorship.people if each.enrolment_id == self.me.id), None)

    @property
    def can_write(self) -> bool:
        """Whether they are one of its people, while it lasts."""
        return self.mine is not None and self.mentorship.is_standing


@dataclass(frozen=True, kw_only=True)
class Section:
    """A place on the page that a wing fills."""

    key: str
    """Makes its heading's id."""
    order: int
    fill: Callable[[Look], Card | None]
    """The card for this visitor, or None where there is nothing to say to them."""


def init_app(app: Flask) -> None:
    app.extensions["mentorship_sections"] = []


def register(app: Flask, section: Section) -> None:
    sections: list[Section] = app.extensions["mentorship_sections"]
    sections.append(section)
    sections.sort(key=lambda each: each.order)


def sections_for(look: Look) -> list[tuple[str, Card]]:
    """Every filled section for this visitor with its key, in the order of the page."""
    sections: list[Section] = current_app.extensions["mentorship_sections"]
    filled = [(section.key, section.fill(look)) for section in sections]
    return [(key, card) for key, card in filled if card is not None]
