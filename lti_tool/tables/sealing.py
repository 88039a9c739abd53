"""What a preview showed travels with its page, signed, so that exactly this is saved afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from itsdangerous import BadSignature

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.signing import signer

GOOD_FOR = timedelta(hours=12)


def sealed(rows: Any, *, what: str, me: Enrolment) -> str:
    """These rows, for this visitor and this page alone; `rows` is what JSON can say."""
    return str(signer(f"table:{what}:{me.public_id}").dumps(rows))


def unsealed(word: str, *, what: str, me: Enrolment) -> Any:
    """The rows; None if they are not as we gave them away, or too long ago."""
    try:
        rows, at = signer(f"table:{what}:{me.public_id}").loads(word, return_timestamp=True)
    except BadSignature:
        return None
    return rows if clock.now() - at <= GOOD_FOR else None
