"""Attachments and signatures: bodies of several parts, kept and given out; and every way to get them wrong."""

import hashlib
import json
from base64 import b64encode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.xapi.lrs.conftest import THEN
from tests.xapi.lrs.telling import COURSE, QUIZ, VERBS, activity, id_of, told
from tests.xapi.lrs.visitors import (
    BOUNDARY,
    MIXED,
    Piece,
    Program,
    attached,
    attachment_part,
    mixed,
    program,
    statements_part,
)
from xapi.lrs import attachments, parts
from xapi.lrs.models import Attachment, Store, StoredStatement
from xapi.lrs.signatures import USAGE

DATA = b"notes \r\n--cut-here-not\r\n\x00\xff"


@pytest.fixture
def lrs(client: FlaskClient, session: Session, store: Store) -> Program:
    return program(client, session, store)


def send(lrs: Program, body: bytes, **headers: str) -> TestResponse:
    return lrs.send("POST", "statements", body, headers=headers or MIXED)


def with_notes(name: str, data: bytes = DATA, **parts: object) -> dict[str, Any]:
    return told(name, attachments=[attached(data, **parts)])


def read_parts(answer: TestResponse) -> list[parts.Part]:
    assert answer.mimetype == "multipart/mixed"
    return parts.parts_of(answer.data, answer.mimetype_params["boundary"])


def nothing_is_stored(session: Session) -> bool:
    session.rollback()
    counted = [session.scalar(select(func.count()).select_from(table)) for table in (StoredStatement, Attachment)]
    return counted == [0, 0]


def test_what_came_along_goes_out_to_those_who_ask_for_it(lrs: Program):
    assert send(lrs, mixed(statements_part(with_notes("one")), attachment_part(DATA))).status_code == 200

    [said, notes] = read_parts(lrs.send("GET", "statements", statementId=id_of("one"), attachments=True))
    assert json.loads(said.data)["attachments"] == [attached(DATA)]
    assert notes.data == DATA
    assert notes.headers == {
        "content-type": "text/plain",
        "content-transfer-encoding": "binary",
        "x-experience-api-hash": hashlib.sha256(DATA).hexdigest(),
    }
    assert lrs.send("GET", "statements", statementId=id_of("one")).mimetype == "application/json"


def test_data_that_several_statements_name_comes_and_goes_once(lrs: Program, session: Session):
    sub = {
        "objectType": "SubStatement",
        "actor": told("x")["actor"],
        "verb": {"id": VERBS + "answered"},
        "object": activity(QUIZ),
        "attachments": [attached(DATA)],
    }
    send(lrs, mixed(statements_part([with_notes("one"), told("two", object=sub)]), attachment_part(DATA)))
    send(lrs, mixed(statements_part(with_notes("three")), attachment_part(DATA)))

    assert len(read_parts(lrs.send("GET", "statements", attachments=True))) == 2
    assert session.scalar(select(func.count()).select_from(Attachment)) == 1


def test_an_attachment_may_lie_elsewhere(lrs: Program):
    lies = with_notes("one", fileUrl="https://files.example/notes")

    assert lrs.tell(lies).status_code == 200
    assert send(lrs, mixed(statements_part(lies))).status_code == 200
    assert len(read_parts(lrs.send("GET", "statements", attachments=True))) == 1


def test_a_page_ends_where_its_attachments_become_too_much(lrs: Program, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attachments, "MOST_BYTES", 25)
    for name in "abc":
        data = name.encode() * 10
        send(lrs, mixed(statements_part(with_notes(name, data)), attachment_part(data)))

    first = read_parts(lrs.send("GET", "statements", attachments=True))
    more = json.loads(first[0].data)["more"]
    rest = read_parts(lrs.send("GET", more.removeprefix("/lrs/1.0.3/")))

    assert [part.data for part in first[1:]] == [b"c" * 10, b"b" * 10]
    assert [part.data for part in rest[1:]] == [b"a" * 10]
    assert json.loads(rest[0].data)["more"] == ""


@pytest.mark.parametrize("length", [224, 256, 384, 512])
def test_every_sha_2_will_do_in_either_case(lrs: Program, length: int):
    digest = hashlib.new(f"sha{length}", DATA).hexdigest()
    body = mixed(
        statements_part(with_notes("one", sha2=digest.upper())),
        attachment_part(DATA, X_Experience_API_Hash=digest),
    )

    assert send(lrs, body).status_code == 200
    assert read_parts(lrs.send("GET", "statements", attachments=True))[1].data == DATA


