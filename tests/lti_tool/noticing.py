"""Notices of the platform in `launching`: any claim can be bent."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.claims import LTI
from tests.lti_tool.launching import ISSUER, sign

_numbers = itertools.count(1)


def notice(kind: str = "LtiHelloWorldNotice", notice_id: str = "", **changes: Any) -> dict[str, Any]:
    """The claims of one notice; a change of None removes the claim, short names stand for LTI's own."""
    at, number = int(time.time()), next(_numbers)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": "campus-tool",
        "azp": "campus-tool",
        "iat": at,
        "exp": at + 3600,
        "nonce": f"nonce {number}",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "1",
        LTI + "notice": {"id": notice_id or f"notice {number}", "timestamp": "2026-11-23T09:00:00Z", "type": kind},
    }
    for name, value in changes.items():
        full = name if name in claims else LTI + name
        if value is None:
            claims.pop(full, None)
        else:
            claims[full] = value
    return claims


def copied(course: str, *origins: str, **changes: Any) -> dict[str, Any]:
    """The notice that a course was made as a copy."""
    context = {"id": course, "label": "NEW101", "title": "Starting at work 102"}
    return notice("LtiContextCopyNotice", context=context, origin_contexts=list(origins), **changes)


def send(client: FlaskClient, *notices: Mapping[str, Any], key: str = "one") -> TestResponse:
    return client.post("/lti/notices", json={"notices": [{"jwt": sign(each, key=key)} for each in notices]})
