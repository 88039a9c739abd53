"""The tool's own signing keys: made, published, rotated, retired; private halves are encrypted at rest."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import current_app
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock
from lti_tool.db import Base

PUBLISHED_BEFORE = timedelta(hours=24)
"""How long a new key is published before it signs, so that every platform has seen it."""
PUBLISHED_AFTER = timedelta(days=7)


class SigningKey(Base):
    """One RSA key of the tool; its kid is the thumbprint of RFC 7638 and never reused."""

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_pem: Mapped[str] = mapped_column(Text)
    public_jwk: Mapped[str] = mapped_column(Text)
    signs_from: Mapped[datetime]
    published_until: Mapped[datetime | None]


@dataclass(frozen=True)
class Resealed:
    """How many stored secrets were closed anew, and which could not be opened."""

    count: int
    unreadable: list[str]


class SecretsUnreadable(Exception):
    """What was stored encrypted cannot be opened with the secret keys in force."""


def seal(text: str) -> str:
    """Encrypt a secret for the database with the key derived from SECRET_KEY."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Open what `seal` closed, also under an older secret named in SECRET_KEY_FALLBACKS.

    Raises SecretsUnreadable if none fits.
    """
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretsUnreadable(
            "A stored secret cannot be opened. Put the SECRET_KEY it was stored under into SECRET_KEY_FALLBACKS."
        ) from None


def reseal(session: Session) -> Resealed:
    """Close everything that is stored encrypted under the newest secret again, so that older ones can go.

    Whatever no secret in force opens is left as it is. Columns of secrets are called `sealed...`, in every table of
    every feature. The caller commits.
    """
    fernet, count, unreadable = _fernet(), 0, []
    for table in Base.metadata.sorted_tables:
        for column in (each for each in table.columns if each.name.startswith("sealed")):
            filled = select(table.c.id, column).where(column.is_not(None))
            for row_id, sealed in session.execute(filled.with_for_update()).all():
                try:
                    again = fernet.rotate(sealed.encode()).decode()
                except InvalidToken:
                    unreadable.append(f"{table.name} {row_id}")
                    continue
                session.execute(update(table).where(table.c.id == row_id).values({column: again}))
                count += 1
    return Resealed(count, unreadable)


def _fernet() -> MultiFernet:
    secrets_in_force = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"at rest:" + secret.encode()).digest()))
            for secret in secrets_in_force
        ]
    )


def make(session: Session, *, signs_from: datetime) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    kid = thumbprint(jwk)
    public = {"kty": jwk["kty"], "n": jwk["n"], "e": jwk["e"], "kid": kid, "alg": "RS256", "use": "sig"}
    key = SigningKey(
        kid=kid, sealed_pem=seal(pem), public_jwk=json.dumps(public, sort_keys=True), signs_from=signs_from
    )
    session.add(key)
    return key


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of an RSA key (RFC 7638, section 3)."""
    required = json.dumps({"e": jwk["e"], "kty": jwk["kty"], "n": jwk["n"]}, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(required.encode()).digest()).decode().rstrip("=")


def signing(session: Session) -> SigningKey:
    """The key that signs now: the newest whose time has come.

    Raises LookupError before the first migration has made one.
    """
    key = session.scalar(
        select(SigningKey)
        .where(SigningKey.signs_from <= clock.now())
        .order_by(SigningKey.signs_from.desc(), SigningKey.id.desc())
        .limit(1)
    )
    if key is None:
        raise LookupError("The tool has no signing key yet: run `flask --app wsgi migrate`.")
    return key


def ensure(session: Session) -> None:
    """Make the first key of a new installation; the caller commits."""
    if session.scalar(select(SigningKey.id).limit(1)) is None:
        make(session, signs_from=clock.now())


def rotate(session: Session) -> SigningKey:
    """Publish a new key now, sign with it in a day, and withdraw the old ones a week later; the caller commits."""
    starts = clock.now() + PUBLISHED_BEFORE
    for old in session.scalars(select(SigningKey).where(SigningKey.published_until.is_(None))):
        old.published_until = starts + PUBLISHED_AFTER
    return make(session, signs_from=starts)


def standing_of(session: Session, key: SigningKey, *, at: datetime) -> str:
    """Where a key stands in its life: coming, signing, retiring or withdrawn."""
    if key.kid == signing(session).kid:
        return "signing"
    if key.published_until is not None and key.published_until <= at:
        return "withdrawn"
    return "coming" if key.signs_from > at else "retiring"


def published(session: Session) -> list[dict[str, str]]:
    """The public halves platforms may meet: coming, signing and lately retired."""
    rows = session.scalars(
        select(SigningKey.public_jwk)
        .where(or_(SigningKey.published_until.is_(None), SigningKey.published_until > clock.now()))
        .order_by(SigningKey.id)
    )
    return [json.loads(row) for row in rows]


def public_pem(key: SigningKey) -> str:
    private = load_pem_private_key(unseal(key.sealed_pem).encode(), password=None)
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
