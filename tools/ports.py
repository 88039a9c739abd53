"""Ports of this machine: is one free, does something answer there."""

from __future__ import annotations

import errno
import socket

from tools.trouble import Trouble

LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
"""Browsers try both for localhost, so a stranger on either would be in the way."""

MISSING = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def port_from(text: str, setting: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise Trouble(f"{setting} must be a port between 1 and 65535, such as {setting}=8010, and not {text!r}.")


def must_be_free(port: int, setting: str) -> None:
    """Raises Trouble that names the port and how to choose another."""
    for family, address in LOOPBACKS:
        try:
            _try(family, address, port)
        except OSError as problem:
            if problem.errno in MISSING:
                continue
            raise Trouble(_in_the_way(port, setting, problem)) from None


def _try(family: socket.AddressFamily, address: str, port: int) -> None:
    with socket.socket(family) as probe:
        # Without this, a port counts as taken for a minute after its server has gone.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.bind((address, port))
        probe.listen()


def _in_the_way(port: int, setting: str, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use, by another program or by a make run that still runs: "
            f"stop that one, or choose another port, as in make run {setting}={port + 10 if port < 65000 else 8010}"
        )
    return f"Port {port} cannot be used ({problem.strerror}): choose another, as in make run {setting}=8010"


def answers(port: int, path: str) -> bool:
    """Does a web server there answer this path without an error of its own?"""
    request = f"GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n".encode("ascii")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request)
            status = connection.makefile("rb").readline().split()
    except OSError:
        return False
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] < b"500"
