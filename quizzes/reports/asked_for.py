"""What the address of a page asks for: a choice among several, and which part of a long list."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import request

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(name: str, usual: Choice) -> Choice:
    """What the address says; what it does not know is the usual."""
    try:
        return type(usual)(request.args.get(name, usual.value))
    except ValueError:
        return usual


def beginning(found: int, at_once: int) -> int:
    """Where this page of a list begins, as the address says with `from`."""
    said = request.args.get("from", "")
    first = int(said) if said.isascii() and said.isdecimal() and len(said) < 8 else 0
    return first - first % at_once if first < found else 0


def searched() -> str:
    return request.args.get("q", "")[:100].strip()
