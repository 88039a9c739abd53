"""What can be made to go wrong on purpose. Switches live as long as the campus runs."""

from __future__ import annotations

import socket
import time
from dataclasses import asdict, dataclass, fields

from flask import Flask, Response, current_app, request

from campus.platform import campus


@dataclass
class Faults:
    """Every switch, off by default; tests set them as attributes, people on the controls page."""

    services_down: bool = False
    """Names and roles, grades and tokens answer 503."""
    tokens_down: bool = False
    keys_down: bool = False
    """The campus's own key set answers 503."""
    retry_after: int | None = None
    """Seconds to name in `Retry-After` of a 503."""
    slow: float = 0.0
    """Seconds every service answer is held back."""
    silent_storage: bool = False
    """The course page announces that it keeps values for tools and does not answer, as Canvas's mobile apps do."""
    absent_storage: bool = False
    """The frame that is announced to keep values, as Canvas has one beside the tool's, is not on the course page."""
    forgetful_storage: bool = False
    """The course page takes what it is given to keep and has nothing when asked for it."""
    roster_page_fails: int = 0
    """Which page of a roster answers 500, from 1; 0 is none."""
    roster_links: str = ""
    """How the link to a roster's next page reads: one of ROSTER_LINKS, or as the flavor has it."""
    roster_empty: bool = False
    """The roster answers with nobody in it."""
    roster_twice: bool = False
    """Everybody stands in the roster twice, as somebody in two sections may."""
    lost_scores: int = 0
    """How many of the next scores are stored and then not answered: the connection is cut."""

    def clear(self) -> None:
        for switch in fields(self):
            setattr(self, switch.name, switch.default)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


ROSTER_LINKS = ("loop", "elsewhere", "unquoted", "among others")
SERVICES = ("tokens", "names_roles", "groups", "line_items", "grades", "keys")


def init_app(app: Flask) -> None:
    app.before_request(meet)


def meet() -> Response | None:
    """Run into whichever fault is switched on before a service is reached."""
    faults = campus().faults
    if request.blueprint not in SERVICES:
        return None
    if faults.slow:
        time.sleep(faults.slow)
    blueprint = request.blueprint
    is_down = faults.keys_down if blueprint == "keys" else faults.services_down
    if is_down or (faults.tokens_down and blueprint == "tokens"):
        response = current_app.response_class("Service Unavailable", 503, mimetype="text/plain")
        if faults.retry_after is not None:
            response.headers["Retry-After"] = str(faults.retry_after)
        return response
    return None


def lose_answer() -> Response | None:
    """Cut the connection if this score's answer is to be lost; a test client, which has none, sees a 500."""
    faults = campus().faults
    if faults.lost_scores <= 0:
        return None
    faults.lost_scores -= 1
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return current_app.response_class("The answer was lost on purpose", 500, mimetype="text/plain")
