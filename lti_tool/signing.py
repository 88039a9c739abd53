"""Words that travel with a page and come back as they went, dated by our own clock."""

from __future__ import annotations

from typing import Any

from flask import current_app
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from lti_tool import clock


class Signer(URLSafeTimedSerializer):
    """By our own clock."""

    class OurTime(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(clock.now().timestamp())

    default_signer = OurTime


def signer(salt: str) -> Signer:
    """Signs with the newest secret and believes the older ones; what one salt signed is worth nothing under another."""
    keys: Any = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return Signer(keys, salt=salt)
