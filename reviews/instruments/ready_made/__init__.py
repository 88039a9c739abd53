"""Instruments that come with the tool, each a file: read once, checked when read; no database, no web."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reviews.instruments.content import Content, InstrumentKind

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class ReadyMade:
    """One to begin with."""

    key: str
    kind: InstrumentKind
    name: str
    about: str
    """What it is for, in a sentence."""
    content: Content


@cache
def ready_made() -> Mapping[str, ReadyMade]:
    """All of them by key, in the order of their files."""
    found = [_read(path) for path in sorted(HERE.glob("*.toml"))]
    return {each.key: each for each in found}


def _read(path: Path) -> ReadyMade:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    head: dict[str, Any] = {name: said.pop(name) for name in ("name", "about")}
    kind = InstrumentKind(said.pop("kind"))
    # Levels stand in the files as words from the lowest up, anchors as a table of score and text.
    scale = said["scale"]
    scale["levels"] = [
        {"score": score, "label": label} for score, label in enumerate(scale["levels"], start=scale.pop("first", 1))
    ]
    return ReadyMade(key=path.stem, kind=kind, content=Content.of(said), **head)
