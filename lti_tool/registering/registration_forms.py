"""The one button of a registration, and the signed value that lets it be pressed once."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask_wtf import FlaskForm
from itsdangerous import BadSignature
from wtforms import HiddenField
from wtforms.validators import Length

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.registering.invitations import Invitation
from lti_tool.signing import signer

GOOD_FOR = timedelta(hours=1)
"""As long as Moodle's registration token."""
LONGEST_TOKEN = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an LMS wants when it opens the invitation: who describes it, and where its pages are."""

    source: str
    origins: tuple[str, ...]
    """Origins its registration page may be framed from, and told that we are done."""
    tries: int
    """Which try of the invitation this is."""
    is_late: bool = False


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """Nobody is signed in here, so instead of a session's CSRF token it carries a signed word about this one try."""

    class Meta:
        csrf = False

    confirm = HiddenField(validators=[Length(1, 8192)])
    registration_token = HiddenField(validators=[Length(max=LONGEST_TOKEN)])
    """In the page and in the body that is sent from it, and nowhere else."""


def confirmation(invitation: Invitation, asked: Asked, token: str) -> str:
    """A word of ours that this invitation's page was shown for this LMS and this token."""
    said = [invitation.public_id, asked.source, list(asked.origins), asked.tries, hashed(token)]
    return str(signer("registration").dumps(said))


def confirmed(invitation: Invitation, word: str, token: str) -> Asked | None:
    """What the page was shown for; None if it was not ours, or for something else."""
    try:
        said, at = signer("registration").loads(word, return_timestamp=True)
        public_id, source, origins, tries, token_hash = said
    except (BadSignature, ValueError, TypeError):
        return None
    is_ours = public_id == invitation.public_id and hmac.compare_digest(token_hash, hashed(token))
    is_late = clock.now() - at > GOOD_FOR
    return Asked(source=source, origins=tuple(origins), tries=tries, is_late=is_late) if is_ours else None
