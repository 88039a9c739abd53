"""SIG: tokens that are not signed as they must be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cast import Cast
from tests.lti_tool.hostile.trying import Claims, Forge, Trying, bent
from tests.lti_tool.launching import ISSUER, FakeWeb, claims, key_set, private_key, public_jwk, sign
from tests.lti_tool.outcomes import Outcome, refused

KEYS = f"{ISSUER}/jwks"
BAD_SIGNATURE, UNKNOWN_KEY, BAD_TOKEN = refused("bad_signature", 401), refused("unknown_key", 401), refused("bad_token")


def encoded(part: bytes | Mapping[str, Any]) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def with_password(secret: bytes, header: Mapping[str, Any]) -> Forge:
    """HS256, whose signer and reader share a secret."""

    def forge(body: Claims) -> str:
        signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT', **header})}.{encoded(body)}"
        return f"{signed}.{encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"

    return forge


def public_pem() -> bytes:
    public = private_key("one").public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def signed_by(algorithm: str) -> Forge:
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else private_key("one")
    return lambda body: jwt.encode(dict(body), key, algorithm=algorithm, headers={"kid": "one"})


def unsigned(signature: str) -> Forge:
    return lambda body: f"{encoded({'alg': 'none', 'kid': 'one'})}.{encoded(body)}.{signature}"


def resigned(body: Claims) -> str:
    """Somebody else's claims under a signature that was good for the first ones."""
    header, _, signature = sign(body).split(".")
    return f"{header}.{encoded({**body, 'sub': 'maya'})}.{signature}"


def squeezed(body: Claims) -> str:
    """JWE's `zip`, which a signed token does not have."""
    header = encoded({"alg": "RS256", "kid": "one", "zip": "DEF"})
    deflated = encoded(zlib.compress(json.dumps(body).encode(), wbits=-15))
    return f"{header}.{deflated}.{sign(body).split('.')[2]}"


def twins(name: str, second: str) -> Forge:
    """A body in which one name stands twice, signed as it stands."""

    def forge(body: Claims) -> str:
        text = json.dumps(body)[:-1] + f', "{name}": "{second}"}}'
        return jwt.api_jws.encode(text.encode(), private_key("one"), algorithm="RS256", headers={"kid": "one"})

    return forge


def pointing(**header: Any) -> Forge:
    return lambda body: sign(body, key="evil", header=header)


EVIL = {
    "jwk": public_jwk("evil"),
    "jku": "https://evil.example/jwks",
    "x5u": "https://evil.example/chain",
    "x5c": ["MIIB"],
}

FORGED: dict[str, tuple[Forge, Outcome]] = {
    "SIG-01": (unsigned(""), BAD_TOKEN),
    "SIG-01 with a signature": (unsigned("c2ln"), BAD_SIGNATURE),
    "SIG-02": (with_password(public_pem(), {"kid": "one"}), BAD_SIGNATURE),
    "SIG-05": (bent(key="two"), UNKNOWN_KEY),
    "SIG-05 under our key's id": (bent(key="two", header={"kid": "one"}), BAD_SIGNATURE),
    "SIG-06": (pointing(**EVIL), UNKNOWN_KEY),
    "SIG-06 under our key's id": (pointing(kid="one", **EVIL), BAD_SIGNATURE),
    "SIG-08": (resigned, BAD_SIGNATURE),
    **{f"SIG-09 {each}": (signed_by(each), BAD_SIGNATURE) for each in ("RS384", "RS512", "PS256", "ES256")},
    "SIG-10": (bent(header={"kid": "../../../../dev/null"}), UNKNOWN_KEY),
    "SIG-10 SQL": (bent(header={"kid": "' OR 1=1 --"}), UNKNOWN_KEY),
    "SIG-12": (squeezed, BAD_TOKEN),
    "SIG-12 encrypted": (lambda body: f"{sign(body)}.{encoded(b'iv')}.{encoded(b'tag')}", BAD_TOKEN),
    "SIG-13 sub": (twins("sub", "maya"), BAD_TOKEN),
    "SIG-13 iss": (twins("iss", "https://evil.example"), BAD_TOKEN),
}


@pytest.mark.parametrize(("forge", "expected"), FORGED.values(), ids=list(FORGED))
def test_a_forged_token_is_refused_and_nobody_is_asked_about_it(
    trying: Trying, web: FakeWeb, forge: Forge, expected: Outcome
):
    assert trying.token(forge) == expected
    assert [each for each in web.asked if "evil" in each] == []


