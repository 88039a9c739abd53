"""Notices to people, in the tool and by mail: the door through which features tell somebody something.

    mail.register_kind(app, NoticeKind("requests", _l("Requests"), order=20))
    mail.tell(session, mentor, "requests", lambda: Words(_("Leo asks you"), ...), key=f"asked:{asked.public_id}", at=at)

How a notice is kept, shown and brought is told in `lti_tool.notifying`. Somebody outside the course has no notices;
a feature that mails them carries its own letters, as an `OutsideCarrier`.
"""

from __future__ import annotations

from lti_tool.notifying import init_app
from lti_tool.notifying.kinds import NoticeKind, register_kind
from lti_tool.notifying.outsiders import OutsideCarrier, OutsideMail, secret_for
from lti_tool.notifying.telling import Words, new_message_id, path_to, tell

__all__ = [
    "NoticeKind",
    "OutsideCarrier",
    "OutsideMail",
    "Words",
    "init_app",
    "new_message_id",
    "path_to",
    "register_kind",
    "secret_for",
    "tell",
]
