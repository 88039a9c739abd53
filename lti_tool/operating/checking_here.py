"""For operators: this installation, its keys, and what waits in the outbox."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool import clock, outbox
from lti_tool.db import db
from lti_tool.keys import SigningKey, standing_of
from lti_tool.migrating import head_of_code, head_of_database
from lti_tool.models import Platform
from lti_tool.operating.checking import Advice, Cell, Fact, Section, Table, code, moment, words
from lti_tool.outbox import Letter, LetterState

MOST_LANES = 50


def sections() -> list[Section]:
    return [_installation(), _keys(clock.now()), _outbox()]


def _installation() -> Section:
    base = current_app.config["PUBLIC_URL"]
    here, newest = head_of_database(db.engine), head_of_code()
    is_current = here == newest
    database = db.engine.dialect.name
    addresses = (
        (_("Login initiation"), "/lti/login"),
        (_("Launch and redirect"), "/lti/launch"),
        (_("Public keys (JWKS)"), "/lti/jwks"),
        (_("Notices"), "/lti/notices"),
    )
    advice = []
    if not is_current:
        advice.append(
            Advice(sentence=_("The database lacks the newest migrations."), command="flask --app wsgi migrate")
        )
    if base.startswith("https://") and not current_app.config["TRUSTED_PROXIES"]:
        advice.append(
            Advice(
                sentence=_(
                    "No proxy is believed, so everybody who comes through one counts as one address where floods are"
                    " kept out. Start the tool with the number of proxies before it, mostly one."
                ),
                command="TRUSTED_PROXIES=1",
            )
        )
    return Section(
        key="here",
        title=_("This installation"),
        facts=[
            Fact(label=_("Release"), cell=words(current_app.config["RELEASE"])),
            Fact(
                label=_("Database"),
                cell=words(f"{database}, {here or '-'}", "done" if is_current else "wrong"),
                note="" if is_current else _("the code wants %(newest)s", newest=newest),
            ),
            Fact(
                label=_("Reached by"),
                cell=words(
                    _("everybody")
                    if base.startswith("https://")
                    else _("this machine only; an LMS elsewhere needs PUBLIC_URL to be https")
                ),
            ),
            *(Fact(label=label, cell=code(base + path)) for label, path in addresses),
        ],
        advice=advice,
    )


def _keys(at: datetime) -> Section:
    rows = db.session.scalars(select(SigningKey).order_by(SigningKey.id.desc()).limit(10)).all()
    names = {
        "signing": (_("Signs now"), "done"),
        "coming": (_("Published, signs later"), "waiting"),
        "retiring": (_("Published, signs no more"), "plain"),
        "withdrawn": (_("Withdrawn"), "plain"),
    }
    table = Table(
        title=_("Signing keys"),
        columns=[_("Key"), _("State"), _("Signs from"), _("Published until")],
        rows=[
            [
                code(row.kid),
                words(*names[standing_of(db.session, row, at=at)]),
                moment(row.signs_from),
                moment(row.published_until, _("no end")),
            ]
            for row in rows
        ],
        empty=_("There is no key yet; the first migration makes one."),
    )
    advice = [] if rows else [Advice(sentence=_("The tool has no signing key."), command="flask --app wsgi migrate")]
    return Section(key="keys", title=_("Keys of this tool"), tables=[table], advice=advice)


def _outbox() -> Section:
    sums, paused = outbox.waiting(db.session), outbox.paused(db.session)
    lanes = sorted({row[0] for row in sums} | set(paused))
    by_lane = {(lane, state): (count, oldest) for lane, state, count, oldest in sums}
    rows = [_lane(lane, by_lane, paused.get(lane, "")) for lane in lanes[:MOST_LANES]]
    table = Table(
        title=_("What waits to leave"),
        columns=[_("Lane"), _("Waiting"), _("Oldest"), _("Given up"), _("State"), _("Newest problem")],
        rows=rows,
        empty=_("Nothing waits. Grades, statements and errands stand here until they are delivered."),
        more=len(lanes) - len(rows),
    )
    return Section(key="outbox", title=_("Outbox"), tables=[table], advice=_outbox_advice(lanes, by_lane, paused))


def _lane(lane: str, by_lane: dict[tuple[str, LetterState], tuple[int, datetime]], pause: str) -> list[Cell]:
    waiting, oldest = by_lane.get((lane, LetterState.WAITING), (0, None))
    dead, oldest_dead = by_lane.get((lane, LetterState.DEAD), (0, None))
    return [
        words(lane_name(lane)),
        words(waiting, "waiting" if waiting else ""),
        moment(min(each for each in (oldest, oldest_dead) if each is not None) if oldest or oldest_dead else None),
        words(dead, "wrong" if dead else ""),
        words(_("Paused: %(why)s", why=pause), "wrong") if pause else words(_("Runs"), "plain"),
        words(_newest_problem(lane)),
    ]


def lane_name(lane: str) -> str:
    """Kind and addressee, with the platform by its name."""
    kind, _colon, whose = lane.partition(":")
    name = db.session.scalar(select(Platform.name).where(Platform.public_id == whose)) if whose else None
    return f"{kind}: {name or whose}" if whose else kind


def _newest_problem(lane: str) -> str:
    wanted = select(Letter.error).where(Letter.lane == lane, Letter.state != LetterState.DELIVERED, Letter.error != "")
    return db.session.scalar(wanted.order_by(Letter.id.desc()).limit(1)) or ""


def _outbox_advice(
    lanes: list[str], by_lane: dict[tuple[str, LetterState], tuple[int, datetime]], paused: dict[str, str]
) -> list[Advice]:
    advice = [
        Advice(
            sentence=_("Lane %(lane)s is paused. Mend the cause, then resume it.", lane=lane_name(lane)),
            command=f"flask --app wsgi outbox retry {lane}",
            lane=lane,
        )
        for lane in sorted(paused)[:MOST_LANES]
    ]
    for lane in lanes[:MOST_LANES]:
        dead, _oldest = by_lane.get((lane, LetterState.DEAD), (0, None))
        if dead and lane not in paused:
            sentence = ngettext(
                "One letter of lane %(lane)s was given up. Mend the cause, then try it again.",
                "%(num)d letters of lane %(lane)s were given up. Mend the cause, then try them again.",
                dead,
                lane=lane_name(lane),
            )
            advice.append(Advice(sentence=sentence, command=f"flask --app wsgi outbox retry {lane}", lane=lane))
    return advice
