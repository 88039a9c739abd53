"""The shape of a launch token, judged before its signature: three parts, JSON, the right types and sizes.

Pure: no database, no web, no clock. Everything odd becomes `Refused`; nothing here may crash.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from lti_tool.arrivals import verdicts
from lti_tool.arrivals.verdicts import Refused
from lti_tool.claims import (
    AGS,
    CONTEXT,
    DEEP_LINKING,
    DEEP_LINKING_REQUEST,
    DEPLOYMENT_ID,
    FOR_USER,
    MESSAGE_TYPE,
    MESSAGES,
    RESOURCE_LINK,
    RESOURCE_LINK_REQUEST,
    ROLES,
    SUBMISSION_REVIEW_REQUEST,
    TARGET_LINK_URI,
    VERSION,
)

DEEPEST = 12
"""How deeply nested an honest message may be."""


SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

LONGEST_KEPT = 1024
"""Letters of a header that is kept: all tokens signed with one key begin with the same."""

FROM_URLS = bytes.maketrans(b"-_+/", b"+/!!")
"""From the alphabet of addresses to the one that Python reads strictly, whose own signs have no place here."""


def parse(token: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Header and claims of a compact token, nothing of it verified."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise Refused(verdicts.BAD_TOKEN, "not three parts")
    header, claims, _signature = parts
    return (_header if len(header) <= LONGEST_KEPT else _part)(header), _part(claims)


def decoded(segment: str) -> bytes:
    """The bytes behind base64url. Raises ValueError for any second way to write the same bytes.

    Trailing `=` counts if it makes the length right: some platforms send it.
    """
    said = segment.encode("ascii").translate(FROM_URLS)
    if not said.endswith(b"="):
        said += b"=" * (-len(said) % 4)
    raw = binascii.a2b_base64(said, strict_mode=True)
    if len(said) != (len(raw) + 2) // 3 * 4:
        raise ValueError("wrong padding of base64")  # Python lets it pass after whole fours.
    rest = len(raw) % 3
    if rest and binascii.b2a_base64(raw[-rest:], newline=False) != said[-4:]:
        raise ValueError("not base64url")  # Python skips unused bits at the end.
    return raw


def _part(text: str) -> dict[str, Any]:
    try:
        raw = decoded(text)
        value = READER.decode(raw.decode())
        if b"\\u" in raw and SURROGATE.search(raw):
            json.dumps(value, ensure_ascii=False).encode()  # Lone surrogates are no text anybody could store.
    except (ValueError, RecursionError):
        raise Refused(verdicts.BAD_TOKEN, "not base64 of JSON") from None
    if not isinstance(value, dict) or _is_deeper(value.values(), DEEPEST):
        raise Refused(verdicts.BAD_TOKEN, "not an object of sensible depth")
    return value


_header = lru_cache(maxsize=64)(_part)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


READER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant)
"""JSON as it is meant: no name twice in an object, no number that is none. Made once, for making it takes time too."""


def _is_deeper(values: Iterable[Any], levels: int) -> bool:
    """Whether what holds these values is nested more than so many levels deep, itself one of them."""
    for value in values:
        kind = type(value)
        if kind is str:
            continue
        inner = value.values() if kind is dict else value if kind is list else None
        if inner is not None and (levels <= 1 or _is_deeper(inner, levels - 1)):
            return True
    return False


REQUIRED_TEXTS = {
    "iss": 512,
    "sub": 255,
    "nonce": 255,
    DEPLOYMENT_ID: 255,
    TARGET_LINK_URI: 2048,
    MESSAGE_TYPE: 255,
    VERSION: 16,
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
    if claims[VERSION] != "1.3.0":
        raise Refused(verdicts.WRONG_VERSION)
    if claims[MESSAGE_TYPE] not in MESSAGES:
        raise Refused(verdicts.WRONG_MESSAGE)
    CHECKS[claims[MESSAGE_TYPE]](claims)


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
    roles = claims.get(ROLES)
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles) or len(roles) > 100:
        raise Refused(verdicts.BAD_TOKEN, "roles")
    context = claims.get(CONTEXT)
    if context is not None:
        context_id = context.get("id") if isinstance(context, dict) else None
        if not isinstance(context_id, str) or not 1 <= len(context_id.strip()) <= 255:
            raise Refused(verdicts.BAD_TOKEN, "context")


def _check_link(claims: Mapping[str, Any]) -> None:
    link = claims.get(RESOURCE_LINK)
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
    for name, key in ((FOR_USER, "user_id"), (AGS, "lineitem")):
        about = claims.get(name)
        value = about.get(key) if isinstance(about, dict) else None
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= 2048:
            raise Refused(verdicts.BAD_TOKEN, key)


CHECKS = {
    RESOURCE_LINK_REQUEST: _check_link,
    DEEP_LINKING_REQUEST: _check_deep_linking,
    SUBMISSION_REVIEW_REQUEST: _check_review,
}
