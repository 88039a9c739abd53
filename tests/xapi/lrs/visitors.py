"""Programs that speak to the LRS, each with a key of its own and a version of xAPI."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.xapi.lrs.conftest import THEN
from xapi.lrs import credentials
from xapi.lrs.models import Store

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Program:
    client: FlaskClient
    key: tuple[str, str]
    version: str = "1.0.3"

    def send(
        self, method: str, resource: str, data: object = None, *, headers: Mapping[str, str] | None = None, **query: Any
    ) -> TestResponse:
        """`data` goes as JSON unless it is bytes; what is no text in the query goes as JSON as well."""
        said = {"X-Experience-API-Version": self.version, **(headers or {})}
        if data is not None and not isinstance(data, bytes):
            said = {"Content-Type": "application/json", **said}
            data = json.dumps(data).encode()
        parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
        return self.client.open(
            f"/lrs/{self.version}/{resource}",
            method=method,
            data=data,
            headers=said,
            query_string=parameters or None,
            auth=self.key,
        )

    def tell(self, *statements: Statement) -> TestResponse:
        return self.send("POST", "statements", list(statements))

    def read(self, **query: Any) -> Any:
        return self.send("GET", "statements", **query).get_json()["statements"]


def program(
    client: FlaskClient,
    session: Session,
    store: Store,
    *,
    version: str = "1.0.3",
    scopes: Sequence[str] = ("all",),
    course: str | None = None,
) -> Program:
    key = credentials.issue(session, store, label="Program", at=THEN, scopes=scopes, course=course)
    session.commit()
    return Program(client, key, version)


@dataclass(frozen=True)
class Piece:
    """A part of a body in several."""

    data: bytes
    headers: Mapping[str, str]


def statements_part(said: object) -> Piece:
    return Piece(json.dumps(said).encode(), {"Content-Type": "application/json"})


def attachment_part(data: bytes, **headers: str) -> Piece:
    return Piece(
        data,
        {
            "Content-Type": "text/plain",
            "Content-Transfer-Encoding": "binary",
            "X-Experience-API-Hash": hashlib.sha256(data).hexdigest(),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


BOUNDARY = "cut-here"


def mixed(*pieces: Piece, boundary: str = BOUNDARY) -> bytes:
    said = b""
    for piece in pieces:
        head = "".join(f"{name}: {value}\r\n" for name, value in piece.headers.items() if value)
        said += f"--{boundary}\r\n{head}\r\n".encode() + piece.data + b"\r\n"
    return said + f"--{boundary}--\r\n".encode()


MIXED = {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}


def attached(data: bytes, **parts: object) -> dict[str, Any]:
    """An attachment as a statement names it."""
    return {
        "usageType": "https://tool.example/attachment",
        "display": {"en": "Notes"},
        "contentType": "text/plain",
        "length": len(data),
        "sha2": hashlib.sha256(data).hexdigest(),
        **parts,
    }
