"""Take the questions of a bank along: first what the format cannot say, then the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.files.called import called
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import queries
from quizzes.bank.blueprint import BANK, READERS, bank_of, bp
from quizzes.blueprint import STAFF
from quizzes.exchange import giving
from quizzes.exchange.together import in_words, severities, together
from quizzes.formats import registry
from quizzes.formats.base import Format, Written
from quizzes.formats.usage import Statistic
from quizzes.questions import Bank

__all__ = ["bp"]


@bp.get(f"{BANK}/take-along")
@open_to(*READERS)
def take_along(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    """What there is to choose and, once a format is chosen, what it cannot say of these questions."""
    bank = bank_of(me, bank_id)
    format, topic = format_of(request.args.get("format", "")), request.args.get("topic", "")
    written = _written(me, bank, format, topic) if format else None
    return render(
        "quizzes/bringing/take_along.html",
        me=me,
        bank=bank,
        formats=registry.FORMATS.values(),
        branches=queries.tree(db.session, bank),
        format=format,
        topic=topic,
        written=written,
        saying_more=registry.SAYING_MORE if me.role in STAFF else (),
        with_figures=_wants_figures(me),
        **findings_of(written),
    )


@bp.get(f"{BANK}/take-along/file")
@open_to(*READERS)
def questions_file(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank = bank_of(me, bank_id)
    format = format_of(request.args.get("format", next(iter(registry.FORMATS)))) or abort(404)
    written = _written(me, bank, format, request.args.get("topic", ""))
    return as_file(written, format, bank.title)


def as_file(written: Written, format: Format, title: str) -> Response:
    answer = Response(written.content, content_type="application/octet-stream")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"{called(title)}.{written.ending or format.ending}"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def format_of(name: str) -> Format | None:
    return registry.FORMATS.get(name)


def findings_of(written: Written | None) -> dict[str, Any]:
    """What the format cannot say, as the page shows it."""
    return {
        "findings": together(in_words(written.report)) if written else (),
        "severities": severities(),
    }


def _wants_figures(me: Enrolment) -> bool:
    """Figures are for those who see results."""
    return me.role in STAFF and request.args.get("figures") == "y"


def _written(me: Enrolment, bank: Bank, format: Format, topic: str) -> Written:
    """Of one topic with those within it, or of all; a topic that there is not is a 404."""
    figures = _figures(me, bank) if _wants_figures(me) and format.name in registry.SAYING_MORE else ()
    rows = None
    if topic:
        rows = queries.with_topics_in_it(queries.tree(db.session, bank), topic) or abort(404)
    return giving.give(db.session, bank, format.name, categories=rows, statistics=figures)


def _figures(me: Enrolment, bank: Bank) -> Sequence[Statistic]:
    """How its questions did in first attempts at the quizzes of my course."""
    from quizzes.exchange.figures import of_bank  # which loads the formats

    return of_bank(db.session, me.course, bank, at=clock.now().date())
