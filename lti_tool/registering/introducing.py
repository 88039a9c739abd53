"""How the tool introduces itself to an LMS: what it registers with, and the Canvas tool configuration."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from lti_tool.claims import (
    ASKED_CUSTOM,
    DEEP_LINKING_REQUEST,
    GROUPS_SCOPE,
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    MESSAGES,
    RESOURCE_LINK_REQUEST,
    RESULT_SCOPE,
    ROSTER_SCOPE,
    SCORE_SCOPE,
)
from lti_tool.notice_handlers import NOTICE_SCOPE

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CANVAS = "https://canvas.instructure.com/lti/"

NAME = "Mentoring"
ABOUT = "Mentors and mentees, how they meet, and short quizzes for a good start."
TOOL_ID = "lti-mentoring"
SCOPES = (
    LINE_ITEM_SCOPE,
    LINE_ITEM_READ_SCOPE,
    RESULT_SCOPE,
    SCORE_SCOPE,
    ROSTER_SCOPE,
    GROUPS_SCOPE,
    NOTICE_SCOPE,
)
CANVAS_SCOPES = (LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE, RESULT_SCOPE, SCORE_SCOPE, ROSTER_SCOPE, NOTICE_SCOPE)
"""Of these, the ones Canvas knows: it refuses a configuration that names another."""
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")
PLACEMENTS: Mapping[str, tuple[str, ...]] = {
    RESOURCE_LINK_REQUEST: ("course_navigation",),
    DEEP_LINKING_REQUEST: ("ContentArea", "link_selection", "assignment_selection"),
}
"""Where the tool can be met, in the order of wishing; of these each LMS gets those it offers."""


def launch_url() -> str:
    """The one redirect URI and target link."""
    return f"{current_app.config['PUBLIC_URL']}/lti/launch"


def login_url(public_id: str = "") -> str:
    """Where logins begin: everybody's address, or the one of a single registration."""
    base = f"{current_app.config['PUBLIC_URL']}/lti/login"
    return f"{base}/{public_id}" if public_id else base


def jwks_url() -> str:
    return f"{current_app.config['PUBLIC_URL']}/lti/jwks"


def invitation_url(secret: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/lti/register/{secret}"


def canvas_url() -> str:
    return f"{current_app.config['PUBLIC_URL']}/lti/canvas.json"


def logo_url() -> str:
    return f"{current_app.config['PUBLIC_URL']}/static/mentoring.svg"


def domain() -> str:
    """Host and port: Moodle compares both with the target link."""
    return str(urlsplit(current_app.config["PUBLIC_URL"]).netloc)


def registration(
    public_id: str, *, family: str, scopes: Collection[str] | None, messages: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The body of a dynamic registration, asking only for what the LMS offers.

    `scopes` is None where the LMS does not say; `messages` gives for each kind of message the placements it offers.
    """
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "client_name": NAME,
        "client_uri": current_app.config["PUBLIC_URL"],
        "logo_uri": logo_url(),
        "initiate_login_uri": login_url(public_id),
        "redirect_uris": [launch_url()],
        "jwks_uri": jwks_url(),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in SCOPES if scopes is None or scope in scopes),
        TOOL_CONFIGURATION: {
            "domain": domain(),
            "description": ABOUT,
            "target_link_uri": launch_url(),
            "custom_parameters": dict(ASKED_CUSTOM),
            "claims": list(CLAIMS),
            "messages": [
                message
                for kind in MESSAGES
                if kind in messages
                for message in _messages(kind, messages[kind], family == "canvas")
            ],
            **({CANVAS + "privacy_level": "public", CANVAS + "tool_id": TOOL_ID} if family == "canvas" else {}),
        },
    }


def _messages(kind: str, offered: Sequence[str], is_canvas: bool) -> list[dict[str, Any]]:
    """One message with the placements we want of those on offer; Canvas has one label for each placement."""
    wanted = [place for wish in PLACEMENTS.get(kind, ()) for place in offered if _plain(place) == wish]
    message: dict[str, Any] = {"type": kind, "target_link_uri": launch_url(), "label": NAME}
    if not is_canvas or not wanted:
        return [message | ({"placements": wanted} if wanted else {})]
    return [message | {"icon_uri": logo_url(), "placements": [place], **_canvas_extras(place)} for place in wanted]


def _plain(placement: str) -> str:
    return placement.removeprefix(CANVAS)


def _canvas_extras(placement: str) -> dict[str, Any]:
    if _plain(placement) != "course_navigation":
        return {}
    # Not in every course by itself: whoever teaches turns it on where it is wanted.
    return {CANVAS + "course_navigation/default_enabled": False, CANVAS + "visibility": "members"}


def canvas_configuration() -> dict[str, Any]:
    """What Canvas reads when a developer key is made from an address."""
    return {
        "title": NAME,
        "description": ABOUT,
        "oidc_initiation_url": login_url(),
        "target_link_uri": launch_url(),
        "redirect_uris": [launch_url()],
        "public_jwk_url": jwks_url(),
        "scopes": list(CANVAS_SCOPES),
        "custom_fields": dict(ASKED_CUSTOM),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": domain(),
                "tool_id": TOOL_ID,
                "privacy_level": "public",
                "settings": {"text": NAME, "icon_url": logo_url(), "placements": _canvas_placements()},
            }
        ],
    }


def _canvas_placements() -> list[dict[str, Any]]:
    common = {"text": NAME, "target_link_uri": launch_url(), "enabled": True}
    resource = common | {
        "placement": "course_navigation",
        "message_type": RESOURCE_LINK_REQUEST,
        "default": "disabled",
        "visibility": "members",
    }
    picking = [
        common | {"placement": place, "message_type": DEEP_LINKING_REQUEST}
        for place in ("link_selection", "assignment_selection")
    ]
    return [resource, *picking]
