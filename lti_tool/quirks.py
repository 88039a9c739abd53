"""What Moodle and Canvas do differently, each with its source."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

ONE_SECOND = timedelta(seconds=1)


def plain_name(name: str) -> str:
    """A roster name as a person wrote it.

    Moodle escapes names for HTML in the roster but not in launches (seen in 4.5: `Muñoz &amp; Söhne`).
    """
    return html.unescape(name)


def next_stamp(wanted: datetime, last: datetime | None) -> datetime:
    """The time to put on a score so that no platform mistakes it for an older one.

    Moodle compares whole seconds and refuses a score that is not newer than the last (mod_lti, seen in
    4.5: HTTP 409), so two scores of one column and person lie at least a second apart.
    """
    if last is None or wanted.replace(microsecond=0) > last.replace(microsecond=0):
        return wanted
    return last + ONE_SECOND
