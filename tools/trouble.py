"""What the person at the keyboard can put right."""

from __future__ import annotations


class Trouble(Exception):
    """One clear sentence about cause and cure; shown as it is, without a traceback."""
