"""Launches on their way: the hints handed to the tool, each good for one launch of one person."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from campus.people import Person, Placement
from campus.platform import Campus

HINT_LIVES = timedelta(hours=1)


class HintRefused(Exception):
    """A hint, or what came with it, that starts no launch; says why."""


@dataclass(frozen=True)
class Hints:
    login: str
    message: str


def issue(here: Campus, person: Person, placement: Placement, document_target: str) -> Hints:
    """Hints for this person opening this placement, in the shape of the flavor."""
    hints = SHAPES[here.flavor.name](here, person, placement)
    with here.store.writing() as db:
        db.execute(
            "INSERT INTO launches VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
            (
                hints.message,
                hints.login,
                person.id,
                placement.id,
                document_target,
                here.settings.now().isoformat(),
            ),
        )
    return hints


def _strict_hints(here: Campus, person: Person, placement: Placement) -> Hints:
    """Full of signs that a careless tool would change on the way."""
    message = {"launch": secrets.token_urlsafe(12), "keep me as I am": 'ä+&=% "<>\u2028'}
    return Hints(f"person {person.id} + {secrets.token_urlsafe(6)}", json.dumps(message, ensure_ascii=False))


def _moodle_hints(here: Campus, person: Person, placement: Placement) -> Hints:
    launch_id = f"ltilaunch{placement.id}_{secrets.randbelow(2**62)}"
    return Hints(person.id, json.dumps({"cmid": int(placement.id), "launchid": launch_id}, separators=(",", ":")))


def _canvas_hints(here: Campus, person: Person, placement: Placement) -> Hints:
    claims: dict[str, Any] = {
        "verifier": secrets.token_hex(64),
        "canvas_domain": here.settings.url,
        "context_type": "Course",
        "context_id": int(placement.course_id),
        "exp": int((here.settings.now() + HINT_LIVES).timestamp()),
    }
    return Hints(secrets.token_hex(20), jwt.encode(claims, secrets.token_hex(32), "HS256"))


SHAPES = {"strict": _strict_hints, "moodle": _moodle_hints, "canvas": _canvas_hints}


def look_up(here: Campus, hints: Hints) -> sqlite3.Row:
    """The launch these hints were issued for, still unspent. Raises HintRefused."""
    row = here.store.first("SELECT * FROM launches WHERE message_hint = ?", hints.message)
    if row is None:
        raise HintRefused("lti_message_hint is not one the campus issued, or was changed on the way")
    if row["login_hint"] != hints.login:
        raise HintRefused("login_hint is not the one issued with this lti_message_hint, or was changed on the way")
    if row["spent"] is not None:
        raise HintRefused("lti_message_hint has been used already; open the activity again")
    if row["issued"] < (here.settings.now() - HINT_LIVES).isoformat():
        raise HintRefused("lti_message_hint has expired; open the activity again")
    return row


def spend(here: Campus, message_hint: str, nonce: str) -> None:
    """Use the hint up, once, and the nonce with it. Raises HintRefused."""
    try:
        with here.store.writing() as db:
            spent = db.execute(
                "UPDATE launches SET spent = ?, nonce = ? WHERE message_hint = ? AND spent IS NULL",
                (here.settings.now().isoformat(), nonce, message_hint),
            )
    except sqlite3.IntegrityError:
        raise HintRefused("nonce has been used in an earlier launch") from None
    if spent.rowcount != 1:
        raise HintRefused("lti_message_hint has been used already; open the activity again")
