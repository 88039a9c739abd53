"""What a rater's page has sent, as what they said.

Nothing is refused as a whole: what is no answer is left open, and of a comment that is too long what was kept before
stays, while the page shows what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reviews.answering.said import Said, Seen, only_asked, too_long
from reviews.instruments.content import Content

RATING, IMPORTANCE, COMMENT, QUOTE = "r.", "i.", "c.", "q."
TICK, DAY, NOTE = "t.", "d.", "n."
"""What the names of a page's fields begin with, before the key of what is answered."""
NOT_OBSERVED = "none"
MOST_SENT = 100_000
"""Characters of one comment that are looked at: more is no comment but an accident."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A page as it was sent."""

    said: Said
    """As it was written, to be shown again."""
    kept: Said
    """What of it may be kept."""
    lengths: Mapping[str, int] = field(default_factory=dict)
    """Of the comments that are too long, by key."""


def read(form: Mapping[str, str], content: Content, group: str, before: Said, *, under: str = "") -> Sent:
    """`under` stands before the names of all fields where one page asks about several people."""
    ratings: dict[str, int | None] = {}
    importance: dict[str, int] = {}
    comments: dict[str, str] = {}
    quotable: set[str] = set()
    for competency, statements in content.for_group(group):
        for statement in statements:
            value = form.get(f"{under}{RATING}{statement.key}", "")
            if value == NOT_OBSERVED:
                ratings[statement.key] = None
            elif (score := _number(value)) is not None:
                ratings[statement.key] = score
        if (score := _number(form.get(f"{under}{IMPORTANCE}{competency.key}", ""))) is not None:
            importance[competency.key] = score
        comments[competency.key] = _text(form, f"{under}{COMMENT}{competency.key}")
    for question in content.questions_for(group):
        comments[question.key] = _text(form, f"{under}{COMMENT}{question.key}")
        if form.get(f"{under}{QUOTE}{question.key}"):
            quotable.add(question.key)
    written = Said(ratings=ratings, importance=importance, comments=comments, quotable=frozenset(quotable))
    said = only_asked(content, group, written)
    lengths = too_long(said)
    as_before = {key: before.comments.get(key, "") for key in lengths}
    return Sent(said=said, kept=replace(said, comments={**said.comments, **as_before}), lengths=lengths)


def read_ticks(
    form: Mapping[str, str], content: Content, group: str, before: Said, *, today: date, has_notes: bool
) -> Sent:
    """Of a checklist: what is ticked was seen done, on the day that is said or today; the rest is not yet."""
    sent = read(form, content, group, before)
    asked = [each.key for _competency, statements in content.for_group(group) for each in statements]
    ticked = {key for key in asked if form.get(f"{TICK}{key}")}
    scale = content.scale
    ratings = {key: scale.highest if key in ticked else scale.lowest for key in asked}
    seen = {key: Seen(day=_day(form, key, today), note=_text(form, f"{NOTE}{key}")) for key in ticked if has_notes}
    said, kept = (
        only_asked(content, group, replace(each, ratings=ratings, seen=seen)) for each in (sent.said, sent.kept)
    )
    return Sent(said=said, kept=kept, lengths=sent.lengths)


def _day(form: Mapping[str, str], key: str, today: date) -> str:
    """Nothing was seen done on a day to come."""
    try:
        said = date.fromisoformat(form.get(f"{DAY}{key}", ""))
    except ValueError:
        return today.isoformat()
    return min(said, today).isoformat()


def _number(value: str) -> int | None:
    try:
        return int(value)
    except ValueError:
        return None


def _text(form: Mapping[str, str], name: str) -> str:
    """Browsers send line breaks as two characters, and count them as one."""
    return form.get(name, "")[:MOST_SENT].replace("\r\n", "\n")
