"""Take the questions of a bank along: first what the format cannot say, then the file."""

from __future__ import annotations

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.files.called import called
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import queries
from quizzes.bank.blueprint import BANK, READERS, bank_of, bp
from quizzes.exchange import giving
from quizzes.formats import registry
from quizzes.formats.base import Format, Written
from quizzes.questions import Bank

__all__ = ["bp"]


@bp.get(f"{BANK}/take-along")
@open_to(*READERS)
def take_along(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    """What there is to choose and, once a format is chosen, what it cannot say of these questions."""
    from quizzes.formats.wording import SEVERITIES, sentence, where  # which loads all formats

    bank = bank_of(me, bank_id)
    format, topic = _format(request.args.get("format", "")), request.args.get("topic", "")
    written = _written(bank, format, topic) if format else None
    return render(
        "quizzes/bringing/take_along.html",
        me=me,
        bank=bank,
        formats=registry.FORMATS.values(),
        branches=queries.tree(db.session, bank),
        format=format,
        topic=topic,
        written=written,
        findings=[(each.severity, where(each), sentence(each)) for each in written.report.findings] if written else [],
        severities=SEVERITIES,
    )


@bp.get(f"{BANK}/take-along/file")
@open_to(*READERS)
def questions_file(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank = bank_of(me, bank_id)
    format = _format(request.args.get("format", next(iter(registry.FORMATS)))) or abort(404)
    written = _written(bank, format, request.args.get("topic", ""))
    answer = Response(written.content, content_type="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{called(bank.title)}.{format.ending}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _format(name: str) -> Format | None:
    return registry.FORMATS.get(name)


def _written(bank: Bank, format: Format, topic: str) -> Written:
    """Of one topic with those within it, or of all; a topic that there is not is a 404."""
    if not topic:
        return giving.give(db.session, bank, format.name)
    rows = queries.with_topics_in_it(queries.tree(db.session, bank), topic) or abort(404)
    return giving.give(db.session, bank, format.name, categories=rows)
