"""The words by which questions are found, as people type them; no database, no web."""

from __future__ import annotations

LONGEST_WORD = 64
MOST_TAGS = 20


def words_in(typed: str) -> list[str]:
    """The tags in a line with commas: small letters, each once."""
    words = (" ".join(word.split()).casefold()[:LONGEST_WORD].strip() for word in typed.split(","))
    return list(dict.fromkeys(word for word in words if word))[:MOST_TAGS]
