"""How far the engine has come, told to whoever listens; nothing where nobody does."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[int, int], None]
"""Hears how many steps are done, and of how many. What it raises ends the work."""

LEVELS = 4
"""Settled one after the other, and steps each: places filled and mentees complete, the lowest, the total, the load."""


def nobody(_done: int, _total: int) -> None:
    """Listens to nothing."""


def after(steps: int, listener: Listener) -> Listener:
    """Hears of something before which there were steps as well."""
    return lambda done, total: listener(steps + done, steps + total)
