"""The page on which several people are answered about side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from reviews.answering import taking, together
from reviews.answering.blueprint import bp
from reviews.answering.together import Bundle, HandedIn
from reviews.blueprint import OF_COURSE
from reviews.wording import about

TOGETHER = f"{OF_COURSE}/answers/together/<campaign_id>/<group_key>"


@bp.get(f"{TOGETHER}/<int:part_n>")
@open_to(*MEMBERS)
def side_by_side(me: Enrolment, campaign_id: str, group_key: str, part_n: int) -> ResponseReturnValue:
    bundle = _bundle(me, campaign_id, group_key, part_n)
    return _page(me, bundle, part_n)


@bp.post(f"{TOGETHER}/<int:part_n>")
@open_to(*MEMBERS)
def answer_together(me: Enrolment, campaign_id: str, group_key: str, part_n: int) -> ResponseReturnValue:
    """Save this part of each, and go to another, back to the list, or hand in those that are complete."""
    bundle, at = _bundle(me, campaign_id, group_key, part_n), clock.now()
    faults = together.keep(db.session, bundle, part_n, request.form, at=at)
    if faults:
        db.session.commit()
        return _page(me, bundle, part_n, request.form), 422
    handed_in = together.hand_in_complete(db.session, bundle, at=at) if request.form.get("do") == "hand_in" else None
    db.session.commit()
    if handed_in is not None:
        return _after(me, handed_in)
    go = request.form.get("go", "")
    if go in {str(part) for part in range(1, bundle.parts + 1)}:
        return redirect(url_for(".side_by_side", course=me.course.public_id, **_of(bundle), part_n=int(go)))
    flash(_("Saved. Nothing is handed in yet."), "success")
    return _to_list(me)


@bp.post(f"{TOGETHER}/<int:part_n>/draft")
@open_to(*MEMBERS)
def draft_together(me: Enrolment, campaign_id: str, group_key: str, part_n: int) -> ResponseReturnValue:
    """What the page keeps by itself."""
    bundle, at = _bundle(me, campaign_id, group_key, part_n), clock.now()
    faults = together.keep(db.session, bundle, part_n, request.form, at=at)
    db.session.commit()
    refused = {fault.first_id: fault.sentence for fault in faults}
    return jsonify({"seq": 0, "refused": refused, "open": sum(each.open for each in together.columns(bundle, part_n))})


def _bundle(me: Enrolment, campaign_id: str, group_key: str, part_n: int) -> Bundle:
    if g.get("is_acted"):
        abort(403)
    bundle = together.bundle_of(db.session, me, campaign_id, group_key, at=clock.now())
    if bundle is None or not 1 <= part_n <= bundle.parts:
        abort(404)
    return bundle


def _of(bundle: Bundle) -> dict[str, Any]:
    return {"campaign_id": bundle.campaign.public_id, "group_key": bundle.group}


def _page(me: Enrolment, bundle: Bundle, part_n: int, sent: Mapping[str, str] | None = None) -> str:
    where: dict[str, Any] = {"course": me.course.public_id, **_of(bundle), "part_n": part_n}
    return render(
        "answering/together.html",
        me=me,
        bundle=bundle,
        columns=together.columns(bundle, part_n, sent),
        promises=[taking.promise(db.session, each) for each in bundle.assignments] if part_n == 1 else (),
        part_n=part_n,
        about=about,
        save_url=url_for(".answer_together", **where),
        draft_url=url_for(".draft_together", **where),
    )


def _after(me: Enrolment, handed_in: HandedIn) -> Response:
    """Says of each what became of it."""
    if handed_in.done:
        words = ngettext("%(num)d is handed in. Thank you.", "%(num)d are handed in. Thank you.", handed_in.done)
        flash(words, "success")
    for assignment in handed_in.open:
        flash(_("%(name)s: something is still open.", name=about(assignment.target)), "info")
    for assignment in handed_in.warned:
        words = _(
            "%(name)s: a comment may name or hurt somebody. Open it and decide there whether to hand it in.",
            name=about(assignment.target),
        )
        flash(words, "warning")
    return _to_list(me)


def _to_list(me: Enrolment) -> Response:
    return redirect(url_for("reviews.index", course=me.course.public_id))
