"""Where calls may go: public addresses over https, the very ones that were checked, and never for long."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool.app import create_app
from lti_tool.claims import ROSTER_SCOPE
from lti_tool.config import Config
from lti_tool.outgoing import addresses, connecting
from lti_tool.outgoing.addresses import Reach
from lti_tool.outgoing.http import AddressRefused, CallFailed, Http
from lti_tool.outgoing.services import Connector, Service, ServiceFailed
from tests.cast import Cast

PUBLIC = Reach()
DEVELOPMENT = Reach(is_development=True)

NOT_PUBLIC = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "203.0.113.7"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.5", "::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "100::1"),
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_none(address: str):
    """DR-03"""
    assert not addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1"]
)
def test_a_public_address_is_one(address: str):
    assert addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *("http://lms.example/x", "http://169.254.169.254/latest/meta-data", "http://localhost:8001/jwks"),
        *("https://127.0.0.1/x", "https://[::1]/x", "https://[::ffff:10.0.0.5]/x", "https://10.0.0.5:8443/x"),
        *("file:///etc/passwd", "gopher://lms.example/", "ftp://lms.example/", "//lms.example/x", "lms.example", ""),
        *("https://", "https://[", "https://a b/", "https://user:pass@lms.example/", "https://x@169.254.169.254/"),
    ],
)
def test_an_address_that_is_refused_by_reading_it(url: str):
    """DR-03"""
    with pytest.raises(AddressRefused):
        Http(PUBLIC).get(url)


def test_nothing_is_said_against_a_public_address_over_https():
    assert PUBLIC.refuses("https://lms.example:8443/jwks?x=1") == ""


def found_at(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Have names looked up as these answers, one after the other; the list fills with what was connected to."""
    connected: list[str] = []
    left = list(answers)

    def look_up(_host: str, port: int, **_rest: Any) -> list[tuple[Any, ...]]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in found
        ]

    def connect(_socket: socket.socket, address: tuple[Any, ...]) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return connected


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1", "64:ff9b::a00:1"])
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, address: str):
    """DR-03"""
    connected = found_at(monkeypatch, [address])

    with pytest.raises(AddressRefused, match=r"evil\.example does not stand on a public address"):
        Http(PUBLIC).get("https://evil.example/")

    assert connected == []


def test_one_private_address_among_public_ones_spoils_them_all(monkeypatch: pytest.MonkeyPatch):
    connected = found_at(monkeypatch, ["93.184.215.14", "10.0.0.5"])

    with pytest.raises(AddressRefused):
        Http(PUBLIC).get("https://evil.example/")

    assert connected == []


def test_the_connection_goes_to_the_address_that_was_checked_and_no_second_answer_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
):
    """DR-03: DNS rebinding"""
    connected = found_at(monkeypatch, ["93.184.215.14"], ["169.254.169.254"])
    web = Http(PUBLIC)

    with pytest.raises(CallFailed, match="cannot be reached"):
        web.get("https://evil.example/")
    assert connected == ["93.184.215.14"]

    with pytest.raises(AddressRefused):
        web.get("https://evil.example/")
    assert connected == ["93.184.215.14"]


def test_a_private_host_is_reached_by_its_exact_name_only(monkeypatch: pytest.MonkeyPatch):
    connected = found_at(monkeypatch, ["10.0.0.5"])
    web = Http(Reach(frozenset({"lms.internal"})))

    for url in ("https://lms.internal/", "https://LMS.internal./"):
        with pytest.raises(CallFailed, match="cannot be reached"):
            web.get(url)
    for url in ("https://a.lms.internal/", "https://internal/", "https://lms.internal.evil.example/"):
        with pytest.raises(AddressRefused):
            web.get(url)

    assert connected == ["10.0.0.5", "10.0.0.5"]


def test_a_private_host_is_not_asked_without_tls_and_never_at_a_link_local_address(monkeypatch: pytest.MonkeyPatch):
    connected = found_at(monkeypatch, ["169.254.169.254"])
    web = Http(Reach(frozenset({"lms.internal"})))

    for url in ("http://lms.internal/", "https://lms.internal/"):
        with pytest.raises(AddressRefused):
            web.get(url)

    assert connected == []


