"""Retells what happened as Experience API statements, to the embedded LRS and to those outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    # Imported here, so that whoever needs only the validator or the vocabulary loads neither web nor database.
    from xapi import checking, cli, delivery, forwarding, lrs, personal, profile, retelling
    from xapi.consent import wing as consent
    from xapi.progress import wing as progress

    for part in (lrs, profile, retelling, delivery, forwarding, cli, checking, personal, progress, consent):
        part.init_app(app)
