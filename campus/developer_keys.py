"""A tool taken by the address of its configuration, as Canvas does where a developer key is made by *Enter URL*.

Judged as Canvas's source and documentation judge it (`lib/schemas/lti_configuration.rb`, `lti/tool_configuration.rb`);
what is found good is kept as a dynamic registration is.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from campus import registration
from campus.platform import Campus
from campus.registration import CANVAS, LAUNCH, RegistrationRefused
from campus.tools import TOOL_CONFIGURATION, Tool, canvas_client_id

PLATFORM = "canvas.instructure.com"
TEXTS = ("title", "description")
ADDRESSES = ("target_link_uri", "oidc_initiation_url", "public_jwk_url")
"""All have to be there; keys that stand in the configuration itself (`public_jwk`) the campus does not take."""


def take(here: Campus, address: str) -> Tool:
    """Keep the tool whose configuration stands at this address, pending. Raises RegistrationRefused."""
    said = _fetched(here, address)
    if problems := _problems(said) or _problems_of_extension(said):
        raise RegistrationRefused(422, *problems)
    body = _as_registration(said)
    if problems := registration.problems_of_flavor(here, body):
        raise RegistrationRefused(422, *problems)
    return registration.keep(here, canvas_client_id(), body)


def _fetched(here: Campus, address: str) -> dict[str, Any]:
    try:
        said = here.tools.fetch(address)
    except (OSError, HTTPException) as problem:
        raise RegistrationRefused(422, f"the configuration cannot be read: {problem}") from None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise RegistrationRefused(422, "what stands there is not a JSON object")
    return said


def _problems(said: Mapping[str, Any]) -> list[str]:
    found = [f"{name} is missing" for name in (*TEXTS, *ADDRESSES) if not _text(said, name)]
    found += [f"{name} is no address" for name in ADDRESSES if _text(said, name) and not _is_address(said[name])]
    scopes, custom = said.get("scopes", []), said.get("custom_fields", {})
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        found.append("scopes is not a list of texts")
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        found.append("custom_fields are not texts")
    return found


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _problems_of_extension(said: Mapping[str, Any]) -> list[str]:
    """Canvas itself would take a tool without an extension for it, and show that tool nowhere."""
    extension = _extension(said)
    if extension is None:
        return [f"extensions holds none for the platform {PLATFORM}"]
    if not _placements(extension):
        return [f"the extension for {PLATFORM} names no placements in its settings"]
    if not _is_of(extension.get("domain"), _text(said, "target_link_uri")):
        return ["domain is not that of target_link_uri"]
    return []


def _extension(said: Mapping[str, Any]) -> dict[str, Any] | None:
    extensions = said.get("extensions")
    ours = [
        each
        for each in (extensions if isinstance(extensions, list) else [])
        if isinstance(each, dict) and each.get("platform") == PLATFORM
    ]
    return ours[0] if ours else None


def _placements(extension: Mapping[str, Any]) -> list[dict[str, Any]]:
    settings = extension.get("settings")
    placements = settings.get("placements") if isinstance(settings, dict) else None
    return [each for each in placements if isinstance(each, dict)] if isinstance(placements, list) else []


def _is_of(domain: Any, target: str) -> bool:
    """Whether the target is on this domain or below it, as Canvas looks for the tool of a link; none is any."""
    host = urlsplit(target).netloc
    return domain is None or (isinstance(domain, str) and (host == domain or host.endswith("." + domain)))


def _as_registration(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same tool in the words of a dynamic registration; as in Canvas, its one redirect URI is the target link."""
    extension = _extension(said) or {}
    return {
        "client_name": said["title"],
        "initiate_login_uri": said["oidc_initiation_url"],
        "redirect_uris": [said["target_link_uri"]],
        "jwks_uri": said["public_jwk_url"],
        "scope": " ".join(said.get("scopes", [])),
        TOOL_CONFIGURATION: {
            "target_link_uri": said["target_link_uri"],
            "custom_parameters": said.get("custom_fields", {}),
            "claims": [],
            "messages": [
                {"type": str(each.get("message_type", LAUNCH)), "placements": [each.get("placement")]}
                for each in _placements(extension)
            ],
            CANVAS + "privacy_level": extension.get("privacy_level", "anonymous"),
        },
    }
