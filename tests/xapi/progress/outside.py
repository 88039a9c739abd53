"""A consumer of its own: it knows HTTP, the published profile's words and nothing of the tool's code.

It asks for everything of a course in one question, keeps it in lists and looks through them again and again: slower
than the tool, and another way to the same figures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any
from urllib.parse import urlencode

OWN = "https://w3id.org/lti-mentoring/xapi"
PAIRING, PROGRAM, COHORT = (f"{OWN}/activity-types/mentoring-{name}" for name in ("pairing", "programme", "cohort"))
MEETING = "http://adlnet.gov/expapi/activities/meeting"
GOAL = "http://id.tincanapi.com/activitytype/goal"
QUIZ = "http://adlnet.gov/expapi/activities/assessment"
REVIEW = f"{OWN}/activity-types/review-360"
PLANNED = "http://id.tincanapi.com/extension/planned-start-time"
FAR = "https://w3id.org/xapi/cmi5/result/extensions/progress"
STATES = {
    "start": "active",
    "resumed": "active",
    "recovered": "active",
    "suspended": "paused",
    "stalled": "stalled",
    "completed": "done",
    "cancel": "ended",
    "terminate": "ended",
    "replace": "ended",
}

Said = dict[str, Any]
Fetch = Callable[[str], Said]
"""An address below the LRS's mount in, the JSON of its answer out."""


def everything(fetch: Fetch, course: str) -> list[Said]:
    """All statements of the course, over as many pages as there are, oldest first."""
    asked = {"activity": course, "related_activities": "true", "ascending": "true", "limit": "7"}
    page = fetch(f"/statements?{urlencode(asked)}")
    found = list(page["statements"])
    while page["more"]:
        page = fetch(page["more"])
        found += page["statements"]
    return sorted(found, key=lambda said: (said["timestamp"], said["id"]))


def figures(fetch: Fetch, course: str, program: str = "", cohort: str = "") -> Said:
    said = everything(fetch, course)
    runs: dict[str, list[Said]] = {}
    for each in said:
        if "registration" in each["context"]:
            runs.setdefault(each["context"]["registration"], []).append(each)
    pairs = {key: run for key, run in runs.items() if any(_is(each, "was-assigned", PAIRING) for each in run)}
    pairs = {key: run for key, run in pairs.items() if _around(run, PROGRAM, program) and _around(run, COHORT, cohort)}
    mentorships = {key: _mentorship(run) for key, run in pairs.items()}
    waits = [each["days"] for each in mentorships.values() if each["days"] is not None]
    return {
        "mentorships": mentorships,
        "states": {state: sum(each["state"] == state for each in mentorships.values()) for state in STATES.values()},
        "held": sum(each["held"] for each in mentorships.values()),
        "missed": sum(each["missed"] for each in mentorships.values()),
        "goals": sum(each["goals"] for each in mentorships.values()),
        "reached": sum(each["reached"] for each in mentorships.values()),
        "median": round(median(waits), 2) if waits else None,
        "quizzes": _quizzes(said),
        "reviews": _reviews(said),
    }


def _mentorship(run: list[Said]) -> Said:
    about = [each for each in run if each["object"].get("definition", {}).get("type") == PAIRING]
    begun = any(_verb(each) == "start" for each in about)
    state, at = "waiting", ""
    for each in about:
        if (new := STATES.get(_verb(each))) and state not in ("done", "ended"):
            state, at = new, each["timestamp"]
    if state == "active" and not begun:
        state = "waiting"
    assigned = min(_time(each["timestamp"]) for each in about if _verb(each) == "was-assigned")
    meetings = {each["object"]["id"] for each in run if _type(each) == MEETING}
    held = {each["object"]["id"] for each in run if _is(each, "attended", MEETING)}
    missed = {each["object"]["id"] for each in run if _is(each, "missed", MEETING)}
    of_held = [each for each in run if _type(each) == MEETING and each["object"]["id"] in held]
    starts = [_time(each["context"]["extensions"][PLANNED]) for each in of_held]
    return {
        "people": sorted({each["actor"]["account"]["name"] for each in about if _verb(each) == "was-assigned"}),
        "state": state,
        "since": at or None,
        "held": len(held),
        "missed": len(missed - held),
        "planned": len(meetings),
        "goals": len({each["object"]["id"] for each in run if _type(each) == GOAL}),
        "reached": len({each["object"]["id"] for each in run if _is(each, "completed", GOAL)}),
        "days": round(max((min(starts) - assigned).total_seconds(), 0) / 86400, 2) if starts else None,
    }


def _quizzes(said: list[Said]) -> Said:
    """By quiz and person the best of their attempts; of an attempt what was said last."""
    newest: dict[str, Said] = {}
    for each in said:
        if _verb(each) in ("passed", "failed") and _type(each) == QUIZ:
            newest[each["context"]["registration"]] = each
    best: dict[str, dict[str, tuple[float, bool]]] = {}
    for each in newest.values():
        people = best.setdefault(each["object"]["id"], {})
        who, scaled = each["actor"]["account"]["name"], each["result"]["score"]["scaled"]
        before = people.get(who, (-1.0, False))
        people[who] = (max(before[0], scaled), before[1] or _verb(each) == "passed")
    return best


def _reviews(said: list[Said]) -> Said:
    far = {
        (each["object"]["id"], each["actor"]["account"]["name"]): each["result"]["extensions"][FAR]
        for each in said
        if _is(each, "progressed", REVIEW)
    }
    released = {}
    for each in said:
        if _verb(each) == "evaluated":
            [competency] = each["context"]["contextActivities"]["parent"]
            key = (competency["id"], each["object"]["account"]["name"])
            released[key] = each["result"]["score"]["scaled"]
    return {"far": far, "released": released}


def _around(run: list[Said], kind: str, wanted: str) -> bool:
    places = [each["context"]["contextActivities"] for each in run]
    found = {
        thing["id"]
        for place in places
        for things in place.values()
        for thing in things
        if thing.get("definition", {}).get("type") == kind
    }
    return not wanted or wanted in found


def _is(said: Said, verb: str, kind: str) -> bool:
    return _verb(said) == verb and _type(said) == kind


def _verb(said: Said) -> str:
    return str(said["verb"]["id"].rpartition("/")[2])


def _type(said: Said) -> str:
    return str(said["object"].get("definition", {}).get("type", ""))


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said)