def test_in_development_this_machine_alone_needs_no_tls_and_nobody_else_gets_away_with_it(
    monkeypatch: pytest.MonkeyPatch,
):
    connected = found_at(monkeypatch, ["127.0.0.1"])
    web = Http(Reach(frozenset({"lms.internal"}), is_development=True))

    for url in ("http://localhost:9/", "https://localhost/", "http://127.0.0.1/", "https://lms.internal/"):
        with pytest.raises(CallFailed, match="cannot be reached"):
            web.get(url)
    for url in ("http://lms.internal/", "http://127.0.0.1.evil.example/", "http://evil.example/"):
        with pytest.raises(AddressRefused, match="is not asked without TLS"):
            web.get(url)
    with pytest.raises(AddressRefused, match="does not stand on a public address"):
        web.get("https://evil.example/")

    assert connected == ["127.0.0.1"] * 4


@pytest.mark.parametrize(
    ("public_url", "is_open"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("https://localhost:8443", True),
        ("https://mentoring.example", False),
        ("https://localhost.example", False),
    ],
)
def test_the_tool_calls_its_own_machine_without_tls_only_if_it_is_at_home_there(
    tmp_path: Path, database_url: str, public_url: str, is_open: bool
):
    config = Config(testing=True, root=tmp_path, database_url=database_url, secret_key="x" * 40, public_url=public_url)
    web = create_app(config, []).extensions["http"]

    with server(answering(OK)) as (port, connections):
        said = []
        for url in (f"http://localhost:{port}/", f"http://127.0.0.1:{port}/"):
            try:
                said.append(web.get(url).text())
            except AddressRefused as refused:
                said.append("without TLS" if "without TLS" in str(refused) else str(refused))
            web.session.close()

    assert (said, len(connections)) == ((["ok"] * 2, 2) if is_open else (["without TLS"] * 2, 0))


def test_a_silent_name_server_does_not_hold_the_call(monkeypatch: pytest.MonkeyPatch):
    let_go = threading.Event()
    monkeypatch.setattr(connecting, "CONNECT", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: let_go.wait(10))

    with pytest.raises(CallFailed, match=r"lms\.example did not answer in time"):
        Http(PUBLIC).get("https://lms.example/")
    let_go.set()


Talk = Callable[[socket.socket], None]


@contextmanager
def server(talk: Talk, wrap: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[int]]]:
    """A port of this machine where each connection is talked to like this; and how many connections there were."""
    listening = socket.create_server(("127.0.0.1", 0))
    connections: list[int] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connections.append(1)
            try:
                with wrap.wrap_socket(connection, server_side=True) if wrap else connection as speaking:
                    talk(speaking)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], connections
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def answering(*answers: bytes) -> Talk:
    """Read a request, say the next answer, and so on over one connection."""

    def talk(connection: socket.socket) -> None:
        for answer in answers:
            if not connection.recv(65536):
                return
            connection.sendall(answer)
        connection.recv(1)

    return talk


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_connection_is_kept_and_used_again():
    with server(answering(OK, OK, OK)) as (port, connections):
        web = Http(DEVELOPMENT)
        said = [web.get(f"http://localhost:{port}/{n}").text() for n in range(3)]
        web.session.close()

    assert (said, len(connections)) == (["ok"] * 3, 1)


def test_a_redirect_is_an_answer_and_not_followed():
    """JWKS-09"""
    there = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with server(answering(there)) as (port, connections):
        answer = Http(DEVELOPMENT).get(f"http://localhost:{port}/jwks")

    assert (answer.status, answer.body, len(connections)) == (302, b"", 1)


def test_more_than_may_be_is_not_read():
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000
    with (
        server(answering(large)) as (port, _),
        pytest.raises(CallFailed, match="localhost sent more than 1000 bytes"),
    ):
        Http(DEVELOPMENT).get(f"http://localhost:{port}/", most_bytes=1000)


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_a_server_that_drips_is_left_after_the_time_of_a_call(monkeypatch: pytest.MonkeyPatch, begin: bytes):
    """A byte now and then, within the time for the next bytes, in the head as well as in the body."""
    monkeypatch.setattr("lti_tool.outgoing.connecting.TOTAL", 0.4)
    is_over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        while not is_over.wait(0.02):
            connection.sendall(b"a")

    with server(drip) as (port, _):
        with pytest.raises(CallFailed):
            Http(DEVELOPMENT).get(f"http://localhost:{port}/")
        is_over.set()


def test_the_bounds_of_a_call_are_those_we_promise():
    assert (connecting.CONNECT, connecting.READ, connecting.TOTAL) == (3.0, 5.0, 10.0)


def test_a_call_waits_three_seconds_for_a_connection_and_five_for_an_answer(monkeypatch: pytest.MonkeyPatch):
    """What the sockets are really told, at every wait of one call."""
    waits: dict[str, list[float]] = {"connect": [], "recv_into": []}
    for name, seen in waits.items():
        monkeypatch.setattr(socket.socket, name, _noting(getattr(socket.socket, name), seen))

    with server(answering(OK)) as (port, _):
        web = Http(DEVELOPMENT)
        web.get(f"http://127.0.0.1:{port}/")
        web.session.close()

    assert {name: [round(each) for each in seen] for name, seen in waits.items()} == {"connect": [3], "recv_into": [5]}


