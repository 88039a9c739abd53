"""The tool and the campus on https, each on a site of its own, as in life; and browsers that mind cookies or do not."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from werkzeug.serving import make_server

from campus.serving import QuietHandler

TOOL, CAMPUS = "tool.test", "campus.test"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {TOOL} 127.0.0.1, MAP {CAMPUS} 127.0.0.1, MAP * ~NOTFOUND",
]
ALLOWED, BLOCKED = 1, 2
"""What Chromium's settings call a site that may keep everything, and one that may keep nothing."""


@dataclass(frozen=True)
class Certificate:
    """A certificate for both sites, and the authority that signed it."""

    authority: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def certificate(folder: Path) -> Certificate:
    made = Certificate(folder / "authority.pem", folder / "sites.pem", folder / "sites.key")
    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed("Only for tests", "Only for tests", root, root, names=(), is_authority=True)
    sites = _signed(TOOL, "Only for tests", leaf, root, names=(TOOL, CAMPUS), is_authority=False)
    made.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    made.chain.write_bytes(sites.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        leaf.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def _signed(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    names: tuple[str, ...],
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
    return builder.sign(signer, hashes.SHA256())


@contextmanager
def served(listening: socket.socket, app: Flask, context: ssl.SSLContext) -> Iterator[None]:
    host, port = listening.getsockname()[:2]
    server = make_server(
        host, port, app, threaded=True, request_handler=QuietHandler, ssl_context=context, fd=listening.fileno()
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def set_cookies_in_frames(profile: Path, tool_url: str, campus_url: str, setting: int) -> None:
    """A profile whose owner lets the tool keep nothing inside the campus's pages, or everything, unpartitioned too."""
    rule = {f"{tool_url},{campus_url}": {"setting": setting}}
    settings: dict[str, Any] = {"profile": {"content_settings": {"exceptions": {"cookies": rule}}}}
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(settings))


@contextmanager
def names_lead_home() -> Iterator[None]:
    """Within this process both sites are this machine."""
    real = socket.getaddrinfo

    def lookup(host: Any, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host in (TOOL, CAMPUS) else host, *rest, **more)

    socket.getaddrinfo = lookup
    try:
        yield
    finally:
        socket.getaddrinfo = real
