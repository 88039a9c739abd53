"""RS256 over the exact bytes that came, and nothing else: no other algorithm can be asked for.

PyJWT looks at each character of a token in Python (2.15), which takes eight times as long as the signature itself;
figures in docs/decisions/0010-signatures.md.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from lti_tool.arrivals.shapes import decoded

PADDING, HASH = PKCS1v15(), SHA256()


def holds(token: str, key: RSAPublicKey) -> bool:
    """Whether this key signed this compact token (RFC 7515, section 5.2) with RSASSA-PKCS1-v1_5 and SHA-256."""
    signed, _, signature = token.rpartition(".")
    try:
        key.verify(decoded(signature), signed.encode("ascii"), PADDING, HASH)
    except (InvalidSignature, ValueError):
        return False
    return True