def test_lines_may_end_without_carriage_return_and_words_stand_around(lrs: Program):
    body = mixed(statements_part(with_notes("one", b"plain")), attachment_part(b"plain")).replace(b"\r\n", b"\n")

    assert send(lrs, b"preamble\n" + body + b"epilogue").status_code == 200


ONE = statements_part(with_notes("one"))
GOOD = attachment_part(DATA)
OTHER = attachment_part(b"other")


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (mixed(ONE), None, "An attachment must come as a part of the body, or have a fileUrl."),
        (mixed(ONE, GOOD, OTHER), None, "No attachment of a statement has the hash"),
        (mixed(ONE, OTHER), None, "An attachment must come as a part of the body"),
        (mixed(ONE, attachment_part(DATA, X_Experience_API_Hash="")), None, "Every part with an attachment needs"),
        (mixed(ONE, attachment_part(DATA, X_Experience_API_Hash="z" * 64)), None, "Every part with an attachment"),
        (
            mixed(ONE, attachment_part(b"forged", X_Experience_API_Hash=hashlib.sha256(DATA).hexdigest())),
            None,
            "Every part with an attachment needs the header X-Experience-API-Hash",
        ),
        (
            mixed(ONE, attachment_part(DATA, Content_Transfer_Encoding="base64")),
            None,
            "Every part with an attachment needs the header Content-Transfer-Encoding: binary.",
        ),
        (mixed(ONE, attachment_part(DATA, Content_Transfer_Encoding="")), None, "Every part with an attachment needs"),
        (mixed(GOOD, ONE), None, "The first part must hold the statements"),
        (mixed(Piece(ONE.data, {"Content-Type": "text/plain"}), GOOD), None, "The first part must hold"),
        (mixed(Piece(ONE.data, {}), GOOD), None, "The first part must hold the statements"),
        (mixed(), None, "The body has no parts."),
        (b"", None, "The body must begin with its boundary"),
        (mixed(ONE, GOOD).removesuffix(b"--\r\n"), None, "The body must begin with its boundary and end"),
        (mixed(ONE, GOOD)[:-30], None, "The body must begin with its boundary and end"),
        (mixed(ONE, GOOD), "multipart/mixed", "The Content-Type must name a boundary"),
        (mixed(ONE, GOOD), 'multipart/mixed; boundary=""', "The Content-Type must name a boundary"),
        (mixed(ONE, GOOD), f"multipart/mixed; boundary={'x' * 71}", "The Content-Type must name a boundary"),
        (mixed(ONE, GOOD), "multipart/mixed; boundary=another", "The body must begin with its boundary"),
        (mixed(ONE, GOOD), f"multipart/form-data; boundary={BOUNDARY}", "Send statements as application/json"),
        (mixed(ONE, *[attachment_part(b"%d" % n) for n in range(1001)]), None, "A body may have at most 1000 parts."),
        (mixed(ONE, Piece(DATA, {"no colon\r\nX": "y"})), None, "A part has a header that is malformed"),
        (mixed(ONE, Piece(DATA, {"A": "1", "a": "2"})), None, "A part has a header that is malformed or given twice"),
        (mixed(Piece(b'{"a": 1', {"Content-Type": "application/json"})), None, "The body must be well-formed JSON"),
        (mixed(statements_part({**told("one"), "attachments": [{}]})), None, "attachments[0].usageType: required"),
    ],
)
def test_parts_that_do_not_fit_store_nothing(
    lrs: Program, session: Session, body: bytes, content_type: str | None, says: str
):
    answer = send(lrs, body, **({"Content-Type": content_type} if content_type else MIXED))

    assert (answer.status_code, answer.get_json()["error"].startswith(says)) == (400, True), answer.text
    assert nothing_is_stored(session)


def test_another_stores_attachment_is_not_ours(
    client: FlaskClient, session: Session, store: Store, other_store: Store, lrs: Program
):
    """Whoever knows the hash of something does not get it by naming it."""
    theirs = program(client, session, other_store)
    send(lrs, mixed(statements_part(with_notes("one")), attachment_part(DATA)))

    theirs.tell(with_notes("mine", fileUrl="https://files.example/notes"))

    assert len(read_parts(theirs.send("GET", "statements", attachments=True))) == 1


