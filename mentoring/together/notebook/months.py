"""Entries under the names of their months, by the reader's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from babel.dates import format_skeleton
from flask_babel import get_locale, get_timezone

from mentoring.together.notebook.models import NotebookEntry


def by_month(entries: Sequence[NotebookEntry]) -> list[tuple[str, list[NotebookEntry]]]:
    """*November 2026* with those written in it; the order stays as it is."""
    return [(month, list(those)) for month, those in groupby(entries, key=_month)]


def _month(entry: NotebookEntry) -> str:
    there = entry.written.astimezone(get_timezone())
    return str(format_skeleton("yMMMM", there, tzinfo=get_timezone(), locale=get_locale()))
