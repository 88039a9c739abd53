"""The page of a conversation: reading, writing, and taking back. Instructors find nothing here."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import place_in
from mentoring.mentorships.blueprint import ONE, held_as_mine, look_at, once_shown, refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.together.conversation import queries, writing
from mentoring.together.conversation.forms import MessageForm
from mentoring.together.conversation.showing import shown
from mentoring.together.conversation.telling import page_of

bp = Blueprint("conversation", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

THREAD = f"{ONE}/conversation"
AT_ONCE = 30


@bp.get(THREAD)
@open_to(*MEMBERS)
def thread(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """The newest first, `?from=` so many behind it; also when it is over, for whoever was in it to the last."""
    look = look_at(me, once_shown(me, mentorship_id))
    if look.mine is None or look.mentorship.is_open:
        abort(404)
    return _page(look, look.mine, MessageForm(formdata=None))


@bp.post(THREAD)
@open_to(*MEMBERS)
def write(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look, form = held_as_mine(me, mentorship_id), MessageForm()
    person = look.mine
    assert person is not None
    if not form.validate_on_submit():
        return _page(look, person, form), 422
    token = form.token.data or ""
    writing.write(db.session, look.mentorship, form.words, token=token, by=person, at=look.at)
    db.session.commit()
    flash(_("Sent. The others are told that you have written."), "success")
    return redirect(page_of(look.mentorship))


@bp.post(f"{THREAD}/<message_id>/take-back")
@open_to(*MEMBERS)
def take_back(me: Enrolment, mentorship_id: str, message_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    person = look.mine
    assert person is not None
    message = queries.one(person, look, message_id)
    if message is None or message.by_id != person.id:
        abort(404)
    writing.take_back(db.session, message, at=look.at)
    db.session.commit()
    flash(_("Taken back: nobody can read it here any more. That there was a message stays."), "success")
    return redirect(page_of(look.mentorship))


def _page(look: Look, me: Participant, form: MessageForm) -> str:
    first = place_in()
    found = queries.newest(me, look, AT_ONCE + 1, first)
    return render(
        "conversation/thread.html",
        me=look.me,
        **shown(look, me, found[:AT_ONCE]),
        form=form,
        newer=_address(look, first - AT_ONCE) if first else "",
        older=_address(look, first + AT_ONCE) if len(found) > AT_ONCE else "",
    )


def _address(look: Look, first: int) -> str:
    page = page_of(look.mentorship)
    return f"{page}?from={first}" if first > 0 else page
