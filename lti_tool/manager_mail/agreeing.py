"""A learner says whether their manager may get their report, on a page of the feature's own; the view commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.manager_mail.models import Consent


class ChangedMeanwhile(Exception):
    """Who it would go to, or whether anything goes at all, is not what the learner saw."""


def say(session: Session, kind: type[Consent], key: Mapping[str, object], whom: str, *, at: datetime) -> None:
    """Yes, to this person and nobody else; to nobody, no."""
    consent, _is_new = find_or_create(session, kind, key, is_given=bool(whom), whom=whom, said=at)
    consent.is_given, consent.whom, consent.said = bool(whom), whom, at


def take_yes(agree: Callable[[str], None]) -> None:
    """That whoever they saw gets it; `agree` is given whom, and raises ChangedMeanwhile."""
    try:
        agree(request.form.get("whom", ""))
    except ChangedMeanwhile:
        flash(_("Who gets it has changed meanwhile, or nobody does any more. Look at it again, then decide."), "error")
    else:
        flash(_("Thank you. Your manager gets the report as it says here, and you can stop it at any time."), "success")


def tell_of_no() -> None:
    flash(_("Nothing is sent to your manager. You can change your mind at any time."), "success")
