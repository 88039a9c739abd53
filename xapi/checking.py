"""For operators: the learning record stores outside, what waits for them, and statements of ours that were refused."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from lti_tool.db import db
from lti_tool.models import Platform
from lti_tool.operating import checking
from lti_tool.operating.checking import Advice, Cell, Section, Table, code, words
from lti_tool.outbox import Lane, Letter, LetterState
from lti_tool.outgoing.http import host_of
from xapi.endpoints import Endpoint, RefusedStatement


def init_app(app: Flask) -> None:
    checking.register(app, sections, order=40)


def sections() -> list[Section]:
    endpoints = db.session.scalars(select(Endpoint).order_by(Endpoint.id)).all()
    table = Table(
        title=_("Learning record stores outside"),
        columns=[_("Name"), _("Host"), _("Statements of"), _("State"), _("Waiting"), _("Given up")],
        rows=[_endpoint(each) for each in endpoints],
        empty=_("None. The store inside this tool has every statement; lrs endpoint add sends them elsewhere too."),
    )
    return [Section(key="lrs", title=_("Learning record stores"), tables=[table], advice=_advice())]


def _endpoint(endpoint: Endpoint) -> list[Cell]:
    of = _("every platform")
    if endpoint.platform_id is not None:
        of = db.session.scalar(select(Platform.name).where(Platform.id == endpoint.platform_id)) or ""
    paused = db.session.scalar(select(Lane.paused).where(Lane.name == endpoint.lane)) or ""
    waiting, dead = (_letters(endpoint, state) for state in (LetterState.WAITING, LetterState.DEAD))
    return [
        words(endpoint.label),
        code(host_of(endpoint.url)),
        words(of),
        _state(endpoint, paused),
        words(waiting, "waiting" if waiting else ""),
        words(dead, "wrong" if dead else ""),
    ]


def _state(endpoint: Endpoint, paused: str) -> Cell:
    if not endpoint.is_active:
        return words(_("Switched off"), "plain")
    return words(_("Paused: %(why)s", why=paused), "wrong") if paused else words(_("Runs"), "done")


def _letters(endpoint: Endpoint, state: LetterState) -> int:
    counted = select(func.count()).select_from(Letter).where(Letter.lane == endpoint.lane, Letter.state == state)
    return db.session.scalar(counted) or 0


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
