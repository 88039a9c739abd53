"""Whether a document may be changed, by what its writer says they have seen of it.

Sources: RFC 9110, section 13.1; xAPI 1.0.3, part 3, section 3.1; xAPI 2.0 (IEEE 9274.1.1), section 4.1.4.
"""

from __future__ import annotations

import hashlib
import re

from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, Conflict, PreconditionFailed

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def etag_of(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def hold(headers: Headers, etag: str | None) -> None:
    """Raises PreconditionFailed if what is there, of this ETag, is not what these headers want; None if nothing is."""
    wanted, unwanted = headers.get("If-Match"), headers.get("If-None-Match")
    if wanted is not None and not _names(wanted, etag):
        raise PreconditionFailed("The document is no longer the one that If-Match names. Read it again first.")
    if unwanted is not None and _names(unwanted, etag):
        raise PreconditionFailed("The document that If-None-Match excludes is there.")


def must_say_what_was_seen(headers: Headers, etag: str | None, *, of_new_ones_too: bool) -> None:
    """For replacing a document: raises Conflict, or BadRequest where a new one needs a header as well."""
    if "If-Match" in headers or "If-None-Match" in headers:
        return
    if etag is not None:
        raise Conflict(
            "There is a document already. Read it, and send its ETag in If-Match; If-None-Match: * only makes new ones."
        )
    if of_new_ones_too:
        raise BadRequest("Send If-None-Match: * to make a new document, or If-Match with the ETag of the one you saw.")


def _names(said: str, etag: str | None) -> bool:
    if etag is None:
        return False
    # Some clients leave the quotes out.
    return said.strip() in ("*", etag) or etag in (found.lower() for found in _TAG.findall(said))
