"""Deep linking 2.0: the campus asks the tool what to place, in each flavor's manner, and judges the answer strictly."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt import PyJWS

from campus import messages
from campus.messages import AGS, CANVAS, LTI, NRPS, OUTCOMES, Opening
from campus.people import Placement
from campus.platform import Campus
from campus.tool_keys import KeySetUnavailable

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LONGEST_LIFE = 600
LEEWAY = 60
HISTORY = {"context_history": "$Context.id.history"}


class AnswerRefused(Exception):
    """A deep linking answer that places nothing; says why."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request to choose something for a course."""

    key: str
    message_hint: str
    course_id: str
    person_id: str
    settings: dict[str, Any]

    @property
    def nothing_yet(self) -> Placement:
        """A stand-in for the placement that there is not yet."""
        return Placement(id="0", course_id=self.course_id, key="add", title="", about="", custom=dict(HISTORY))


def stand_in(course_id: str) -> Placement:
    return Asked(key="", message_hint="", course_id=course_id, person_id="", settings={}).nothing_yet


def ask(here: Campus, message_hint: str, course_id: str, person_id: str) -> Asked:
    """Remember what this launch will ask for."""
    key = secrets.token_urlsafe(16)
    settings = {**SETTINGS[here.flavor.name](here), **here.accepts}
    settings["deep_link_return_url"] = f"{here.settings.url}/deep-link-return?course={course_id}&id=1&key={key}"
    with here.store.writing() as db:
        db.execute(
            "INSERT INTO deep_links VALUES (?, ?, ?, ?, ?, ?)",
            (key, message_hint, course_id, person_id, json.dumps(settings), here.settings.now().isoformat()),
        )
    return Asked(key=key, message_hint=message_hint, course_id=course_id, person_id=person_id, settings=settings)


