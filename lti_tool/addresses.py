"""Addresses that operators type: whether they are whole, and safe to send a secret to."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def split(address: str) -> SplitResult | None:
    """The parts of an http or https address with a host; None for what is no such address."""
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole and not any(letter.isspace() for letter in address) else None


def is_safe(address: str) -> bool:
    """Whether it is https, or http to this very machine."""
    parts = split(address)
    return parts is not None and (parts.scheme == "https" or parts.hostname in LOCAL_HOSTS)
