"""Garbage is collected between requests, letters and jobs, never amid them.

CPython 3.11 crashes where a collection begins while an object's attributes become a dictionary and a weak reference's
callback touches that same object; SQLAlchemy's sessions, closed with some hundred objects in them, come to that
(docs/decisions/0013-garbage.md). Collecting where nothing is under way cannot meet it, and takes a page's time from
nobody.
"""

from __future__ import annotations

import gc

from flask import Flask


def init_app(app: Flask) -> None:
    """Collect after each request and piece of work. Registered first, so that it comes last: sessions are closed."""
    app.teardown_appcontext(lambda _problem: between())


def take_over() -> None:
    """From here on this process collects between things and not by itself."""
    gc.disable()


def between() -> None:
    """Collect what is due, as Python itself would have; nothing where nobody has taken over."""
    if gc.isenabled():
        return
    due = [generation for generation, count in enumerate(gc.get_count()) if count > gc.get_threshold()[generation]]
    if due:
        gc.collect(due[-1])
