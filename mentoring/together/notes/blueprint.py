"""What the pages of notes share: their blueprint, which mentorships they open, and which note."""

from __future__ import annotations

from flask import Blueprint, abort, g

from lti_tool.db import db
from lti_tool.models import Enrolment
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.blueprint import ONE as MENTORSHIP
from mentoring.mentorships.blueprint import held_to_look, look_at, refuse
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.queries import once_seen_by
from mentoring.mentorships.refusing import Refusal, why_not
from mentoring.mentorships.sections import Look
from mentoring.together.notes import queries
from mentoring.together.notes.models import Note

bp = Blueprint("notes", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

ALL = f"{MENTORSHIP}/notes"
ONE = f"{ALL}/<note_id>"


def look_back_at(me: Enrolment, public_id: str) -> Look:
    """A mentorship I may see, or belonged to at its end: notes are read when it is over. What never began has none."""
    found = db.session.scalar(once_seen_by(me).where(Mentorship.public_id == public_id))
    return _begun(look_at(me, found or abort(404)))


def held_to_take_away(me: Enrolment, public_id: str) -> Look:
    """The same, held with its people."""
    return _begun(look_at(me, held_to_look(me, public_id)))


def held_to_write(me: Enrolment, public_id: str) -> Look:
    """The same for whoever wants to write, its people or an instructor; a Refusal where it is over."""
    look = held_to_take_away(me, public_id)
    if not look.mentorship.is_standing:
        raise Refusal(why_not(look.mentorship, Act.END))
    return look


def _begun(look: Look) -> Look:
    return look if look.mentorship.started is not None else abort(404)


def own_note(look: Look, note_id: str) -> Note:
    """A note of mine, or a 404; whoever acts in my name does not open what is private."""
    note = queries.mine(look, note_id)
    if note is None or (g.is_acted and note.is_private):
        abort(404)
    return note
