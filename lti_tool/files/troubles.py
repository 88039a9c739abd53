"""What can be wrong with a file that somebody gives; no database, no web."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    NOT_ALLOWED = "not_allowed"
    """No kind of file that is taken."""
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    """Its name says one thing, its bytes another."""
    DAMAGED = "damaged"
    BOMB = "bomb"
    """It unpacks to far more than anybody wants, or lies about it."""
    NESTED = "nested"
    """Files packed within it."""
    MACROS = "macros"
    """It holds something that runs."""
    LOCKED = "locked"
    """By a password."""
    PIXELS = "pixels"
    """A picture too large to be opened."""
    WEB_PAGE = "web_page"
    """It says that it is text, and browsers would take it for a page."""
