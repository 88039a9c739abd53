"""Answers of a gap and levels of a rubric, typed one a line; no database, no web.

A gap's answers: a line each, `| 50%` at its end if it earns only part. A list to choose from has a star before what is
right: `* Red`. A number may have a tolerance: `3 +- 0.5`. A level of a rubric: `2: It is clear`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import count
from typing import Any

from quizzes.bank.numbers import as_kept, as_weight, kept_number
from quizzes.kinds import Body, Kind
from quizzes.kinds.numbers import GEOMETRIC, NOMINAL, RELATIVE

RIGHT = "*"
_TOLERANCE = re.compile(r"\s*(?:\u00b1|\+-|\+/-)\s*")
_KINDS = re.compile(rf"\s+({RELATIVE}|{GEOMETRIC})$")
_LETTERS = 6
_LEVEL = re.compile(r"([^:]*):(.*)")


def lines_of(gap: Body) -> str:
    """What stands in a gap, as it is typed."""
    return "\n".join(_lines(gap))


def _lines(gap: Body) -> Iterator[str]:
    if gap.get("kind") == Kind.SINGLE:
        for option in gap.get("options", ()):
            star = f"{RIGHT} " if option["id"] in gap.get("right", ()) else ""
            yield star + str(option["text"]) + _worth(option)
    for answer in gap.get("answers", ()):
        if gap.get("kind") == Kind.NUMERIC:
            yield str(answer["value"]) + _tolerance(answer) + _worth(answer)
        else:
            yield str(answer["text"]) + _worth(answer)


def _worth(row: Body) -> str:
    return f" | {row['weight']}" if "weight" in row else ""


def _tolerance(answer: Body) -> str:
    kind = answer.get("tolerance_kind", NOMINAL)
    return f" +- {answer['tolerance']}{'' if kind == NOMINAL else ' ' + kind}" if answer.get("tolerance") else ""


def parts_of(kind: Kind, typed: str, before: Body) -> dict[str, Any]:
    """What these lines make of a gap of this kind; options keep the ids they had."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if kind is Kind.SINGLE:
        return _options(lines, before)
    rows = [_split(line) for line in lines]
    if kind is Kind.NUMERIC:
        return {"answers": [{**_number(text), **weight} for text, weight in rows]}
    return {"answers": [{"text": text, **weight} for text, weight in rows]}


def _split(line: str) -> tuple[str, dict[str, str]]:
    """The line without what it says of its worth, and that."""
    text, bar, said = line.rpartition(" | ")
    weight = as_weight(said)
    return (text.strip(), {"weight": weight}) if bar and kept_number(weight) is not None else (line, {})


def _number(text: str) -> dict[str, str]:
    kind = _KINDS.search(text)
    value, *tolerance = _TOLERANCE.split(text[: kind.start()] if kind else text, maxsplit=1)
    found = {"value": as_kept(value)}
    if tolerance:
        found["tolerance"] = as_kept(tolerance[0])
    return {**found, "tolerance_kind": kind[1]} if kind else found


def _options(lines: Iterable[str], before: Body) -> dict[str, Any]:
    known = {str(option["text"]): option for option in before.get("options", ())}
    taken = {str(option["id"]) for option in known.values()}
    options, right = [], []
    for line in lines:
        text, weight = _split(line.removeprefix(RIGHT).strip())
        old = {key: value for key, value in known.pop(text, {}).items() if key != "weight"}
        option = {**(old or {"id": next_id(text, taken), "text": text}), **weight}
        taken.add(str(option["id"]))
        options.append(option)
        right += [option["id"]] if line.startswith(RIGHT) else []
    return {"options": options, "right": right}


def next_id(text: str, taken: Iterable[str]) -> str:
    """A short name that is free for what says this.

    It comes of the text alone: learners find it in their page, and one that counts would tell where its author put it,
    which is the right order, or beside what.
    """
    used = set(taken)
    names = (sha256(f"{text}/{number}".encode()).hexdigest()[:_LETTERS] for number in count())
    return next(name for name in names if name not in used)


def levels_of(typed: str) -> list[dict[str, str]]:
    """The levels of a criterion; one without points has none that can be read."""
    found = []
    for line in (line.strip() for line in typed.splitlines()):
        if line:
            said = _LEVEL.fullmatch(line)
            points, text = (as_kept(said[1]), said[2].strip()) if said else ("", line)
            found.append({"points": points, "text": text})
    return found


def lines_of_levels(levels: Iterable[Body]) -> str:
    return "\n".join(f"{level.get('points', '')}: {level.get('text', '')}" for level in levels)
