"""A result to take along, as PDF or for Excel. Both are noted like a look at the page."""

from __future__ import annotations

import io

from flask import Response, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lti_tool import uploads
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.tables import excel
from reviews.results import packing, paper, tables
from reviews.results.blueprint import OF_CAMPAIGN, ONE, bp, campaign_of_mine, looked_at, mine
from reviews.results.models import Access, ReportSnapshot
from reviews.results.report import title_of

__all__ = ["bp"]


@bp.get(f"{ONE}/result.pdf")
@open_to(*MEMBERS)
def pdf(me: Enrolment, snapshot_id: str) -> ResponseReturnValue:
    if not paper.is_installed():
        abort(404)
    result = looked_at(me, snapshot_id, Access.PDF)
    return as_file(paper.written(result, title_of(result)), paper.MIMETYPE, "result.pdf")


@bp.get(f"{ONE}/result.xlsx")
@open_to(*MEMBERS)
def workbook(me: Enrolment, snapshot_id: str) -> ResponseReturnValue:
    result, file = looked_at(me, snapshot_id, Access.EXCEL), io.BytesIO()
    tables.write(file, result)
    return as_file(file.getvalue(), excel.MIMETYPE, "result.xlsx")


@bp.post(f"{OF_CAMPAIGN}/pdfs")
@open_to(*MEMBERS)
def prepare_pdfs(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """All that I may read of a campaign, as PDFs in one archive."""
    campaign = campaign_of_mine(me, campaign_id)
    if g.get("is_acted") or not paper.is_installed():
        abort(404)
    theirs = ReportSnapshot.target_id.in_(mine(me, campaign))
    wanted = select(ReportSnapshot).where(theirs, ReportSnapshot.revoked.is_(None))
    packing.ask(db.session, campaign, db.session.scalars(wanted.order_by(ReportSnapshot.id)).all(), by=me)
    db.session.commit()
    return redirect(url_for(".of_campaign", course=me.course.public_id, campaign_id=campaign.public_id))


@bp.get(f"{OF_CAMPAIGN}/results.zip")
@open_to(*MEMBERS)
def pdfs(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """The archive that was made for me."""
    campaign = campaign_of_mine(me, campaign_id)
    name = packing.file_of(packing.newest(db.session, campaign, me))
    if not name or g.get("is_acted"):
        abort(404)
    try:
        return uploads.handed_out(name, called="results.zip", mimetype=packing.MIMETYPE)
    except uploads.Missing:
        abort(404)


def as_file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
