"""When two questions are the same: their whole canonical form, and what they ask."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from quizzes.bank.numbers import kept_number
from quizzes.formats.model import Question
from quizzes.kinds import Body, Kind
from quizzes.kinds.gaps import GAP
from quizzes.kinds.ordering import Scoring
from quizzes.marking import Key

_NAMED = ("options", "rows", "choices", "items", "areas", "gaps", "rubric")
"""Lists whose rows have ids. Files have none, or others: here a row is known by its place."""
_NUMBERS = {"weight": 1, "value": None, "tolerance": 0, "factor": 1, "unit_penalty": Fraction(1, 10), "points": None}
"""Numbers as texts, with what is meant where nothing is said."""
_USUAL: Mapping[str, Any] = {"scoring": "pairs", "tolerance_kind": "nominal", "unit": "none", "most": 1}
_NOTHING: tuple[Any, ...] = ("", None, False, 0, [], {})


def canonical(question: Question) -> dict[str, Any]:
    """All that the question says, as JSON can say it, the same for two questions that say the same.

    Ids of options and gaps are places; numbers are fractions; what is usual and what is empty is left out.
    """
    whole = {
        "kind": _kind(question).value,
        "text_format": question.text_format.value,
        "title": question.title,
        "identifier": question.identifier,
        "category": list(question.category),
        "tags": sorted(question.tags),
        "maximum": float(question.maximum),
        "difficulty": question.difficulty,
        "body": _body(question.kind, question.body),
        "feedback": {_by_place(path, question.body): said for path, said in question.feedback.items() if said},
        "hints": list(question.hints),
        "penalty": str(Fraction(question.penalty)) if question.penalty else "",
        "media": sorted(each.key for each in question.media),
    }
    return {name: value for name, value in whole.items() if value not in _NOTHING}


def _kind(question: Question) -> Kind:
    """A text all whose gaps are chosen is the same under either name."""
    is_chosen = question.kind is Kind.CLOZE and all(gap["kind"] == Kind.SINGLE for gap in question.body["gaps"])
    return Kind.DROP_DOWN if is_chosen else question.kind


def digest(question: Question) -> str:
    """SHA-256 of the canonical form."""
    whole = json.dumps(canonical(question), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _body(kind: Kind, body: Body) -> dict[str, Any]:
    if kind is Kind.MATCHING:
        # Choices are shown in any order.
        body = {**body, "choices": sorted(body["choices"], key=lambda row: str(row["text"]))}
    places = {name: {str(row["id"]): place for place, row in enumerate(body.get(name, ()))} for name in _NAMED[:-2]}
    made: dict[str, Any] = {}
    for name, value in body.items():
        if name == "right":
            made[name] = _right(value, places)
        elif name == "scoring" and value == Scoring.ALL_BEFORE_AND_AFTER:
            # Each pair counted from both its ends is each pair counted once.
            continue
        elif name == "gaps":
            made[name] = [_body(Kind(gap["kind"]), gap) for gap in value]
        elif name == "text" and body.get("gaps"):
            made[name] = _numbered(str(value), body["gaps"])
        elif isinstance(value, list):
            made[name] = [_row(row) if isinstance(row, Mapping) else row for row in value]
        elif name != "id":
            made[name] = _number(name, value)
    if "options" in made:
        _without_usual_weights(kind, body, made["options"])
    return {name: value for name, value in made.items() if value not in _NOTHING and _USUAL.get(name) != value}


def _row(row: Body) -> dict[str, Any]:
    made = {name: _number(name, value) for name, value in row.items() if name != "id"}
    for name, value in row.items():
        if isinstance(value, list):
            made[name] = [_row(each) if isinstance(each, Mapping) else each for each in value]
    return {name: value for name, value in made.items() if value not in _NOTHING and _USUAL.get(name) != value}


def _number(name: str, value: Any) -> Any:
    if name not in _NUMBERS:
        return value
    number = kept_number(value)
    if number is None:
        return value
    return None if number == _NUMBERS[name] else str(number)


def _right(right: Any, places: Mapping[str, Mapping[str, int]]) -> Any:
    if isinstance(right, Mapping):
        rows, choices = places["rows"], places["choices"]
        return sorted([rows.get(row, -1), choices.get(choice, -1)] for row, choice in right.items())
    of_options = places["options"] or places["areas"]
    return sorted(of_options.get(each, each) for each in right)


def _numbered(text: str, gaps: Sequence[Body]) -> str:
    places = {str(gap["id"]): place for place, gap in enumerate(gaps, start=1)}
    return GAP.sub(lambda found: f"[[{places.get(found[1], found[1])}]]", text)


def _without_usual_weights(kind: Kind, body: Body, options: Sequence[dict[str, Any]]) -> None:
    """Weights that say the same as none are none; a missing one of several is nothing."""
    rows = body["options"]
    if not any("weight" in row for row in rows):
        return
    ids = [str(row["id"]) for row in rows]
    weights = {str(row["id"]): kept_number(row.get("weight") or 0) for row in rows}
    right = [each for each in body.get("right", ()) if each in weights]
    usual = Key.of(kind, ids, right).weights if right else {}
    for place, made in zip(ids, options, strict=True):
        made.pop("weight", None)
        if weights != usual:
            made["weight"] = str(weights[place] or 0)


def _by_place(path: str, body: Body) -> str:
    """Feedback is told by places as well: `gaps/color/options/a` is `gaps/0/options/0`."""
    parts, here, made = path.split("/"), body, list[str]()
    for name, row in zip(parts[::2], parts[1::2], strict=False):
        rows = here.get(name, ())
        ids = [str(each.get("id")) for each in rows]
        place = ids.index(row) if row in ids else row
        made += [name, str(place)]
        here = rows[place] if isinstance(place, int) else {}
    return "/".join([*made, *parts[len(made) :]])


def content_key(kind: Kind, body: Body) -> bytes:
    """What is the same for two questions that ask the same: their text and answers, however they are sorted, in
    whatever letters and spaces, under whatever title and with whatever explanation.
    """
    asked = "\x1f".join([kind.value, folded(str(body.get("text", ""))), *sorted(_answers(body))])
    return hashlib.blake2b(asked.encode(), digest_size=16).digest()


def folded(text: str) -> str:
    text = " ".join(text.split()).casefold()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _answers(body: Body) -> Iterator[str]:
    right = body.get("right", ())
    if isinstance(right, Mapping):
        choices = {row["id"]: str(row["text"]) for row in body["choices"]}
        for row in body["rows"]:
            yield f"{folded(str(row['text']))}\x1e{folded(choices.get(right.get(row['id']), ''))}"
        return
    if "options" in body:
        for row in body["options"]:
            yield f"{folded(str(row['text']))}\x1e{row.get('weight', '')}\x1e{row['id'] in right}"
    elif right:
        yield ",".join(right)
    for place, row in enumerate(body.get("items", ())):
        yield f"{place}\x1e{folded(str(row['text']))}"
    for row in body.get("answers", ()):
        yield f"{row.get('value', '')}\x1e{folded(str(row.get('text', '')))}\x1e{row.get('tolerance', '')}"
    for place, gap in enumerate(body.get("gaps", ())):
        for said in sorted(_answers(gap)):
            yield f"{place}\x1e{said}"
    if "image" in body:
        yield str(body["image"])
