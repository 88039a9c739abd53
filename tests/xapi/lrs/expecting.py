"""What each answer of a replay has to say, known from what was sent before and from nothing else.

Statements come back as they were told, but for what a store adds; documents as they were put; errors are one sentence.
"""

import email
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.test import TestResponse

from xapi.validation.times import moment
from xapi.validation.values import is_uuid

ETAG = re.compile(r'"[0-9a-f]{40}"')
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
ADDED = ("id", "stored", "timestamp", "authority", "version")
DOCUMENTS = {"/activities/state": "stateId", "/activities/profile": "profileId", "/agents/profile": "profileId"}
Statement = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A request as it was meant: what the alternate syntax of 1.0.3 wraps in a form is unwrapped."""

    method: str
    path: str
    asked: Mapping[str, str]
    kind: str
    body: str


def sent(exchange: Mapping[str, Any], mount: str, path: str) -> Sent:
    path, _, query = path.removeprefix(mount).partition("?")
    method, asked, kind, body = exchange["method"], dict(parse_qsl(query)), _kind(exchange["headers"]), exchange["body"]
    if method == "POST" and "method" in asked:
        form = dict(parse_qsl(body))
        method, body, kind = asked["method"], form.pop("content", ""), _kind(form)
        asked = {name: value for name, value in form.items() if name in {"statementId", *DOCUMENTS.values()}}
    return Sent(method, path, asked, kind, body)


def _kind(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "application/octet-stream")


@dataclass
class Expectation:
    """What one store should hold by now."""

    version: str
    told: dict[str, Statement] = field(default_factory=dict)
    voided: set[str] = field(default_factory=set)
    documents: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    """Kind and content by resource, parameters and name."""

    def faults(self, exchange: Mapping[str, Any], request: Sent, answer: TestResponse) -> list[str]:
        """What is wrong with this answer, a few words each."""
        return [*self._headers(exchange, request, answer), *self._said(request, answer)]

    def _headers(self, exchange: Mapping[str, Any], request: Sent, answer: TestResponse) -> Iterator[str]:
        headers, recorded = answer.headers, exchange["resp"]
        if headers["X-Experience-API-Version"] != self.version:
            yield "version"
        if (request.path == "/statements") != (
            moment(headers.get("X-Experience-API-Consistent-Through", "")) is not None
        ):
            yield "consistent through"
        if answer.status_code != 200 or exchange["status"] != 200:
            return
        if answer.mimetype != recorded["type"]:
            yield f"type {answer.mimetype}"
        if ("ETag" in headers) != recorded.get("etag", False):
            yield "etag"
        if "ETag" in headers and not ETAG.fullmatch(headers["ETag"]):
            yield f"etag {headers['ETag']}"
        if "Last-Modified" not in headers and _names_one(request):
            yield "last modified"

    def _said(self, request: Sent, answer: TestResponse) -> Iterator[str]:
        if answer.status_code >= 400:
            yield from _error(request, answer)
        elif (request.method == "HEAD" or answer.status_code == 204) and answer.data:
            yield "a body where there is none"
        if answer.status_code >= 400 or request.method == "HEAD":
            return
        if request.path == "/statements":
            yield from self._statements(request, answer)
        elif request.path in DOCUMENTS:
            yield from self._document(request, answer)
        else:
            yield from _about_something(request, answer, self.version)

    # Statements.

    def _statements(self, request: Sent, answer: TestResponse) -> Iterator[str]:
        if request.method == "GET":
            yield from self._found(request, answer)
            return
        told = _statements_of(request)
        ids: Sequence[str] = [request.asked.get("statementId", "")]
        if request.method == "POST" and answer.status_code == 200:
            ids = answer.get_json()
        elif request.method == "POST":
            ids = [each.get("id", "") for each in told]
        if len(ids) != len(told) or not all(is_uuid(each) for each in ids):
            yield f"ids {ids}"
        for told_id, statement in zip(ids, told, strict=False):
            if statement.get("id", told_id).lower() != told_id.lower():
                yield f"id {told_id}"
            self.told.setdefault(told_id.lower(), statement)
            if statement["verb"]["id"] == VOIDED:
                self.voided.add(statement["object"]["id"].lower())

    def _found(self, request: Sent, answer: TestResponse) -> Iterator[str]:
        said, attached = _parts(answer)
        if bool(request.asked.get("attachments") == "true") != (answer.mimetype == "multipart/mixed"):
            yield "parts"
        yield from _attachments(attached)
        one = request.asked.get("statementId") or request.asked.get("voidedStatementId")
        found: Sequence[Statement] = [said] if one else said["statements"]
        if one and said["id"] != one.lower():
            yield f"another statement, {said['id']}"
        if not one:
            yield from self._listed(request, said)
        if request.asked.get("format", "exact") == "exact":
            yield from (fault for each in found for fault in self._echo(each))

    def _listed(self, request: Sent, said: Statement) -> Iterator[str]:
        if said.keys() != {"statements", "more"} or not isinstance(said["more"], str):
            yield f"a list with {sorted(said)}"
        found = said["statements"]
        if len(found) > (int(request.asked.get("limit", 0)) or 500):
            yield "more than asked for"
        if any(each["id"] in self.voided and self.told[each["id"]]["verb"]["id"] != VOIDED for each in found):
            yield "something voided"
        stored = [datetime.fromisoformat(each["stored"]) for each in found if "stored" in each]
        if stored != sorted(stored, reverse=request.asked.get("ascending") != "true"):
            yield "another order"

    def _echo(self, found: Statement) -> Iterator[str]:
        """A statement as it was told; its time under 2.0 in UTC, single context activities as arrays."""
        told = self.told.get(found["id"])
        if told is None:
            yield f"nobody told {found['id']}"
            return
        kept = {name: part for name, part in found.items() if name not in ADDED}
        if kept != {name: _as_kept(name, part) for name, part in told.items() if name not in ADDED}:
            yield f"not as told: {found['id']}"
        if found.keys() != {*told, *ADDED}:
            yield f"has {sorted(found)}"
        if moment(found["timestamp"]) != moment({"timestamp": found["stored"], **told}["timestamp"]):
            yield f"another time: {found['timestamp']}"
        if found["version"] != told.get("version", "1.0.0" if self.version == "1.0.3" else "2.0.0"):
            yield f"version {found['version']}"
        if found["authority"].get("account", {}).keys() != {"homePage", "name"}:
            yield "authority"

    # Documents.

    def _document(self, request: Sent, answer: TestResponse) -> Iterator[str]:
        name = request.asked.get(DOCUMENTS[request.path])
        shelf = (
            request.path,
            *(_alike(request.asked.get(part, "")) for part in ("activityId", "agent", "registration")),
        )
        if request.method == "GET":
            yield from self._given(request, answer, shelf, name)
        elif request.method == "DELETE":
            for key in [(*shelf, name)] if name else self._on(shelf):
                self.documents.pop(key, None)
        elif name is not None:
            before = self.documents.get((*shelf, name))
            self.documents[*shelf, name] = (request.kind, _merged(before, request))

    def _on(self, shelf: tuple[str, ...]) -> list[tuple[str, ...]]:
        """All documents there; without a registration, those of every registration."""
        return [key for key in self.documents if key[:3] == shelf[:3] and shelf[3] in ("", key[3])]

    def _given(self, request: Sent, answer: TestResponse, shelf: tuple[str, ...], name: str | None) -> Iterator[str]:
        if name is None:
            here, listed = {key[4] for key in self._on(shelf)}, answer.get_json()
            if not set(listed) <= here or ("since" not in request.asked and set(listed) != here):
                yield f"documents {listed}, not {sorted(here)}"
            return
        kind, content = self.documents[*shelf, name]
        if _content(answer.text) != _content(content):
            yield f"another document: {answer.text}"
        if answer.headers["Content-Type"] != kind:
            yield f"a document of another kind: {answer.headers['Content-Type']}"


def _names_one(request: Sent) -> bool:
    """Whether one statement or document is asked for, which has a time of its own."""
    return bool({"statementId", "voidedStatementId", "stateId", "profileId"} & set(request.asked))


def _error(request: Sent, answer: TestResponse) -> Iterator[str]:
    said = None if request.method == "HEAD" else answer.get_json(silent=True)
    if request.method != "HEAD" and (said is None or list(said) != ["error"] or not said["error"].endswith((".", "?"))):
        yield f"an error without a sentence: {answer.text}"


def _about_something(request: Sent, answer: TestResponse, version: str) -> Iterator[str]:
    said = answer.get_json()
    if request.path == "/about" and version not in said["version"]:
        yield f"about {said}"
    if request.path == "/activities" and (said["objectType"], said["id"]) != ("Activity", request.asked["activityId"]):
        yield f"activity {said}"
    if request.path == "/agents":
        agent = json.loads(request.asked["agent"])
        ids = {name: [value] for name, value in agent.items() if name not in ("objectType", "name")}
        if said["objectType"] != "Person" or {name: said.get(name) for name in ids} != ids:
            yield f"person {said}"


def _as_kept(name: str, part: Any) -> Any:
    """Single context activities become arrays, also in a statement inside."""
    if name == "object" and isinstance(part, dict) and part.get("objectType") == "SubStatement":
        return {inner: _as_kept(inner, value) for inner, value in part.items()}
    if name != "context" or "contextActivities" not in part:
        return part
    several = {kind: each if isinstance(each, list) else [each] for kind, each in part["contextActivities"].items()}
    return {**part, "contextActivities": several}


def _statements_of(request: Sent) -> Sequence[Statement]:
    text = request.body
    if request.kind.startswith("multipart"):
        first = _messages(request.kind, text.encode())[0]
        text = str(first.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]
    said = json.loads(text)
    return said if isinstance(said, list) else [said]


def _parts(answer: TestResponse) -> tuple[Any, Sequence[Message]]:
    if answer.mimetype != "multipart/mixed":
        return json.loads(answer.data), []
    first, *attached = _messages(answer.headers["Content-Type"], answer.data)
    return json.loads(first.get_payload(decode=True)), attached  # type: ignore[arg-type]


def _messages(kind: str, content: bytes) -> list[Message]:
    whole = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content)
    return whole.get_payload()  # type: ignore[return-value]


def _attachments(parts: Sequence[Message]) -> Iterator[str]:
    for part in parts:
        data = part.get_payload(decode=True)
        if part["X-Experience-API-Hash"] != sha256(data).hexdigest():  # type: ignore[arg-type]
            yield "an attachment with another hash"


def _alike(value: str) -> str:
    """JSON in one way of writing, everything else as it is."""
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value


def _content(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _merged(before: tuple[str, str] | None, request: Sent) -> str:
    """What is posted to a JSON object is laid over it."""
    old, new = _content(before[1]) if before else None, _content(request.body)
    if request.method == "POST" and isinstance(old, dict) and isinstance(new, dict):
        return json.dumps({**old, **new})
    return request.body
