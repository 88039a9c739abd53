"""Rows and what belongs to them, as files have them: beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizzes.formats.texts import rows_of
from quizzes.kinds import Body


def matched(rows: Sequence[str], choices: Sequence[str]) -> dict[str, Any]:
    """Each row belongs to the choice at its place; one beside nothing leads astray, and the same one stands once."""
    made = rows_of(row for row in rows if row)
    unique = rows_of(dict.fromkeys(choice for choice in choices if choice))
    by_text = {each["text"]: each["id"] for each in unique}
    beside = [choice for row, choice in zip(rows, choices, strict=True) if row]
    right = {row["id"]: by_text[choice] for row, choice in zip(made, beside, strict=True) if choice}
    return {"rows": made, "choices": unique, "right": right}


def beside(body: Body) -> list[tuple[str, str]] | None:
    """The texts of rows and choices; last, beside nothing, what leads astray. None where a row belongs to nothing."""
    rows = {row["id"]: str(row["text"]) for row in body["rows"]}
    choices = {row["id"]: str(row["text"]) for row in body["choices"]}
    right = body["right"]
    if set(right) != set(rows):
        return None
    strays = [("", text) for choice, text in choices.items() if choice not in right.values()]
    return [(text, choices[right[row]]) for row, text in rows.items()] + strays
