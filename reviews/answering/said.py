"""What a rater has said so far, as plain values, and what is still open; no database, no web."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from reviews.instruments.content import Comments, Content

MOST_CHARACTERS = 4000
"""Of a comment: longer ones are refused with their length, and nothing of them is lost."""


LONGEST_NOTE = 500
"""What was seen done is told in a line."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """When something of a checklist was seen done, and what there is to say of it."""

    day: str
    """As 2026-11-23."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    ratings: Mapping[str, int | None] = field(default_factory=dict)
    """By statement; None is *not observed*, what is missing is open."""
    importance: Mapping[str, int] = field(default_factory=dict)
    """By competency."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """By competency or open question; empty ones are none."""
    quotable: frozenset[str] = frozenset()
    """The open questions whose answers may be quoted."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """Of a checklist: by statement, what was ticked as seen done."""

    def as_text(self) -> str:
        return json.dumps(
            {
                "ratings": dict(self.ratings),
                "importance": dict(self.importance),
                "comments": dict(self.comments),
                "quotable": sorted(self.quotable),
                "seen": {key: asdict(seen) for key, seen in self.seen.items()},
            }
        )

    @classmethod
    def of_text(cls, text: str) -> Said:
        if not text:
            return NOTHING
        said = json.loads(text)
        seen = {key: Seen(**each) for key, each in said.get("seen", {}).items()}
        return cls(**{**said, "quotable": frozenset(said["quotable"]), "seen": seen})

    @property
    def is_empty(self) -> bool:
        return not self.ratings and not self.importance and not any(self.comments.values())

    def is_said(self, key: str) -> bool:
        return bool(self.comments.get(key, "").strip())


NOTHING = Said()


def open_parts(content: Content, group: str, said: Said) -> list[str]:
    """Keys of statements, competencies and questions that have to be answered before it can be handed in, in order."""
    found: list[str] = []
    for competency, statements in content.for_group(group):
        found += [each.key for each in statements if each.key not in said.ratings]
        if competency.comments is Comments.REQUIRED and not said.is_said(competency.key):
            found.append(competency.key)
    found += [each.key for each in content.questions_for(group) if each.is_required and not said.is_said(each.key)]
    return found


def too_long(said: Said) -> dict[str, int]:
    """Comments and answers that are not kept because of their length, each with how many characters it has."""
    lengths = {key: len(text.strip()) for key, text in said.comments.items()}
    return {key: length for key, length in lengths.items() if length > MOST_CHARACTERS}


def only_asked(content: Content, group: str, said: Said) -> Said:
    """What of it was asked of this group: nothing else is ever kept. Scores that are on no scale are left out too."""
    asked = {each.key for _competency, statements in content.for_group(group) for each in statements}
    competencies = {each.key: each for each, _statements in content.for_group(group)}
    scores = set(content.scale.scores)
    commented = {key for key, each in competencies.items() if each.comments is not Comments.DISABLED}
    questions = {each.key: each for each in content.questions_for(group)}
    may_pass = content.scale.allows_not_observed
    return Said(
        ratings={
            key: score
            for key, score in said.ratings.items()
            if key in asked and (score in scores or (score is None and may_pass))
        },
        importance={
            key: score
            for key, score in said.importance.items()
            if content.asks_importance and key in competencies and score in scores
        },
        comments={
            key: text.strip()
            for key, text in said.comments.items()
            if text.strip() and (key in commented or key in questions)
        },
        quotable=frozenset(key for key in said.quotable if key in questions and questions[key].may_be_quoted),
        seen={
            key: replace(seen, note=seen.note.strip()[:LONGEST_NOTE])
            for key, seen in said.seen.items()
            if key in asked and said.ratings.get(key) == content.scale.highest
        },
    )


def told_in_words(content: Content, group: str, said: Said) -> Said:
    """What was seen done, with day and note, as a comment on its competency: so it goes wherever comments go."""
    comments = dict(said.comments)
    for competency, statements in content.for_group(group):
        lines = [_line(each.said_by(group), said.seen[each.key]) for each in statements if each.key in said.seen]
        if lines and competency.comments is not Comments.DISABLED:
            own = comments.get(competency.key, "")
            comments[competency.key] = "\n".join([*lines, *([own] if own else [])])
    return replace(said, comments=comments, seen={})


def _line(statement: str, seen: Seen) -> str:
    return f"{statement} ({seen.day})" + (f" {seen.note}" if seen.note else "")