def _strict_settings(_here: Campus) -> dict[str, Any]:
    """Everything there is, and data full of signs that a careless tool would change on the way."""
    return {
        "accept_types": ["link", "ltiResourceLink"],
        "accept_media_types": "text/html",
        "accept_presentation_document_targets": ["iframe", "window", "embed"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": True,
        "title": "Add an activity",
        "text": "",
        "data": f"{secrets.token_urlsafe(8)} ä+&=% \"<>\u2028\u0000' </script>",
    }


def _moodle_settings(_here: Campus) -> dict[str, Any]:
    """As Moodle 4.5 sent them: no data, and no word on line items, which it takes."""
    return {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "title": "Mentoring",
        "text": "",
    }


def _canvas_settings(here: Campus) -> dict[str, Any]:
    """As Canvas's source has them for the placement `link_selection`; its data is a token of its own."""
    data = {"nonce": secrets.token_hex(8), "exp": int(here.settings.now().timestamp()) + 3600}
    return {
        "accept_types": ["ltiResourceLink"],
        "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": False,
        "data": jwt.encode(data, secrets.token_hex(32), "HS256"),
    }


SETTINGS = {"strict": _strict_settings, "moodle": _moodle_settings, "canvas": _canvas_settings}


def asked_by(here: Campus, message_hint: str) -> Asked | None:
    return _asked(here.store.first("SELECT * FROM deep_links WHERE message_hint = ?", message_hint))


def asked_with(here: Campus, key: str) -> Asked | None:
    return _asked(here.store.first("SELECT * FROM deep_links WHERE key = ?", key))


def _asked(row: sqlite3.Row | None) -> Asked | None:
    if row is None:
        return None
    said = {name: row[name] for name in ("key", "message_hint", "course_id", "person_id")}
    return Asked(**said, settings=json.loads(row["settings"]))


def request_claims(opening: Opening, asked: Asked) -> dict[str, Any]:
    """The launch that asks: no placement, so no resource link and no column of its own."""
    claims = messages.resource_launch(opening)
    del claims[LTI + "resource_link"]
    claims.pop(OUTCOMES, None)
    claims[AGS].pop("lineitem", None)
    claims[LTI + "message_type"] = "LtiDeepLinkingRequest"
    claims[DL + "deep_linking_settings"] = asked.settings
    if opening.here.flavor.name == "moodle":
        del claims[NRPS]
        del claims[LTI + "launch_presentation"]["return_url"]
    if opening.here.flavor.name == "canvas":
        claims[CANVAS + "placement"] = "link_selection"
    return claims


def judge(here: Campus, asked: Asked, token: str) -> list[dict[str, Any]]:
    """The content items of this answer, its nonce spent. Raises AnswerRefused with everything as it was."""
    claims = _verified(here, token)
    _check_envelope(here, claims)
    wanted, sent = asked.settings.get("data"), claims.get(DL + "data")
    if (DL + "data" in claims) != ("data" in asked.settings) or wanted != sent:
        raise AnswerRefused("data is not what the campus sent, or came though none was sent")
    items = claims.get(DL + "content_items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise AnswerRefused("content_items is not a list of objects")
    if len(items) > 1 and not asked.settings["accept_multiple"]:
        raise AnswerRefused("there are several items though one is accepted")
    for item in items:
        _check_item(here, asked, item)
    _spend_nonce(here, claims)
    return items


def _verified(here: Campus, token: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
            raise AnswerRefused("the answer is not signed with RS256 and a named key")
        key = here.tool_keys.find(header["kid"])
        if key is None:
            raise AnswerRefused("the answer's key is not in the tool's key set")
        claims = json.loads(PyJWS().decode(token, key, algorithms=["RS256"]))
    except KeySetUnavailable as problem:
        raise AnswerRefused(str(problem)) from None
    except (jwt.PyJWTError, ValueError):
        raise AnswerRefused("the answer is no JWT, or its signature is wrong") from None
    if not isinstance(claims, dict):
        raise AnswerRefused("the answer holds no claims")
    return claims


def _check_envelope(here: Campus, claims: Mapping[str, Any]) -> None:
    settings, now = here.settings, here.settings.now().timestamp()
    fixed = {
        "iss": here.tool.client_id,
        LTI + "deployment_id": here.tool.deployment_id,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
    }
    for name, value in fixed.items():
        if claims.get(name) != value:
            raise AnswerRefused(f"{name.rpartition('/')[2]} is not “{value}”")
    if claims.get("aud") not in (settings.url, [settings.url]):
        raise AnswerRefused(f"aud is not {settings.url}")
    times = claims.get("iat"), claims.get("exp")
    if any(isinstance(time, bool) or not isinstance(time, int | float) for time in times):
        raise AnswerRefused("iat or exp is missing or no number")
    issued, expires = (float(time) for time in times if time is not None)
    if not issued - LEEWAY <= now < expires:
        raise AnswerRefused("the answer is too old, or from the future")
    if expires - issued > LONGEST_LIFE:
        raise AnswerRefused("the answer lives longer than ten minutes")
    if not isinstance(claims.get("nonce"), str) or not claims["nonce"]:
        raise AnswerRefused("nonce is missing")


def _spend_nonce(here: Campus, claims: Mapping[str, Any]) -> None:
    try:
        with here.store.writing() as db:
            arrived = here.settings.now().isoformat()
            db.execute("INSERT INTO answer_nonces VALUES (?, ?)", (claims["nonce"], arrived))
    except sqlite3.IntegrityError:
        raise AnswerRefused("nonce has been used before") from None


def _check_item(here: Campus, asked: Asked, item: Mapping[str, Any]) -> None:
    kind = item.get("type")
    if kind not in asked.settings["accept_types"]:
        raise AnswerRefused(f"an item is of type “{kind}”, which is not accepted")
    if kind != "ltiResourceLink":
        raise AnswerRefused(f"the campus places activities only, no “{kind}”")
    if item.get("url") != here.tool.launch_url:
        raise AnswerRefused(f"the url of an item is not {here.tool.launch_url}")
    if not isinstance(item.get("title"), str) or not item["title"].strip():
        raise AnswerRefused("an item has no title")
    custom = item.get("custom", {})
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        raise AnswerRefused("custom of an item is not an object of texts")
    unwanted = {"iframe", "window", "embed"} & set(item) - set(asked.settings["accept_presentation_document_targets"])
    if unwanted:
        raise AnswerRefused(f"an item wants to be shown in {', '.join(sorted(unwanted))}, which is not accepted")
    if "lineItem" in item:
        _check_line_item(asked, item["lineItem"])


def _check_line_item(asked: Asked, line_item: object) -> None:
    if asked.settings.get("accept_lineitem") is False:
        raise AnswerRefused("an item brings a line item though none is accepted")
    maximum = line_item.get("scoreMaximum") if isinstance(line_item, dict) else None
    if isinstance(maximum, bool) or not isinstance(maximum, int | float) or maximum <= 0:
        raise AnswerRefused("a line item has no scoreMaximum above 0")
    assert isinstance(line_item, dict)
    for name in ("label", "resourceId", "tag"):
        if not isinstance(line_item.get(name, ""), str):
            raise AnswerRefused(f"{name} of a line item is not text")
