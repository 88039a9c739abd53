"""Addresses: whether one is whole, and where a call that leaves the building may go."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")

UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
"""Where an IPv6-only host reaches the IPv4 address in the last four bytes (RFC 6052)."""
SPECIAL = tuple(
    IPv4Network(each)
    for each in (
        "192.0.0.0/24",  # Protocol assignments; Oracle's cloud tells its secrets at 192.0.0.192.
        "192.88.99.0/24",  # Relays that are no more.
        "168.63.129.16/32",  # Looks public, and is the host of every Azure machine.
    )
)
"""What counts as global by the book and is no place for a call of ours."""


@lru_cache(maxsize=1024)
def split(address: str) -> SplitResult | None:
    """The parts of an http or https address with a host; None for what is no such address."""
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    has_gaps = address.split() != [address]
    return parts if is_whole and not has_gaps else None


def is_safe(address: str) -> bool:
    """Whether it is https, or http to this very machine."""
    parts = split(address)
    return parts is not None and (parts.scheme == "https" or parts.hostname in LOCAL_HOSTS)


def is_local(address: str) -> bool:
    """Whether it names this very machine."""
    parts = split(address)
    return parts is not None and parts.hostname in LOCAL_HOSTS


def host_of(address: str) -> str:
    """The host, to be named in messages instead of the whole address; nothing that could forge a line of a log."""
    parts = split(address)
    host = (parts.hostname if parts else None) or ""
    return host if host.isprintable() and 0 < len(host) < 254 else "the address"


def is_host(name: str) -> bool:
    """Whether it is the name or IP address of one host, and nothing around it."""
    return _literal(name) is not None or HOST_NAME.fullmatch(name) is not None


@dataclass(frozen=True)
class Reach:
    """Where calls may go: https and public addresses, and what an operator allows besides."""

    private_hosts: frozenset[str] = frozenset()
    """Hosts that may stand on private addresses, by their exact names."""
    is_development: bool = False
    """The tool itself runs on localhost: this very machine is open to it, also without TLS."""

    def refuses(self, address: str) -> str:
        """Why no call may be made to this address, as far as one can tell by reading it; empty if one may."""
        parts = split(address)
        if parts is None:
            return "the address is neither http nor https"
        host = (parts.hostname or "").rstrip(".")
        if "@" in parts.netloc:
            return f"the address of {host} holds a name or a password"
        if parts.scheme == "http" and not self._may_be_plain(host):
            return f"{host} is not asked without TLS; the address must start with https://"
        literal = _literal(host)
        if literal is not None and not self.admits(host, str(literal)):
            return not_public(host)
        return ""

    def _may_be_plain(self, host: str) -> bool:
        return self.is_development and host in LOCAL_HOSTS

    def admits(self, host: str, found: str) -> bool:
        """Whether this host may be connected to at the IP address it was found at."""
        address = _inner(ipaddress.ip_address(found))
        host = host.rstrip(".").lower()
        if is_public(address):
            return True
        if self.is_development and host in LOCAL_HOSTS and address.is_loopback:
            return True
        return host in self.private_hosts and _may_be_a_neighbour(address)


def not_public(host: str) -> str:
    return f"{host} does not stand on a public address; if it is meant to be reached, name it in PRIVATE_HOSTS"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is reachable from anywhere, and by nothing but its own path."""
    address = _inner(address)
    if isinstance(address, IPv6Address):
        return address in UNICAST and address.is_global
    is_special = any(address in network for network in SPECIAL)
    return address.is_global and not (is_special or address.is_multicast or address.is_reserved)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one that only leads there: mapped, NAT64, 6to4."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or address


def _may_be_a_neighbour(address: IPv4Address | IPv6Address) -> bool:
    """Private and loopback addresses; never link-local ones, where clouds hand out their keys."""
    odd = address.is_link_local or address.is_multicast or address.is_unspecified
    return not odd and (address.is_loopback or not address.is_reserved)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