def strangely_published() -> dict[str, tuple[list[dict[str, Any]], Forge, Outcome]]:
    """Key sets a platform should not publish, a token to fit, and what comes of it."""
    bare = {name: value for name, value in public_jwk("one").items() if name != "alg"}
    password = {"kty": "oct", "kid": "one", "k": encoded(b"s" * 32), "alg": "HS256", "use": "sig"}
    weak_n, weak_d = _small_rsa()
    weak = {"kty": "RSA", "kid": "one", "n": _number(weak_n), "e": "AQAB"}
    powerless = {**public_jwk("one"), "e": _number(1)}
    return {
        "SIG-03": ([bare], with_password(public_pem(), {"kid": "one"}), BAD_SIGNATURE),
        "SIG-04": ([password], with_password(b"s" * 32, {"kid": "one"}), BAD_SIGNATURE),
        "SIG-14": ([weak], lambda body: _rsa_signed(body, weak_n, weak_d), UNKNOWN_KEY),
        "SIG-14 with an exponent of one": (
            [powerless],
            lambda body: _rsa_signed(body, private_key("one").public_key().public_numbers().n, 1),
            UNKNOWN_KEY,
        ),
        "SIG-16": ([{**public_jwk("one"), "use": "enc"}], bent(), UNKNOWN_KEY),
    }


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _small_rsa() -> tuple[int, int]:
    """Modulus and private exponent of an RSA key of 512 bits."""
    p = 0xD9D55A1C0F4D4C0B0A4D8E7A2C6C0E2B7B8F2B9F6C3A1E5D4B7C8A9F0E1D2C00
    p, q = _prime_from(p), _prime_from(p ^ 0xFFFFFF00)
    return p * q, pow(65537, -1, (p - 1) * (q - 1))


def _prime_from(number: int) -> int:
    number |= 1
    while not all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7)) or number % 65537 == 1:
        number += 2
    return number


def _rsa_signed(body: Claims, n: int, d: int) -> str:
    """RS256 by hand (RFC 8017, section 8.2.1): no library would make a signature this weak."""
    signed = f"{encoded({'alg': 'RS256', 'kid': 'one'})}.{encoded(body)}"
    digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed.encode()).digest()
    length = (n.bit_length() + 7) // 8
    padded = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
    return f"{signed}.{encoded(pow(int.from_bytes(padded, 'big'), d, n).to_bytes(length, 'big'))}"


STRANGE = strangely_published()


@pytest.mark.parametrize(("published", "forge", "expected"), STRANGE.values(), ids=list(STRANGE))
def test_a_key_that_proves_nothing_lets_nobody_in(
    trying: Trying, published: list[dict[str, Any]], forge: Forge, expected: Outcome
):
    trying.publish(*published)

    assert trying.token(forge) == expected


def test_the_small_key_would_sign_well():
    """Shows that SIG-14 is refused for its key alone: the same signature by hand is good under a long one."""
    numbers = private_key("one").private_numbers()

    token = _rsa_signed(claims(), numbers.public_numbers.n, numbers.d)

    assert jwt.decode(token, private_key("one").public_key(), algorithms=["RS256"], audience="campus-tool")


NO_SIGNATURE_KEYS: dict[str, dict[str, Any]] = {
    "SIG-15 encrypting": {**public_jwk("two", "one"), "use": "enc"},
    "SIG-15 no RSA": {"kty": "oct", "kid": "one", "k": "AAAA"},
    "SIG-15 broken": {"kty": "RSA", "kid": "one"},
}


@pytest.mark.parametrize("other", NO_SIGNATURE_KEYS.values(), ids=list(NO_SIGNATURE_KEYS))
def test_only_signature_keys_count_where_an_id_stands_twice(trying: Trying, other: dict[str, Any]):
    for published in ([other, public_jwk("one")], [public_jwk("one"), other]):
        trying.publish(*published)

        assert trying.launch() == "ok"


def test_of_two_signature_keys_with_one_id_the_last_counts(trying: Trying):
    """SIG-15"""
    trying.publish(public_jwk("two", "one"), public_jwk("one"))
    assert trying.launch() == "ok"

    trying.publish(public_jwk("one"), public_jwk("two", "one"))
    assert trying.launch() == "bad_signature"


def test_a_platform_that_publishes_its_private_key_is_let_in_and_the_operator_warned(
    trying: Trying, web: FakeWeb, caplog: pytest.LogCaptureFixture
):
    """SIG-17"""
    numbers = private_key("one").private_numbers()
    private = {"d": _number(numbers.d), "p": _number(numbers.p), "q": _number(numbers.q)}
    web.pages[KEYS] = {"keys": [{**public_jwk("one"), **private}]}
    trying.forget_keys()

    assert trying.launch() == "ok"

    [warning] = [record for record in caplog.records if record.name == "lti_tool.platform_keys"]
    assert warning.levelname == "WARNING"
    assert warning.getMessage() == "campus.example publishes private parts of its keys: everybody can sign as this LMS"


def test_a_token_of_another_school_of_the_same_issuer_is_refused(trying: Trying, cast: Cast, web: FakeWeb):
    """SIG-18"""
    cast.platform("Second school", client_id="second-school")

    assert trying.token(bent(aud="second-school")) == refused("wrong_audience", 401)
    assert web.pages[KEYS] == key_set("one")