# Signatures.

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Signer")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(THEN)
        .not_valid_after(THEN + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


SIGNED = told("signed", context={"contextActivities": {"grouping": [activity(COURSE)]}})


def jws(payload: object, algorithm: str = "RS256", key: Any = KEY, **header: Any) -> bytes:
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jwt.PyJWS().encode(said, key, algorithm=algorithm, headers=header).encode()


def signed_body(signature: bytes, statement: dict[str, Any] = SIGNED, kind: str = "application/octet-stream") -> bytes:
    named = attached(signature, usageType=USAGE, contentType=kind)
    return mixed(statements_part({**statement, "attachments": [named]}), attachment_part(signature, Content_Type=kind))


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize("header", [{}, {"x5c": [certificate(KEY)]}])
def test_a_signed_statement_is_stored_with_its_signature(lrs: Program, algorithm: str, header: dict[str, Any]):
    signature = jws(SIGNED, algorithm, **header)

    assert send(lrs, signed_body(signature)).status_code == 200
    assert read_parts(lrs.send("GET", "statements", attachments=True))[1].data == signature


def test_what_the_store_may_change_need_not_be_signed(lrs: Program):
    said = {**SIGNED, "timestamp": "2026-11-01T00:00:00Z", "version": "1.0.0"}
    said["verb"] = {**said["verb"], "display": {"en": "x"}}

    assert send(lrs, signed_body(jws(said))).status_code == 200


def part_of(token: bytes, n: int, text: str) -> bytes:
    found = token.split(b".")
    found[n] = urlsafe_b64encode(text.encode()).rstrip(b"=")
    return b".".join(found)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (signed_body(jws({**SIGNED, "verb": {"id": VERBS + "passed"}})), "A signature must hold the same statement"),
        (signed_body(jws(SIGNED, "HS256", "x" * 32)), "A signature must be made with one of RS256, RS384, RS512."),
        (signed_body(jws(SIGNED, "PS256")), "A signature must be made with one of RS256"),
        (signed_body(part_of(jws(SIGNED), 0, '{"alg":"none"}')), "A signature must be made with one of"),
        (signed_body(part_of(jws(SIGNED), 0, "{")), "A signature must be a JSON Web Signature"),
        (signed_body(part_of(jws(SIGNED), 0, "[" * 5000)), "A signature must be a JSON Web Signature"),
        (signed_body(part_of(jws(SIGNED), 1, "{")), "A signature must hold its statement as JSON."),
        (signed_body(jws(b"[]")), "A signature must hold a valid statement."),
        (signed_body(jws({"id": "x"})), "A signature must hold a valid statement."),
        (signed_body(b"no.such.thing"), "A signature must be a JSON Web Signature in compact form."),
        (signed_body(b""), "A signature must be a JSON Web Signature in compact form."),
        (signed_body(b"\xff\x00"), "A signature must be a JSON Web Signature in compact form."),
        (signed_body(jws(SIGNED), kind="text/plain"), "A signature must be attached as application/octet-stream."),
        (signed_body(jws(SIGNED, x5c=[certificate(STRANGER)])), "A signature does not fit the certificate"),
        (signed_body(jws(SIGNED, x5c=["bm9uc2Vuc2U="])), "The certificate of a signature (x5c) must be X.509"),
        (signed_body(jws(SIGNED, x5c=[])), "The certificate of a signature (x5c) must be X.509"),
        (signed_body(jws(SIGNED, x5c="x")), "The certificate of a signature (x5c) must be X.509"),
        (
            signed_body(jws(SIGNED, x5c=[certificate(ec.generate_private_key(ec.SECP256R1()))])),
            "The certificate of a signature (x5c) must hold an RSA key.",
        ),
        (
            mixed(
                statements_part(
                    told("x", attachments=[attached(b"", usageType=USAGE, contentType="application/octet-stream",
                                                    fileUrl="https://e.org/s")])
                )
            ),
            "A signature must come as a part of the body.",
        ),
    ],
)  # fmt: skip
def test_a_signature_that_is_none_stores_nothing(lrs: Program, session: Session, body: bytes, says: str):
    answer = send(lrs, body)

    assert (answer.status_code, answer.get_json()["error"].startswith(says)) == (400, True), answer.text
    assert nothing_is_stored(session)
