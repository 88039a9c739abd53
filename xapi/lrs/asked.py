"""A request as the resources see it, however it was put: with real headers and a body, or all of it in a form.

Source of the form: xAPI 1.0.3, part 3, section 1.3 (alternate request syntax). xAPI 2.0 has it no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from werkzeug.datastructures import Authorization, Headers
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request

Version = Literal["1.0.3", "2.0.0"]

MOST_FIELDS = 100
FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
_IN_A_FORM = frozenset(
    {
        *("authorization", "x-experience-api-version", "content-type", "content-length"),
        *("if-match", "if-none-match", "accept", "accept-charset", "accept-encoding", "accept-language"),
    }
)
"""Fields of a form that stand for headers; all others but `content` stand for parameters."""


@dataclass(frozen=True)
class Asked:
    """Who asks for what: everything a resource may look at."""

    version: Version
    method: str
    arguments: Mapping[str, Sequence[str]]
    headers: Headers
    body: bytes

    @property
    def content_type(self) -> tuple[str, Mapping[str, str]]:
        """The media type in lower case, and its parameters."""
        kind, options = parse_options_header(self.headers.get("Content-Type", ""))
        return kind.lower(), options

    @property
    def signed_in_as(self) -> Authorization | None:
        """Who the request says it is; raises ValueError for some damaged headers."""
        return Authorization.from_header(self.headers.get("Authorization"))

    def one(self, name: str) -> str | None:
        found = self.arguments.get(name)
        return found[0] if found else None

    def only(self, *names: str) -> None:
        """Raises BadRequest for a parameter that this resource does not have, or that is given twice."""
        for name, values in self.arguments.items():
            if name not in names:
                raise BadRequest(f"There is no parameter {name[:60]} here.")
            if len(values) != 1:
                raise BadRequest(f"The parameter {name} may be given only once.")


def asked(request: Request, version: Version) -> Asked:
    """Raises BadRequest, or RequestEntityTooLarge."""
    arguments = request.args.to_dict(flat=False)
    body = request.get_data(cache=False)
    if version == "1.0.3" and request.method == "POST" and "method" in arguments:
        return _in_a_form(request, arguments, body)
    return Asked(version, request.method, _clean(arguments), request.headers, body)


def _in_a_form(request: Request, arguments: Mapping[str, Sequence[str]], body: bytes) -> Asked:
    if len(arguments) > 1:
        raise BadRequest("Beside method, parameters go into the form.")
    [method, *others] = arguments["method"]
    if others or method not in METHODS:
        raise BadRequest(f"The parameter method must be one of {', '.join(METHODS)}.")
    if parse_options_header(request.headers.get("Content-Type", ""))[0] != FORM:
        raise BadRequest(f"With the parameter method, send a form: Content-Type: {FORM}.")
    fields = _fields(body)
    content = fields.pop("content", [])
    if method in ("PUT", "POST") and len(content) != 1:
        raise BadRequest("The form needs one field named content: what would else be the body.")
    headers = Headers(request.headers)
    for name in ("Content-Type", "Content-Length"):
        headers.remove(name)
    for name in [name for name in fields if name.lower() in _IN_A_FORM]:
        headers.set(name, _header(name, fields.pop(name)))
    if content and "Content-Type" not in headers:
        headers.set("Content-Type", "application/json")
    return Asked("1.0.3", method, _clean(fields), headers, content[0].encode() if content else b"")


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadRequest("The form is not well-formed.") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _header(name: str, values: Sequence[str]) -> str:
    if len(values) != 1 or any(not sign.isprintable() for sign in values[0]):
        raise BadRequest(f"The field {name} must be one line of text, given once.")
    return values[0]


def _clean(arguments: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """No text of ours holds a NUL, and PostgreSQL breaks off at one."""
    for name, values in arguments.items():
        if any("\x00" in each for each in (name, *values)):
            raise BadRequest("No parameter may hold a NUL character.")
    return arguments
