"""Signed statements: a signature says what its statement says, and is true where it brings its certificate.

Sources: xAPI 1.0.3, part 2, section 2.6; RFC 7515 for compact serialization and `x5c`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_der_x509_certificate

from xapi.lrs.comparing import say_the_same
from xapi.validation import MalformedJsonError, errors, strict_json
from xapi.validation.statements import Version

USAGE = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE = "application/octet-stream"
ALGORITHMS = ["RS256", "RS384", "RS512"]

_jws = jwt.PyJWS(algorithms=ALGORITHMS)


class BadSignature(Exception):
    """The signature is none, or is not of this statement; the message says why."""


def check_signature(statement: Mapping[str, Any], signature: bytes, version: Version) -> None:
    """Raises BadSignature. Who stands behind a certificate is for the reader of the statement to judge."""
    said = _payload(signature)
    try:
        signed = strict_json(said)
    except MalformedJsonError:
        raise BadSignature("A signature must hold its statement as JSON.") from None
    if not isinstance(signed, dict) or errors(signed, version):
        raise BadSignature("A signature must hold a valid statement.")
    if not say_the_same(signed, statement):
        raise BadSignature("A signature must hold the same statement as the one it is attached to.")


def _payload(signature: bytes) -> bytes:
    try:
        header = jwt.get_unverified_header(signature)
        if header.get("alg") not in ALGORITHMS:
            raise BadSignature(f"A signature must be made with one of {', '.join(ALGORITHMS)}.")
        if "x5c" in header:
            decoded = _jws.decode_complete(signature, _key(header["x5c"]), algorithms=ALGORITHMS)
        else:
            decoded = _jws.decode_complete(signature, options={"verify_signature": False})
    except jwt.InvalidSignatureError:
        raise BadSignature("A signature does not fit the certificate that it brings.") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise BadSignature("A signature must be a JSON Web Signature in compact form.") from None
    payload: bytes = decoded["payload"]
    return payload


def _key(chain: object) -> RSAPublicKey:
    """The key of the first certificate, which is the signer's own."""
    try:
        if not isinstance(chain, list) or not isinstance(chain[0], str):
            raise ValueError
        key = load_der_x509_certificate(base64.b64decode(chain[0], validate=True)).public_key()
    except (LookupError, ValueError, binascii.Error, UnsupportedAlgorithm):
        raise BadSignature("The certificate of a signature (x5c) must be X.509 in base64.") from None
    if not isinstance(key, RSAPublicKey):
        raise BadSignature("The certificate of a signature (x5c) must hold an RSA key.")
    return key
