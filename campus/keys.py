"""The campus's own signing keys: one signs, older ones stay published until they are retired."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from campus.settings import Settings
from campus.store import Store


def make_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class SigningKeys:
    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._loaded: dict[str, RSAPrivateKey] = {}
        if store.first("SELECT 1 FROM signing_keys WHERE standing = 'signing'") is None:
            self.rotate(settings.first_key)

    def rotate(self, pem: str | None = None) -> str:
        """Sign with a new key from now on; the old one stays published. Returns the new key's id."""
        pem = pem or make_key()
        kid = secrets.token_hex(10)
        with self._store.writing() as db:
            db.execute("UPDATE signing_keys SET standing = 'published' WHERE standing = 'signing'")
            db.execute(
                "INSERT INTO signing_keys VALUES (?, ?, 'signing', ?)",
                (kid, pem, self._settings.now().isoformat()),
            )
        return kid

    def retire(self) -> None:
        """Withdraw every key that no longer signs."""
        with self._store.writing() as db:
            db.execute("UPDATE signing_keys SET standing = 'retired' WHERE standing = 'published'")

    def kids(self) -> list[str]:
        """What is published, the signing key first."""
        return [row["kid"] for row in self._published()]

    def sign(self, claims: Mapping[str, Any]) -> str:
        row = self._store.first("SELECT kid, pem FROM signing_keys WHERE standing = 'signing'")
        assert row is not None
        return jwt.encode(dict(claims), self._load(row["kid"], row["pem"]), "RS256", headers={"kid": row["kid"]})

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._public(row["kid"], row["pem"]) for row in self._published()]}

    def _published(self) -> list[Any]:
        return self._store.all(
            "SELECT kid, pem FROM signing_keys WHERE standing != 'retired' ORDER BY standing DESC, rowid DESC"
        )

    def _public(self, kid: str, pem: str) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._load(kid, pem).public_key()))
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": public["n"], "e": public["e"]}

    def _load(self, kid: str, pem: str) -> RSAPrivateKey:
        if kid not in self._loaded:
            key = load_pem_private_key(pem.encode(), None)
            assert isinstance(key, RSAPrivateKey)
            self._loaded[kid] = key
        return self._loaded[kid]
