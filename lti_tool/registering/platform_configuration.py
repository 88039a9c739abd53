"""What an LMS says of itself when it registers: fetched, checked, and put into our own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from lti_tool.claims import DEEP_LINKING_REQUEST, MESSAGES, RESOURCE_LINK_REQUEST, clean_text
from lti_tool.outgoing import addresses
from lti_tool.outgoing.addresses import host_of
from lti_tool.outgoing.http import http

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS_ACCOUNT = "https://canvas.instructure.com/lti/account_name"
LONGEST_ADDRESS = 1024
LONGEST_ISSUER = 255
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
KNOWN_TOGETHER = (("instructure.com", "canvaslms.com"),)
"""Domains of one owner: hosted Canvas calls itself the one and keeps its endpoints at the other."""


class ConfigurationRefused(Exception):
    """What the LMS says of itself cannot be used; the message is a sentence for its administrator."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """An LMS, as it describes itself."""

    source: str
    """Where this was read."""
    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    token_audience: str
    family: str
    name: str
    scopes: tuple[str, ...] | None
    """What it offers; None where it does not say."""
    messages: Mapping[str, Sequence[str]]
    """The kinds of message it sends, each with the placements it offers for it."""

    def remarks(self) -> list[str]:
        """What an operator should look at before this LMS is let in."""
        own = host_of(self.issuer)
        found = []
        if not _belong_together(own, host_of(self.source)):
            found.append(f"It calls itself {self.issuer}, but described itself at {host_of(self.source)}.")
        for word, url in (
            ("people are vouched for", self.auth_url),
            ("access tokens are given", self.token_url),
            ("its keys are published", self.jwks_url),
            ("it was registered", self.registration_url),
        ):
            if not _belong_together(own, host_of(url)):
                found.append(f"It calls itself {self.issuer}, but {word} at {host_of(url)}.")
        return found


def _belong_together(one: str, other: str) -> bool:
    if one == other:
        return True
    return any(
        any(_is_under(one, domain) for domain in domains) and any(_is_under(other, domain) for domain in domains)
        for domains in KNOWN_TOGETHER
    )


def _is_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def read(document: Any, source: str) -> Configuration:
    """Check what came and put it into our words. Raises ConfigurationRefused."""
    if not isinstance(document, Mapping):
        raise ConfigurationRefused(_("What came is not a configuration but something else."))
    platform = document.get(PLATFORM)
    if not isinstance(platform, Mapping):
        raise ConfigurationRefused(
            _("The configuration does not describe an LTI platform (%(name)s is missing).", name=PLATFORM)
        )
    auth_url, token_url, jwks_url, registration_url = (_endpoint(document, name) for name in ENDPOINTS)
    issuer = _issuer(document)
    family = clean_text(platform.get("product_family_code"))[:64].lower()
    return Configuration(
        source=source,
        issuer=issuer,
        auth_url=auth_url,
        token_url=token_url,
        jwks_url=jwks_url,
        registration_url=registration_url,
        token_audience=_audience(document),
        family=family,
        name=(clean_text(platform.get(CANVAS_ACCOUNT)) or _named(family, issuer))[:255],
        scopes=_scopes(document),
        messages=_messages(platform),
    )


def _endpoint(document: Mapping[str, Any], name: str) -> str:
    """One of its addresses, where a call may go: the browser goes to the first, we ourselves to the others."""
    url = document.get(name)
    if not isinstance(url, str) or not url:
        raise ConfigurationRefused(_("The configuration names no %(name)s.", name=name))
    if len(url) > LONGEST_ADDRESS or url != clean_text(url):
        raise ConfigurationRefused(_("The configuration's %(name)s is no address that can be kept.", name=name))
    if problem := http().session.reach.refuses(url):
        raise ConfigurationRefused(_("The configuration's %(name)s cannot be used: %(why)s.", name=name, why=problem))
    return url


def _issuer(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    if not isinstance(issuer, str) or not issuer:
        raise ConfigurationRefused(_("The configuration names no %(name)s.", name="issuer"))
    if len(issuer) > LONGEST_ISSUER or issuer != clean_text(issuer) or addresses.split(issuer) is None:
        raise ConfigurationRefused(_("The configuration's issuer is no web address."))
    return issuer


def _audience(document: Mapping[str, Any]) -> str:
    """What client assertions are addressed to, where the LMS wants something else than its token address."""
    server = document.get("authorization_server")
    is_whole = isinstance(server, str) and len(server) <= LONGEST_ADDRESS and addresses.split(server) is not None
    return str(server) if is_whole else ""


def _named(family: str, issuer: str) -> str:
    return f"{family.capitalize()} at {host_of(issuer)}" if family else host_of(issuer)


def _scopes(document: Mapping[str, Any]) -> tuple[str, ...] | None:
    offered = document.get("scopes_supported")
    return tuple(each for each in offered if isinstance(each, str)) if isinstance(offered, list) else None


def _messages(platform: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Objects with a type and placements; old Moodles list plain texts. Launches are taken for granted."""
    listed = platform.get("messages_supported")
    found: dict[str, tuple[str, ...]] = {}
    for each in listed if isinstance(listed, list) else []:
        kind = each.get("type") if isinstance(each, Mapping) else each
        places = each.get("placements") if isinstance(each, Mapping) else None
        if isinstance(kind, str) and kind in MESSAGES:
            named = tuple(place for place in places if isinstance(place, str)) if isinstance(places, list) else ()
            found[kind] = (*found.get(kind, ()), *named)
    if not isinstance(listed, list):
        found = {RESOURCE_LINK_REQUEST: (), DEEP_LINKING_REQUEST: ()}
    return {RESOURCE_LINK_REQUEST: (), **found}
