"""For operators: the learning record stores outside, what waits for them, and statements of ours that were refused."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from lti_tool import clock, outbox
from lti_tool.db import db
from lti_tool.models import Platform
from lti_tool.operating import checking
from lti_tool.operating.checking import Advice, Cell, Section, Table, code, moment, words
from lti_tool.outbox import Letter, LetterState
from lti_tool.outgoing.http import host_of
from xapi.endpoints import Endpoint, RefusedStatement
from xapi.lrs.models import StoredStatement

MOST_GIVEN_UP = 20


def init_app(app: Flask) -> None:
    checking.register(app, sections, order=40)


def sections() -> list[Section]:
    endpoints = db.session.scalars(select(Endpoint).order_by(Endpoint.id)).all()
    paused, resting = outbox.paused(db.session), outbox.resting(db.session, at=clock.now())
    taken = outbox.delivered(db.session)
    table = Table(
        title=_("Learning record stores outside"),
        columns=[
            _("Name"),
            _("Host"),
            _("Statements of"),
            _("State"),
            _("Waiting"),
            _("Oldest"),
            _("Given up"),
            _("Taken in 30 days"),
        ],
        rows=[_endpoint(each, _state(each, paused, resting), taken.get(each.lane, 0)) for each in endpoints],
        empty=_("None. The store inside this tool has every statement; lrs endpoint add sends them elsewhere too."),
    )
    return [
        Section(key="lrs", title=_("Learning record stores"), tables=[table, *_given_up(endpoints)], advice=_advice())
    ]


def _endpoint(endpoint: Endpoint, state: Cell, taken: int) -> list[Cell]:
    of = _("every platform")
    if endpoint.platform_id is not None:
        of = db.session.scalar(select(Platform.name).where(Platform.id == endpoint.platform_id)) or ""
    waiting, oldest = _letters(endpoint, LetterState.WAITING)
    dead, _since = _letters(endpoint, LetterState.DEAD)
    return [
        words(endpoint.label),
        code(host_of(endpoint.url)),
        words(of),
        state,
        words(waiting, "waiting" if waiting else ""),
        moment(oldest),
        words(dead, "wrong" if dead else ""),
        words(taken, "done" if taken else ""),
    ]


def _state(endpoint: Endpoint, paused: Mapping[str, str], resting: Container[str]) -> Cell:
    if not endpoint.is_active:
        return words(_("Switched off"), "plain")
    if endpoint.lane in paused:
        return words(_("Paused: %(why)s", why=paused[endpoint.lane]), "wrong")
    if endpoint.lane in resting:
        return words(_("Does not take anything now; it is tried again"), "waiting")
    return words(_("Runs"), "done")


def _letters(endpoint: Endpoint, state: LetterState) -> tuple[int, datetime | None]:
    """How many there are, and since when the oldest of them is there."""
    found = select(func.count(), func.min(Letter.created)).where(Letter.lane == endpoint.lane, Letter.state == state)
    count, oldest = db.session.execute(found).one()
    return count, oldest


def _given_up(endpoints: Sequence[Endpoint]) -> list[Table]:
    """The newest statements that an LRS refused for good, each with what it said."""
    labels = {each.lane: each.label for each in endpoints}
    wanted = select(Letter).where(Letter.lane.in_(labels), Letter.state == LetterState.DEAD)
    count = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    if not count:
        return []
    dead = db.session.scalars(wanted.order_by(Letter.id.desc()).limit(MOST_GIVEN_UP)).all()
    return [
        Table(
            title=_("Statements that were given up"),
            columns=[_("Name"), _("Statement"), _("Verb"), _("Since"), _("Why")],
            rows=[_refused(each, labels[each.lane]) for each in dead],
            empty="",
            more=count - len(dead),
        )
    ]


def _refused(letter: Letter, label: str) -> list[Cell]:
    store, statement_id = letter.body["store"], letter.body["statement"]
    verb = db.session.scalar(
        select(StoredStatement.verb).where(
            StoredStatement.store_id == store, StoredStatement.statement_id == statement_id
        )
    )
    return [
        words(label),
        code(statement_id),
        words((verb or "").rpartition("/")[2]),
        moment(letter.created),
        words(letter.error),
    ]


def _advice() -> list[Advice]:
    refused = db.session.scalar(select(func.count(RefusedStatement.id))) or 0
    if not refused:
        return []
    sentence = ngettext(
        "One statement was refused by this tool's own validator and told to nobody: that is a fault of the tool.",
        "%(num)d statements were refused by this tool's own validator and told to nobody: that is a fault of the tool.",
        refused,
    )
    return [Advice(sentence=sentence)]
