"""Reports of many learners are posted, a letter each; and an instructor is told how many that were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lti_tool import outbox

AT_ONCE = 500


def post(
    session: Session,
    lane: str,
    learners: Sequence[int],
    body: Mapping[str, Any],
    *,
    of: str = "",
    is_asked_for: bool,
    at: datetime,
) -> None:
    """Have the reports of these learners, by row, sent; the caller commits.

    What waits already takes this occasion, but what somebody asked for does not take the place of what goes by itself.
    Where a lane brings reports of several things, `of` tells them apart.
    """
    how = "asked" if is_asked_for else "by itself"
    for first in range(0, len(learners), AT_ONCE):
        outbox.post_all(
            session,
            [
                outbox.Keyed(lane, f"{lane}:{of}{learner}:{how}", {**body, "learner": learner}, at)
                for learner in learners[first : first + AT_ONCE]
            ],
        )


def tell_how_many(number: int) -> None:
    """After an instructor has sent them."""
    if number:
        flash(
            ngettext(
                "%(num)d report is on its way, if nothing stands against it.",
                "%(num)d reports are on their way, as far as nothing stands against them.",
                number,
            ),
            "success",
        )
    else:
        flash(_("There is nothing to send: see below what stands in the way for each learner."), "error")


def tell_that_nothing_is_arranged() -> None:
    flash(_("Choose first when reports go to managers: only then learners are asked whether they agree."), "error")


def tell_of_stop() -> None:
    flash(_("Stopped. Nothing goes by itself any more."), "success")
