"""The page of the directory of mentors."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.participants.directory import Entry, Light, Wanted, entries, listed, matching
from mentoring.participants.queries import is_seeking, joinable, part_of
from mentoring.participants.said import Lists
from mentoring.participants.saying import lists_of
from mentoring.participants.suggesting import language_names

bp = Blueprint("directory", __name__, template_folder="templates")

ON_A_PAGE = 50


@bp.get("/courses/<course>/mentoring/directory")
@open_to(*MEMBERS)
def mentors(me: Enrolment) -> ResponseReturnValue:
    cohort = joinable(db.session, me.course)
    lists = lists_of(cohort.version if cohort else None)
    everybody = listed(db.session, cohort, me) if cohort else []
    wanted = _wanted()
    found = matching(everybody, wanted)
    pages = max(-(-len(found) // ON_A_PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = entries(db.session, found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], lists)
    seeks = is_seeking(me, part_of(db.session, cohort, me))
    return render(
        "participants/directory.html",
        me=me,
        entries=shown,
        choices=_choices(lists, {code for mentor in everybody for code in mentor.languages}),
        wanted=wanted,
        number=len(found),
        listed=len(everybody),
        page=page,
        pages=pages,
        kept={name: value for name, value in vars(wanted).items() if value},
        seeks=seeks,
        ask_urls=_ask_urls(me, shown) if seeks and cohort and cohort.version.takes_requests else {},
    )


def _wanted() -> Wanted:
    return Wanted(**{name: request.args.get(name, "")[:100].strip() for name in Wanted.__dataclass_fields__})


def _choices(lists: Lists, spoken: set[str]) -> list[tuple[str, dict[str, str]]]:
    """What can be filtered by, with the labels to choose from; only where there is a choice."""
    languages = {code: name for code, name in language_names().items() if code in spoken}
    choices = [
        ("kind", dict(lists.kinds)),
        ("skill", {skill: skill for skill in lists.skills}),
        ("topic", {topic: topic for topic in lists.topics}),
        ("language", languages),
    ]
    return [(name, labels) for name, labels in choices if len(labels) > 1]


def _ask_urls(me: Enrolment, shown: list[Entry]) -> dict[int, str]:
    """Where I can ask those of these mentors who have a place left, by enrolment id."""
    return {
        each.person.id: url_for("mentorships.new_request", course=me.course.public_id, mentor=each.mentor)
        for each in shown
        if each.light != Light.FULL and each.person.id != me.id
    }
