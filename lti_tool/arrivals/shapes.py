"""The shape of a launch token, judged before its signature: three parts, JSON, the right types and sizes.

Pure: no database, no web, no clock. Everything odd becomes `Refused`; nothing here may crash.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from lti_tool.arrivals import verdicts
from lti_tool.arrivals.verdicts import Refused
from lti_tool.claims import (
    AGS,
    DEEP_LINKING,
    DEEP_LINKING_REQUEST,
    LTI,
    MESSAGES,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
)

DEEPEST = 12
"""How deeply nested an honest message may be."""


ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def parse(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a compact token, nothing of it verified."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise Refused(verdicts.BAD_TOKEN, "not three parts")
    return _part(parts[0]), _part(parts[1])


def decoded(segment: str) -> bytes:
    """The bytes behind base64url. Raises ValueError for any second way to write the same bytes.

    Trailing `=` counts if it makes the length right: some platforms send it.
    """
    said = segment.encode("ascii")
    bare = said.rstrip(b"=")
    if bare != said and (len(said) % 4 or len(said) - len(bare) > 2):
        raise ValueError("wrong padding")
    if bare.translate(None, ALPHABET):
        raise ValueError("not base64url")  # Python skips foreign signs.
    raw = base64.urlsafe_b64decode(bare + b"=" * (-len(bare) % 4))
    rest = len(raw) % 3
    if rest and base64.urlsafe_b64encode(raw[-rest:]).rstrip(b"=") != bare[-rest - 1 :]:
        raise ValueError("not base64url")  # Python skips unused bits at the end.
    return raw


def _part(text: str) -> dict[str, Any]:
    try:
        raw = decoded(text)
        value = READER.decode(raw.decode())
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()  # Lone surrogates are no text anybody could store.
    except (ValueError, RecursionError):
        raise Refused(verdicts.BAD_TOKEN, "not base64 of JSON") from None
    if not isinstance(value, dict) or _depth(value) > DEEPEST:
        raise Refused(verdicts.BAD_TOKEN, "not an object of sensible depth")
    return value


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


READER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant)
"""JSON as it is meant: no name twice in an object, no number that is none. Made once, for making it takes time too."""


def _depth(value: dict[str, Any]) -> int:
    level: list[Any] = [value]
    depth = 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, (dict, list))
        ]
    return depth


REQUIRED_TEXTS = {
    "iss": 512,
    "sub": 255,
    "nonce": 255,
    LTI + "deployment_id": 255,
    LTI + "target_link_uri": 2048,
    LTI + "message_type": 255,
    LTI + "version": 16,
}


def check(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    if header.get("alg") != "RS256":
        raise Refused(verdicts.BAD_SIGNATURE, "alg")
    if not isinstance(header.get("kid"), str) or not header["kid"] or "crit" in header:
        raise Refused(verdicts.BAD_TOKEN, "header")
    check_texts(claims, REQUIRED_TEXTS)
    check_moments(claims)
    if not isinstance(claims.get("jti", ""), str):
        raise Refused(verdicts.BAD_TOKEN, "jti")
    _check_lists(claims)
    if claims[LTI + "version"] != "1.3.0":
        raise Refused(verdicts.WRONG_VERSION)
    if claims[LTI + "message_type"] not in MESSAGES:
        raise Refused(verdicts.WRONG_MESSAGE)
    CHECKS[claims[LTI + "message_type"]](claims)


def check_texts(holder: Mapping[str, Any], wanted: Mapping[str, int]) -> None:
    """Each of these names holds a text of at most so many letters."""
    for name, longest in wanted.items():
        value = holder.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest or "\x00" in value:
            raise Refused(verdicts.BAD_TOKEN, name.rpartition("/")[2])


def check_moments(claims: Mapping[str, Any]) -> None:
    for name in ("exp", "iat"):
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e11:
            raise Refused(verdicts.WRONG_TIME, name)


def _check_lists(claims: Mapping[str, Any]) -> None:
    audience = claims.get("aud")
    is_list = isinstance(audience, list) and audience and all(isinstance(each, str) for each in audience)
    if not is_list and not (isinstance(audience, str) and audience):
        raise Refused(verdicts.WRONG_AUDIENCE, "aud")
    roles = claims.get(LTI + "roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles) or len(roles) > 100:
        raise Refused(verdicts.BAD_TOKEN, "roles")
    context = claims.get(LTI + "context")
    if context is not None:
        context_id = context.get("id") if isinstance(context, dict) else None
        if not isinstance(context_id, str) or not 1 <= len(context_id.strip()) <= 255:
            raise Refused(verdicts.BAD_TOKEN, "context")


def _check_link(claims: Mapping[str, Any]) -> None:
    link = claims.get(LTI + "resource_link")
    link_id = link.get("id") if isinstance(link, dict) else None
    if not isinstance(link_id, str) or not 1 <= len(link_id.strip()) <= 255:
        raise Refused(verdicts.BAD_TOKEN, "resource_link")


def _check_deep_linking(claims: Mapping[str, Any]) -> None:
    """Deep linking 2.0, section 4.4.1: without a way back there is nothing to choose for."""
    settings = claims.get(DEEP_LINKING)
    way_back = settings.get("deep_link_return_url") if isinstance(settings, dict) else None
    if not isinstance(way_back, str) or not 1 <= len(way_back) <= 4096:
        raise Refused(verdicts.BAD_TOKEN, "deep_link_return_url")


def _check_review(claims: Mapping[str, Any]) -> None:
    """Submission review 1.0, section 3: whose work, and in which column."""
    _check_link(claims)
    for name, key in ((LTI + "for_user", "user_id"), (AGS, "lineitem")):
        about = claims.get(name)
        value = about.get(key) if isinstance(about, dict) else None
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= 2048:
            raise Refused(verdicts.BAD_TOKEN, key)


CHECKS = {
    RESOURCE_LINK_REQUEST: _check_link,
    DEEP_LINKING_REQUEST: _check_deep_linking,
    SUBMISSION_REVIEW_REQUEST: _check_review,
}
