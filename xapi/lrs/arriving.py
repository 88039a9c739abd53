"""Statements as they arrive: out of a body of JSON or of several parts, each of them valid, with its attachments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xapi.lrs.asked import Asked
from xapi.lrs.parts import BadParts, Part, parts_of
from xapi.lrs.signatures import CONTENT_TYPE, USAGE, BadSignature, check_signature
from xapi.validation import MalformedJsonError, errors, strict_json
from xapi.validation.faults import Fault
from xapi.validation.statements import Version

Statement = dict[str, Any]

MOST_AT_ONCE = 1000
"""Statements in one request: nobody else writes to the store while they are put there."""
MOST_FAULTS_TOLD = 5
_DIGESTS = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}


class BadStatements(Exception):
    """What arrived cannot be stored; the message says why."""


class TooMany(BadStatements):
    """More statements than one request may hold."""


@dataclass(frozen=True)
class Arrived:
    statements: Sequence[Statement]
    is_batch: bool
    """Whether they came as an array."""
    attachments: Mapping[str, bytes]
    """The data that came along, by its hash in lower case."""


def arrived(asked: Asked) -> Arrived:
    """Raises BadStatements."""
    kind, options = asked.content_type
    if kind == "application/json":
        return _with_attachments(_statements(asked.body, asked.version), [], asked.version)
    if kind != "multipart/mixed":
        raise BadStatements("Send statements as application/json, or with attachments as multipart/mixed.")
    try:
        first, *rest = parts_of(asked.body, options.get("boundary"))
    except BadParts as bad:
        raise BadStatements(str(bad)) from None
    except ValueError:
        raise BadStatements("The body has no parts.") from None
    if first.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadStatements("The first part must hold the statements: Content-Type: application/json.")
    return _with_attachments(_statements(first.data, asked.version), rest, asked.version)


def _statements(text: bytes, version: Version) -> object:
    try:
        said = strict_json(text)
    except MalformedJsonError as bad:
        raise BadStatements(f"The body must be well-formed JSON: {bad}.") from None
    several = said if isinstance(said, list) else [said]
    if len(several) > MOST_AT_ONCE:
        raise TooMany(f"Send at most {MOST_AT_ONCE} statements at once.")
    for place, statement in enumerate(several):
        if faults := errors(statement, version):
            where = f"Statement {place + 1} of {len(several)}: " if isinstance(said, list) else ""
            raise BadStatements(where + _told(faults))
    return said


def _told(faults: Sequence[Fault]) -> str:
    told = "; ".join(map(str, faults[:MOST_FAULTS_TOLD]))
    return f"{told}{'; and more' if len(faults) > MOST_FAULTS_TOLD else ''}."


def _with_attachments(said: object, parts: Sequence[Part], version: Version) -> Arrived:
    statements: list[Statement] = said if isinstance(said, list) else [said]  # type: ignore[list-item]
    data = dict(map(_attached, parts))
    wanted: set[str] = set()
    for statement in statements:
        for attachment in attachments_of(statement):
            digest = attachment["sha2"].lower()
            wanted.add(digest)
            if digest not in data and "fileUrl" not in attachment:
                raise BadStatements("An attachment must come as a part of the body, or have a fileUrl.")
            if attachment["usageType"] == USAGE:
                _check_signature(statement, attachment, data.get(digest), version)
    if surplus := data.keys() - wanted:
        raise BadStatements(f"No attachment of a statement has the hash {min(surplus)}, as one part has.")
    return Arrived(statements, isinstance(said, list), data)


def attachments_of(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Of the statement itself and of the one inside it."""
    yield from statement.get("attachments", ())
    yield from statement["object"].get("attachments", ())


def _attached(part: Part) -> tuple[str, bytes]:
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise BadStatements("Every part with an attachment needs the header Content-Transfer-Encoding: binary.")
    digest = part.headers.get("x-experience-api-hash", "").lower()
    make = _DIGESTS.get(len(digest))
    if make is None or make(part.data).hexdigest() != digest:
        raise BadStatements(
            "Every part with an attachment needs the header X-Experience-API-Hash with the SHA-2 of its data."
        )
    return digest, part.data


def _check_signature(statement: Statement, attachment: Mapping[str, Any], data: bytes | None, version: Version) -> None:
    if attachment["contentType"].partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise BadStatements(f"A signature must be attached as {CONTENT_TYPE}.")
    if data is None:
        raise BadStatements("A signature must come as a part of the body.")
    try:
        check_signature(statement, data, version)
    except BadSignature as bad:
        raise BadStatements(str(bad)) from None
