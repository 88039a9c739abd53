"""Campus controls: make things go wrong on purpose, change the flavor, move people, turn keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from campus.faults import ROSTER_LINKS
from campus.flavors import FLAVORS
from campus.people import Person, Status
from campus.platform import Campus, campus

bp = Blueprint("controls", __name__)

LONGEST_DELAY = 60.0
Said = MultiDict[str, Any]


@bp.get("/controls")
def show() -> ResponseReturnValue:
    here = campus()
    return render_template(
        "controls.html",
        flavors=FLAVORS.values(),
        faults=here.faults,
        roster_links=ROSTER_LINKS,
        people=here.register.people(),
        courses=here.register.courses(),
        kids=here.keys.kids(),
        refusals=list(reversed(here.traffic.refusals()))[:20],
    )


@bp.post("/controls/<act>")
def change(act: str) -> ResponseReturnValue:
    if act not in ACTS:
        abort(404, "There is no such control.")
    flash(ACTS[act](campus(), request.form))
    return redirect(url_for(".show"))


def _flavor(here: Campus, said: Said) -> str:
    if said.get("flavor") not in FLAVORS:
        abort(400, f"Choose one of {', '.join(FLAVORS)}.")
    here.set_flavor(said["flavor"])
    return f"The flavor is now {here.flavor.label}."


def _faults(here: Campus, said: Said) -> str:
    """Set every fault from the form; what is not in it is off."""
    faults = here.faults
    faults.services_down = "services_down" in said
    faults.tokens_down = "tokens_down" in said
    faults.keys_down = "keys_down" in said
    faults.silent_storage = "silent_storage" in said
    faults.absent_storage = "absent_storage" in said
    faults.forgetful_storage = "forgetful_storage" in said
    faults.slow = min(max(said.get("slow", 0.0, type=float), 0.0), LONGEST_DELAY)
    faults.roster_page_fails = max(said.get("roster_page_fails", 0, type=int), 0)
    faults.roster_links = said["roster_links"] if said.get("roster_links") in ROSTER_LINKS else ""
    faults.roster_empty = "roster_empty" in said
    faults.roster_twice = "roster_twice" in said
    faults.lost_scores = max(said.get("lost_scores", 0, type=int), 0)
    faults.retry_after = said.get("retry_after", type=int)
    return "What goes wrong on purpose is set."


def _rotate(here: Campus, said: Said) -> str:
    return f"The campus signs with a new key, {here.keys.rotate()}. The old one is still published."


def _retire(here: Campus, said: Said) -> str:
    here.keys.retire()
    return "Keys that no longer sign are withdrawn."


def _expire(here: Campus, said: Said) -> str:
    expire_tokens(here)
    return "All access tokens have expired."


def expire_tokens(here: Campus) -> None:
    with here.store.writing() as db:
        db.execute("DELETE FROM tokens")


def _seat(here: Campus, said: Said) -> str:
    person = _person(here, said)
    if said.get("status") not in list(Status):
        abort(400, f"Choose one of {', '.join(Status)}.")
    status = Status(said["status"])
    here.register.set_status(person, status, said.get("course") or None)
    return f"{person.shown_name} is now {status}."


def _person(here: Campus, said: Said) -> Person:
    person = here.register.person(said.get("person", ""))
    if person is None:
        abort(404, "Nobody of that name is on campus.")
    return person


ACTS: dict[str, Callable[[Campus, Said], str]] = {
    "flavor": _flavor,
    "faults": _faults,
    "rotate-keys": _rotate,
    "retire-keys": _retire,
    "expire-tokens": _expire,
    "seat": _seat,
}
