"""What the address of a page asks for: a choice among several."""

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
