"""An attempt held in a few statements, without loading what is in it: a class answers all at once.

Whoever holds it answers, opens its page or closes it; the others wait. So an answer that was told to be kept is marked.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, request
from sqlalchemy import bindparam, select, update

from lti_tool.arrivals.flood import network_of
from lti_tool.db import table
from lti_tool.prepared import Here, Prepared
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.attempts.pages import Pages
from quizzes.designing.models import QuizRevision
from quizzes.designing.settings import Navigation
from quizzes.models import Attempt
from quizzes.timing import Window

_ATTEMPT, _REVISION = table(Attempt).c, table(QuizRevision).c
_WANTED = (
    select(
        _ATTEMPT.id,
        _ATTEMPT.started,
        _ATTEMPT.deadline,
        _ATTEMPT.submitted,
        _ATTEMPT.epoch,
        _ATTEMPT.opened_by,
        _ATTEMPT.network,
        _ATTEMPT.page,
        _REVISION.settings,
    )
    .join_from(table(Attempt), table(QuizRevision), _REVISION.id == _ATTEMPT.revision_id)
    .where(
        _ATTEMPT.public_id == bindparam("attempt", type_=_ATTEMPT.public_id.type),
        _ATTEMPT.enrolment_id == bindparam("learner", type_=_ATTEMPT.enrolment_id.type),
    )
)
_HELD = Prepared(_WANTED.with_for_update(of=table(Attempt)))
_LOOKED_AT = Prepared(_WANTED)
_MOVED = Prepared(
    update(table(Attempt))
    .where(_ATTEMPT.id == bindparam("row", type_=_ATTEMPT.id.type))
    .values(network=bindparam("seen", type_=_ATTEMPT.network.type))
)


class Held(NamedTuple):
    """What there is to know of an attempt while answers come in."""

    id: int
    started: datetime
    deadline: datetime | None
    submitted: datetime | None
    epoch: int
    opened_by: str
    network: str
    page: int
    settings: Mapping[str, Any]
    """Of its revision, as they are kept."""

    @property
    def navigation(self) -> Navigation:
        return Navigation(self.settings["navigation"])

    @property
    def per_page(self) -> int:
        return int(self.settings["per_page"])

    def is_taking(self, at: datetime) -> bool:
        """Whether answers that arrive now count."""
        if self.submitted is not None:
            return False
        return self.deadline is None or Window(self.started, self.deadline).is_open(at)

    def shows(self, place: int) -> bool:
        """Whether this question can be answered from where its learner has come; elsewhere there is no way back."""
        return self.navigation is Navigation.FREE or Pages(place, self.per_page).of(place) == self.page


def hold(here: Here, attempt: str, learner_id: int) -> Held | None:
    """The learner's own attempt with this public id, held until the transaction ends."""
    row = _HELD.one(here, attempt=attempt, learner=learner_id)
    return Held(*row) if row else None


def look(here: Here, attempt: str, learner_id: int) -> Held | None:
    """The same to look at."""
    row = _LOOKED_AT.one(here, attempt=attempt, learner=learner_id)
    return Held(*row) if row else None


def notice_network(here: Here, held: Held, attempt: str, *, at: datetime) -> None:
    """Write down that the learner's network is another one than before, if it is; never which."""
    seen = _short(attempt, request.remote_addr or "")
    if seen == held.network:
        return
    _MOVED.run(here, row=held.id, seen=seen)
    if held.network:
        log.note(here, held.id, Kind.NETWORK_CHANGED, at=at)


def _short(attempt: str, address: str) -> str:
    """A word for the network that says nothing without our secret, and differs from attempt to attempt."""
    return _worded(str(current_app.config["SECRET_KEY"]), attempt, network_of(address))


@lru_cache(maxsize=4096)
def _worded(secret: str, attempt: str, network: str) -> str:
    return hmac.new(secret.encode(), f"network:{attempt}:{network}".encode(), hashlib.sha256).hexdigest()[:8]
