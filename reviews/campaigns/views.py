"""The page of one campaign, for instructors: how far it has come, and its phases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from reviews.campaigns import labels, listed, next_steps, progress, running
from reviews.campaigns.forms import ProlongForm, prolong_form
from reviews.campaigns.models import Campaign, NotPossible
from reviews.campaigns.next_steps import Act
from reviews.campaigns.pages import OF_CAMPAIGN, address_of, bp, campaign_of
from reviews.campaigns.phases import Phase
from reviews.campaigns.progress import NONE
from reviews.campaigns.running import NotReady
from reviews.results import many

MOST_SHORT = 20
"""Groups with too few answers that one page names."""
NOT_ANY_MORE = _l("That cannot be done any more: the campaign has moved on meanwhile. This is how it stands now.")


@bp.get(OF_CAMPAIGN)
@open_to(Role.INSTRUCTOR)
def campaign(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    found = campaign_of(me, campaign_id)
    return _page(me, found, prolong_form(campaign=found))


@bp.post(f"{OF_CAMPAIGN}/phase")
@open_to(Role.INSTRUCTOR)
def move(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    found = campaign_of(me, campaign_id)
    act = next((act for act in ACTS if act.value == request.form.get("act", "")), None)
    try:
        if act is not None:
            ACTS[act](me, found)
    except NotReady as stands:
        db.session.rollback()
        flash(str(next_steps.WHY_NOT[stands.why]), "error")
        return redirect(address_of(found, me))
    except NotPossible:
        db.session.rollback()
        flash(str(NOT_ANY_MORE), "error")
        return redirect(address_of(found, me))
    db.session.commit()
    if act is not None:
        is_under_way = act is Act.RELEASE and found.phase is Phase.CLOSED
        flash(str(UNDER_WAY if is_under_way else SAID[act]), "success")
    return redirect(address_of(found, me))


@bp.post(f"{OF_CAMPAIGN}/closing")
@open_to(Role.INSTRUCTOR)
def prolong(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    found = campaign_of(me, campaign_id)
    form = prolong_form(campaign=found)
    if not form.validate_on_submit():
        return _page(me, found, form), 422
    try:
        running.prolong(db.session, found, form.until.moment(), at=clock.now())
    except NotPossible:
        db.session.rollback()
        flash(
            _("It closes at a moment that is still to come, and only while answers come in. Nothing was changed."),
            "error",
        )
        return redirect(address_of(found, me))
    db.session.commit()
    flash(_("Saved: it closes at another time."), "success")
    return redirect(address_of(found, me))


def _nominate(_me: Enrolment, found: Campaign) -> None:
    running.open_nominating(db.session, found, at=clock.now())


def _end_nominating(_me: Enrolment, found: Campaign) -> None:
    running.close_nominating(db.session, found, at=clock.now())


def _reopen(_me: Enrolment, found: Campaign) -> None:
    running.reopen_nominating(db.session, found, until=None, at=clock.now())


def _collect(me: Enrolment, found: Campaign) -> None:
    running.collect(db.session, found, by=me, at=clock.now())


def _close(me: Enrolment, found: Campaign) -> None:
    running.close(db.session, found, by=me, at=clock.now())


def _release(me: Enrolment, found: Campaign) -> None:
    running.hold(db.session, found)
    if found.phase is not Phase.CLOSED:
        raise NotPossible("It is not closed, or is released already.")
    many.release(db.session, found, by=me, at=clock.now())


def _archive(_me: Enrolment, found: Campaign) -> None:
    running.hold(db.session, found)
    found.move(Phase.ARCHIVED, at=clock.now())


ACTS: dict[Act, Callable[[Enrolment, Campaign], None]] = {
    Act.NOMINATE: _nominate,
    Act.END_NOMINATING: _end_nominating,
    Act.REOPEN: _reopen,
    Act.COLLECT: _collect,
    Act.CLOSE: _close,
    Act.RELEASE: _release,
    Act.ARCHIVE: _archive,
}

SAID: Mapping[Act, LazyString] = {
    Act.NOMINATE: _l("Those who are reviewed are asked to name their raters."),
    Act.END_NOMINATING: _l("No more raters are named. Say yes or no to those who were."),
    Act.REOPEN: _l("Raters can be named once more, until you end it."),
    Act.COLLECT: _l("Everybody who is to answer is asked now."),
    Act.CLOSE: _l("It is closed. No answer counts any more."),
    Act.RELEASE: _l("The results are released. Those whom they are about can read them."),
    Act.ARCHIVE: _l("It is archived."),
}

UNDER_WAY = _l("The results are being released, which takes a moment. You can leave this page and come back.")


def _page(me: Enrolment, found: Campaign, form: ProlongForm) -> str:
    at = clock.now()
    part = listed.part_of(db.session, found)
    cells = progress.of_targets(db.session, part.ids)
    [whole] = progress.of_campaigns(db.session, [found]).values()
    is_over = found.phase in (Phase.CLOSED, Phase.RELEASED, Phase.ARCHIVED)
    short, all_short = progress.short_of(db.session, found, MOST_SHORT) if is_over else ([], 0)
    return render(
        "campaigns/campaign.html",
        me=me,
        campaign=found,
        form=form,
        next=next_steps.next_for(found, whole, at),
        buttons=next_steps.BUTTONS,
        page_urls={
            Act.CHOOSE: url_for(".people", course=me.course.public_id, campaign_id=found.public_id),
            Act.APPROVE: url_for(".named", course=me.course.public_id, campaign_id=found.public_id),
        },
        job=many.newest(db.session, found, me) if is_over else None,
        steps=_steps(found),
        part=part,
        cell_of=lambda target, group: cells.get((target.id, group.id), NONE),
        groups=progress.groups_asked(db.session, found),
        short=short,
        more_short=all_short - len(short),
        whole=whole,
        labels=labels,
    )


def _steps(found: Campaign) -> list[dict[str, str]]:
    """The phases as a path; a kind in which nobody is named has fewer."""
    shown = [phase for phase in Phase if phase is not Phase.ARCHIVED]
    if not found.is_by_date or not any(group.nominated_by.value == "subject" for group in found.groups):
        shown = [phase for phase in shown if phase not in (Phase.NOMINATING, Phase.APPROVING)]
    return [{"label": str(labels.PHASES[phase]), "state": _step_state(found, phase)} for phase in shown]


def _step_state(found: Campaign, phase: Phase) -> str:
    order = list(Phase)
    if phase is found.phase:
        return "now"
    if order.index(phase) > order.index(found.phase):
        return "later"
    return "done" if phase.value in found.passed else "skipped"