def _noting(act: Any, seen: list[float]) -> Any:
    def noted(own: socket.socket, *rest: Any) -> Any:
        if (seconds := own.gettimeout()) is not None:
            seen.append(seconds)
        return act(own, *rest)

    return noted


@contextmanager
def full() -> Iterator[int]:
    """A port of this machine that takes no further connection and refuses none: its queue is full."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for each in waiting:
        each.setblocking(False)
        each.connect_ex(listening.getsockname())
    try:
        yield listening.getsockname()[1]
    finally:
        for each in (*waiting, listening):
            each.close()


def test_a_server_that_takes_no_connection_is_left_after_the_time_to_connect(monkeypatch: pytest.MonkeyPatch):
    """However many addresses its name has: all of them together get that time."""
    monkeypatch.setattr(connecting, "CONNECT", 0.3)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, port, **_rest: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))] * 5,
    )
    with full() as port:
        began = time.monotonic()
        with pytest.raises(CallFailed, match="localhost did not answer in time"):
            Http(DEVELOPMENT).get(f"http://localhost:{port}/")
        took = time.monotonic() - began

    assert 0.25 < took < 1.0


def test_a_server_that_says_nothing_is_left_after_the_time_to_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connecting, "READ", 0.3)
    is_over = threading.Event()

    with server(lambda _connection: _wait(is_over)) as (port, connections):
        began = time.monotonic()
        with pytest.raises(CallFailed, match="localhost did not answer in time"):
            Http(DEVELOPMENT).get(f"http://localhost:{port}/")
        took = time.monotonic() - began
        is_over.set()

    assert (len(connections), 0.25 < took < 1.5) == (1, True)


def _wait(is_over: threading.Event) -> None:
    is_over.wait(30)


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for one name that vouches for itself, as a file to trust and as a server uses it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "ca.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return trusted, context


def test_the_certificate_must_be_for_the_name_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    trusted, context = certificate(tmp_path, "lms.internal")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, port, **_rest: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
    )
    web = Http(Reach(frozenset({"lms.internal", "other.internal"})))

    with server(answering(OK), context) as (port, _):
        said = web.get(f"https://lms.internal:{port}/").text()
        web.session.close()
        with pytest.raises(CallFailed, match="SSLError"):
            web.get(f"https://other.internal:{port}/")
        web.session.close()

    assert said == "ok"


def test_the_librarys_own_calls_are_guarded_as_well(app: Flask, session: Session, cast: Cast):
    """An access token is asked for by PyLTI1p3, over the same session."""
    deployment = cast.platform().deployments[0]
    deployment.platform.token_url = "https://10.0.0.5/token"
    session.commit()
    app.extensions["http"] = Http(PUBLIC)

    with pytest.raises(AddressRefused):
        Connector(deployment).get_access_token([ROSTER_SCOPE])


@pytest.mark.parametrize(
    "url", ["http://campus.example/nrps", "https://10.0.0.5/nrps", "https://169.254.169.254/", "https://evil.example/"]
)
def test_a_roster_address_that_is_not_safe_gets_no_token(app: Flask, session: Session, cast: Cast, url: str):
    """NRPS-19"""
    deployment = cast.platform().deployments[0]
    service = Service(deployment, [ROSTER_SCOPE], named=(url,) if "evil" not in url else ())
    app.extensions["http"] = Http(PUBLIC)

    with pytest.raises(ServiceFailed):
        service.call("GET", url, accept="application/json")


@pytest.mark.parametrize(
    ("said", "hosts"),
    [
        ("", ()),
        ("lms.internal", ("lms.internal",)),
        ("LMS.internal., lrs.internal 10.0.0.5,lms.internal", ("lms.internal", "lrs.internal", "10.0.0.5")),
        ("fd00::5", ("fd00::5",)),
    ],
)
def test_private_hosts_are_a_list_of_names(tmp_path: Path, said: str, hosts: tuple[str, ...]):
    assert Config.from_env({"PRIVATE_HOSTS": said}, root=tmp_path).private_hosts == hosts


@pytest.mark.parametrize("host", ["lms\x1b[2J.example", "lms\x07", "lms\u202egpj", "a" * 300, "lms\x85verdict=ok"])
def test_a_host_that_no_log_should_hold_is_not_named(host: str):
    """OUT-08"""
    assert addresses.host_of(f"https://{host}/x") == "the address"
