"""Messages on the page of a mentorship, and what the templates are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from lti_tool.panels import Card
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.sections import Look, Section
from mentoring.participants.models import Participant
from mentoring.together.conversation import queries
from mentoring.together.conversation.forms import MessageForm
from mentoring.together.conversation.linking import pieces
from mentoring.together.conversation.models import Message

FEW = 3


def shown(look: Look, me: Participant, messages: Sequence[Message]) -> dict[str, Any]:
    """These messages with their authors, as somebody of the mentorship sees them."""
    return {
        "look": look,
        "mentorship": look.mentorship,
        "mine": me,
        "messages": messages,
        "names": {member.participant_id: member.participant.name for member in look.mentorship.members},
        "others": names_of(person for person in look.mentorship.people if person.id != me.id),
        "pieces": pieces,
    }


def section(look: Look) -> Card | None:
    """The newest few and the form; nothing for whoever looks on."""
    if look.mine is None:
        return None
    found = queries.newest(look.mine, look, FEW + 1)
    return Card(
        title=_("Messages"),
        template="conversation/_section.html",
        context={
            **shown(look, look.mine, found[:FEW]),
            "form": MessageForm(formdata=None),
            "are_more": len(found) > FEW,
        },
    )


SECTION = Section(key="conversation", order=35, fill=section)
