"""Checks of single values: strings, numbers and the formats they must have.

Sources: xAPI 1.0.3, part 2, section 4; RFC 3987 for IRIs, 5646 for language tags, 4122 for UUIDs, 2045 for
media types.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeGuard

from xapi.validation.faults import FINE, Check, Faults, refuse
from xapi.validation.times import is_duration, is_rfc3339, is_timestamp

LARGEST_NUMBER = 1.7976931348623157e308

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAILTO = re.compile(r"mailto:[^\s@<>,;:?#]+@[^\s@<>,;:?#/]+")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_SHA2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:[ \t]*;[ \t]*{_TOKEN}=(?:{_TOKEN}|\"[^\"\\\r\n]*\"))*")
_LANGUAGE_TAG = re.compile(
    r"""(?:
        (?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})     # language, extended languages
        (?:-[a-z]{4})?                                  # script
        (?:-(?:[a-z]{2}|[0-9]{3}))?                     # region
        (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*        # variants
        (?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*             # extensions
        (?:-x(?:-[a-z0-9]{1,8})+)?                      # private use
      | x(?:-[a-z0-9]{1,8})+
      | en-gb-oed | i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
      | sgn-(?:be-fr|be-nl|ch-de)
    )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def is_uuid(value: str) -> bool:
    return _UUID.fullmatch(value) is not None


def is_iri(value: str) -> bool:
    """Scheme, colon, and no character that RFC 3987 forbids; any scheme will do."""
    return _IRI.fullmatch(value) is not None and ("%" not in value or _BROKEN_PERCENT.search(value) is None)


def is_mailto(value: str) -> bool:
    return _MAILTO.fullmatch(value) is not None and is_iri(value)


LONGEST_REMEMBERED = 35
"""Characters of a language tag worth remembering: the longest that RFC 5646 expects anybody to use."""


def is_language_tag(value: str) -> bool:
    return _is_tag(value) if len(value) <= LONGEST_REMEMBERED else _LANGUAGE_TAG.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _is_tag(value: str) -> bool:
    return _LANGUAGE_TAG.fullmatch(value) is not None


def is_text(value: str) -> bool:
    """Lone surrogates can neither be sent nor stored as UTF-8."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_number(value: object) -> TypeGuard[int | float]:
    """A number every reader of JSON can hold: no bool, no NaN, nothing beyond IEEE 754 double precision."""
    if not isinstance(value, int | float) or value is True or value is False:
        return False
    return -LARGEST_NUMBER <= value <= LARGEST_NUMBER


def said(test: Callable[[str], object], why: str) -> Check:
    """A check that wants a string which passes the test."""

    def check(value: object) -> Faults:
        return FINE if isinstance(value, str) and test(value) else refuse(why)

    return check


uuid = said(_UUID.fullmatch, "must be a UUID")
iri = said(is_iri, "must be an IRI with a scheme")
mailto = said(is_mailto, "must be mailto: and an e-mail address")
sha1 = said(_SHA1.fullmatch, "must be 40 hex digits")
sha2 = said(_SHA2.fullmatch, "must be 56, 64, 96 or 128 hex digits")
media_type = said(_MEDIA_TYPE.fullmatch, "must be a media type")
language_tag = said(is_language_tag, "must be an RFC 5646 language tag")
duration = said(is_duration, "must be an ISO 8601 duration")
timestamp = said(is_timestamp, "must be an ISO 8601 date and time without negative zero offset")
timestamp_with_offset = said(is_rfc3339, "must be an RFC 3339 date and time, its offset not negative zero")


def text(value: object) -> Faults:
    if not isinstance(value, str):
        return refuse("must be a string")
    return FINE if is_text(value) else refuse("must not hold half a surrogate pair")


def boolean(value: object) -> Faults:
    return FINE if value is True or value is False else refuse("must be true or false")


def number(value: object) -> Faults:
    return FINE if is_number(value) else refuse("must be a finite number")


def scaled(value: object) -> Faults:
    if not is_number(value):
        return number(value)
    return FINE if -1 <= value <= 1 else refuse("must be between -1 and 1")


def length(value: object) -> Faults:
    whole = is_number(value) and value == value // 1 and value >= 0
    return FINE if whole else refuse("must be a whole number of bytes")


def one_of(*words: str) -> Check:
    known = frozenset(words)
    return said(known.__contains__, "must be " + " or ".join(words))


def matching(pattern: str, why: str) -> Check:
    return said(re.compile(pattern).fullmatch, why)
