"""Two versions of a question side by side: what each says, line by line, and which lines changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.bank.wording import DIFFICULTIES, FORMATS, KINDS
from quizzes.questions import QuestionVersion

PARTS: Mapping[str, LazyString] = {
    "options": _l("Option %(n)d"),
    "rows": _l("Row %(n)d"),
    "choices": _l("Choice %(n)d"),
    "items": _l("Step %(n)d"),
    "answers": _l("Answer %(n)d"),
    "units": _l("Unit %(n)d"),
    "gaps": _l("Gap %(n)d"),
    "areas": _l("Area %(n)d"),
    "rubric": _l("Criterion %(n)d"),
}
WITHIN: Mapping[str, LazyString] = {
    "fixed": _l("keeps its place"),
    "weight": _l("worth"),
    "tolerance": _l("give or take"),
    "factor": _l("times"),
    "case": _l("capital letters matter"),
    "right": _l("right"),
    "options": _l("options"),
    "answers": _l("answers"),
    "levels": _l("levels"),
    "points": _l("points"),
}
"""Of one part."""
NAMELESS = ("text", "label", "value", "unit", "id")
SINGLE: Mapping[str, LazyString] = {
    "text": _l("Text"),
    "why": _l("Explanation"),
    "right": _l("Right"),
    "image": _l("Picture"),
    "alt": _l("The picture in words"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    label: str
    before: str
    after: str

    @property
    def has_changed(self) -> bool:
        return self.before != self.after


def lines(older: QuestionVersion, newer: QuestionVersion) -> list[Line]:
    """All that either says, in the order of the newer one; what it no longer says comes last."""
    before, after = dict(told(older)), dict(told(newer))
    return [
        Line(label=label, before=before.get(label, ""), after=after.get(label, ""))
        for label in dict.fromkeys([*after, *before])
    ]


def told(version: QuestionVersion) -> Iterator[tuple[str, str]]:
    """What a version says, a label and words each."""
    yield _("Kind"), str(KINDS[version.kind])
    yield _("Written as"), str(FORMATS[version.text_format])
    yield _("Difficulty"), str(DIFFICULTIES.get(version.difficulty, version.difficulty))
    yield _("Points"), _number(version.maximum)
    body = version.body
    for name, label in SINGLE.items():
        if body.get(name):
            yield str(label), _said(_right(body) if name == "right" else body[name])
    for name, label in PARTS.items():
        for number, row in enumerate(body.get(name, ()), start=1):
            yield str(label) % {"n": number}, _said({key: value for key, value in row.items() if key != "id"})
    known = {*SINGLE, *PARTS, "width", "height"}
    yield from ((name, _said(value)) for name, value in sorted(body.items()) if name not in known)


def _right(body: Mapping[str, Any]) -> Any:
    """What is right, by its words instead of its ids."""
    words = {
        str(row["id"]): str(row.get("text") or row.get("label") or row["id"])
        for name in ("options", "rows", "choices", "areas")
        for row in body.get(name, ())
    }
    right = body["right"]
    if isinstance(right, Mapping):
        return {words.get(row, row): words.get(choice, choice) for row, choice in right.items()}
    return [words.get(str(each), str(each)) for each in right]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return "; ".join(_part(key, each) for key, each in value.items() if each not in ("", None, False, []))
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return str(value)


def _number(value: float) -> str:
    """With all its decimals, in the manner of the reader: a change in the last of them is a change."""
    return str(format_decimal(value, locale=get_locale(), decimal_quantization=False, group_separator=False))


def _part(key: str, value: Any) -> str:
    if value is True:
        return str(WITHIN.get(key, key))
    said = _said(value)
    return said if key in NAMELESS else f"{WITHIN.get(key, key)}: {said}"
