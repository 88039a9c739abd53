"""What Moodle and Canvas do differently, each with its source."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

CANVAS_HOSTS = "instructure.com"
ONE_SECOND = timedelta(seconds=1)


def plain_name(name: str) -> str:
    """A roster name as a person wrote it.

    Moodle escapes names for HTML in the roster but not in launches (seen in 4.5: `Muñoz &amp; Söhne`).
    """
    return html.unescape(name)


def frames(issuer: str) -> set[str]:
    """Further origins whose course pages frame the tool.

    All hosted schools share Canvas's issuer and show their courses at `school.instructure.com` (lti_launch_overview
    of its documents); a school with a domain of its own is learned from its first launch.
    """
    host = urlsplit(issuer).hostname or ""
    return {"https://*.instructure.com"} if host == CANVAS_HOSTS or host.endswith(f".{CANVAS_HOSTS}") else set()


def next_stamp(wanted: datetime, last: datetime | None) -> datetime:
    """The time to put on a score so that no platform mistakes it for an older one.

    Moodle compares whole seconds and refuses a score that is not newer than the last (mod_lti, seen in
    4.5: HTTP 409), so two scores of one column and person lie at least a second apart.
    """
    if last is None or wanted.replace(microsecond=0) > last.replace(microsecond=0):
        return wanted
    return last + ONE_SECOND


def stamp_text(stamp: datetime) -> str:
    """A score's time with milliseconds and zone, which AGS 2.0 (section 3.4.5) wants and every platform seen takes."""
    return stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")


ROUNDING = 0.0005
"""How far a share of the maximum may be off through a platform's own rounding."""
CANVAS, MOODLE = "canvas", "moodle"
CANVAS_ROSTER = re.compile(r"(?P<origin>https://[^/?#@\s]+)/api/lti/courses/(?P<number>\d+)/names_and_roles(\?.*)?")


def submission(family: str, *, is_new: bool, submitted: datetime) -> dict[str, object]:
    """Canvas's extension of a score: only a new attempt is a new submission, and a teacher's grade outranks ours.

    Without it Canvas counts every score as one more attempt, and refuses it (422) once attempts are used up
    (app/controllers/lti/ims/scores_controller.rb). Moodle 4.5 ignores it; other platforms are not sent it.
    """
    if family != CANVAS:
        return {}
    told: dict[str, object] = {"new_submission": is_new, "prioritize_non_tool_grade": True}
    if is_new:
        told |= {"submission_type": "external_tool", "submitted_at": stamp_text(submitted)}
    return {"https://canvas.instructure.com/lti/submission": told}


def is_clash(family: str, status: int, *, is_restamped: bool) -> bool:
    """Whether a platform says that it has a score as new as ours.

    Moodle does so by 409. Canvas answers 400 if its result was changed after our score was earned, also by a
    teacher's hand (scores_controller.rb, verify_valid_timestamp), so there a newer time is tried once.
    """
    return status == 409 or (family == CANVAS and status == 400 and not is_restamped)


def course_page(family: str, *, issuer: str, context_id: str, roster_url: str) -> str:
    """The address of the course page in the LMS, for mails; empty where nothing we keep leads there.

    Moodle calls a context by the course's own number and itself by its address (mod/lti/locallib.php,
    lti_build_request). Canvas has that number in the address of the roster (its documentation, Names and Role). Where
    launches want people back (`return_url`) is no such address: Moodle's holds the key of a session.
    """
    if family == MOODLE and context_id.isascii() and context_id.isdecimal():
        return f"{issuer.rstrip('/')}/course/view.php?id={context_id}"
    found = CANVAS_ROSTER.fullmatch(roster_url) if family == CANVAS else None
    return f"{found['origin']}/courses/{found['number']}" if found else ""


def is_same_cloud(issuer: str, address: str) -> bool:
    """Whether the address is a school's own on hosted Canvas, which vouches for all schools under one issuer.

    Schools are at `https://<school>.instructure.com` (its documentation on deep linking and on launches).
    """
    cloud = ".instructure.com"
    said, there = urlsplit(issuer), urlsplit(address)
    return there.scheme == "https" and all((parts.hostname or "").endswith(cloud) for parts in (said, there))
