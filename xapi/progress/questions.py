"""What is asked of the statement resource for a report, as anybody with a key that may read would ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xapi.progress.facts import VERBS

Parameters = Mapping[str, str]


def about(course: str) -> Sequence[Parameters]:
    """The questions about a course, named by its activity id; the answers' `more` leads on to all of each.

    One for each verb: what people answered to single questions of a quiz is most of what a course tells, and is not
    needed. (xAPI 1.0.3, part 3, section 2.1.3.)
    """
    return [{**_whole(course), "verb": verb} for verb in VERBS]


def news_of(course: str) -> Sequence[Parameters]:
    """The same for who has asked before, with `since` or a `more` that is kept: all in one, for it is little."""
    return [_whole(course)]


def _whole(course: str) -> Parameters:
    return {"activity": course, "related_activities": "true", "ascending": "true"}
