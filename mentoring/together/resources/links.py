"""Links to what is worth reading: as safe as those to meetings, and old sites without https may be named, too."""

from __future__ import annotations

from mentoring.together.meetings.links import is_link

_OLD = "http://"


def may_stand(said: str) -> bool:
    """Whether this may stand on a page as a link."""
    return is_link(f"https://{said.removeprefix(_OLD)}" if said.startswith(_OLD) else said)
