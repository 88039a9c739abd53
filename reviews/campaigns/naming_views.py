"""Whoever is reviewed names those who know their work: a page of their own."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from lti_tool import clock, members
from lti_tool.access import MEMBERS, open_to
from lti_tool.contacts.models import Outsider
from lti_tool.db import db
from lti_tool.models import Enrolment, Person
from lti_tool.names import answers_to, in_sentence
from lti_tool.pages import render
from reviews.blueprint import OF_COURSE
from reviews.campaigns import labels, nominating, refusals, running, suggesting
from reviews.campaigns.models import Assignment, Campaign, RaterGroup, Target
from reviews.campaigns.nominating import NotAsked, WhyNot
from reviews.campaigns.pages import bp
from reviews.campaigns.people_forms import OutsiderForm
from reviews.campaigns.phases import COUNTED, AssignmentState, Phase
from reviews.campaigns.rules import NominatedBy
from reviews.wording import group_label

NAMING = f"{OF_COURSE}/naming/<target_id>"
MOST_FOUND = 20


@bp.get(NAMING)
@open_to(*MEMBERS)
def naming(me: Enrolment, target_id: str) -> ResponseReturnValue:
    return _page(me, _mine(me, target_id), OutsiderForm())


@bp.post(f"{NAMING}/raters")
@open_to(*MEMBERS)
def name_rater(me: Enrolment, target_id: str) -> ResponseReturnValue:
    """Somebody of the course, or, without a person, somebody outside by their mail."""
    target, form = _mine(me, target_id), OutsiderForm()
    group = _group(target, request.form.get("group", ""))
    person = _person(me, request.form.get("person", ""))
    if person is None and not form.validate_on_submit():
        return _page(me, target, form, wrong=group), 422
    whom = person or form.outsider
    try:
        made = nominating.propose(db.session, target, group, whom, by=me, at=clock.now())
    except NotAsked as refused:
        db.session.rollback()
        sentence = refusals.sentence(refused, whom.name, group, is_subject=True)
        if isinstance(whom, Outsider):
            form.mail.errors = [sentence]
            return _page(me, target, form, wrong=group), 422
        flash(sentence, "error")
        return redirect(address_of(me, target, group))
    target.nominated = None
    db.session.commit()
    flash(_said(made, whom), "success")
    return redirect(address_of(me, target, group))


@bp.post(f"{NAMING}/raters/<assignment_id>/removal")
@open_to(*MEMBERS)
def take_back(me: Enrolment, target_id: str, assignment_id: str) -> ResponseReturnValue:
    target = _mine(me, target_id)
    wanted = select(Assignment).where(
        Assignment.target_id == target.id, Assignment.public_id == assignment_id, Assignment.proposed_by_id == me.id
    )
    assignment = db.session.scalar(wanted) or abort(404)
    group, name = assignment.group, assignment.rater_name
    try:
        nominating.take_back(db.session, assignment)
    except NotAsked as refused:
        db.session.rollback()
        flash(refusals.sentence(refused, name, group, is_subject=True), "error")
        return redirect(address_of(me, target, group))
    target.nominated = None
    db.session.commit()
    flash(_("%(name)s is taken back.", name=in_sentence(name)), "success")
    return redirect(address_of(me, target, group))


@bp.post(f"{NAMING}/completion")
@open_to(*MEMBERS)
def complete(me: Enrolment, target_id: str) -> ResponseReturnValue:
    target = _mine(me, target_id)
    running.hold(db.session, target.campaign)
    if target.campaign.phase is not Phase.NOMINATING:
        db.session.rollback()
        too_late = NotAsked(WhyNot.TOO_LATE)
        flash(refusals.sentence(too_late, me.name, target.campaign.groups[0], is_subject=True), "error")
        return redirect(address_of(me, target))
    short = nominating.say_complete(target, at=clock.now())
    if short:
        db.session.rollback()
        flash(" ".join(_too_few(group) for group in short), "error")
        return redirect(address_of(me, target))
    db.session.commit()
    flash(_("Your list is complete. Your instructor looks at it next."), "success")
    return redirect(address_of(me, target))


def _too_few(group: RaterGroup) -> str:
    fewest = max(group.fewest_invited, group.least)
    said = {"group": group_label(group)}
    if group.fewest_invited:
        text: str = ngettext(
            "%(group)s: name at least %(num)d.", "%(group)s: name at least %(num)d.", group.fewest_invited, **said
        )
        return text
    or_nobody: str = ngettext(
        "%(group)s: name %(num)d or nobody, because of fewer nothing could be shown.",
        "%(group)s: name %(num)d or nobody, because of fewer nothing could be shown.",
        fewest,
        **said,
    )
    return or_nobody


def _said(made: Assignment, whom: Enrolment | Outsider) -> str:
    if isinstance(whom, Outsider) and made.rater is not None:
        matched: str = _(
            "That is the mail of %(name)s, who is in this course: they are asked as themselves.",
            name=in_sentence(made.rater.name),
        )
        return matched
    named: str = _("You have named %(name)s.", name=in_sentence(made.rater_name))
    return named


def _mine(me: Enrolment, target_id: str) -> Target:
    """A review of me that has begun, or a 404."""
    wanted = (
        select(Target)
        .join(Target.campaign)
        .where(
            Target.enrolment_id == me.id,
            Target.public_id == target_id,
            Campaign.course_id == me.course_id,
            Campaign.phase != Phase.DRAFT,
            Target.mentorship_id.is_(None),
        )
        .options(contains_eager(Target.campaign))
    )
    return db.session.scalar(wanted) or abort(404)


def _group(target: Target, key: str) -> RaterGroup:
    return next((each for each in target.campaign.groups if each.key == key), None) or abort(404)


def _person(me: Enrolment, public_id: str) -> Enrolment | None:
    """Somebody of the course by their id; None where none was sent, which means somebody outside."""
    if not public_id:
        return None
    wanted = select(Enrolment).where(Enrolment.course_id == me.course_id, Enrolment.public_id == public_id)
    return db.session.scalar(wanted) or abort(404)


def address_of(me: Enrolment, target: Target, group: RaterGroup | None = None) -> str:
    anchor = f"group-{group.key}" if group else None
    return url_for("campaigns.naming", course=me.course.public_id, target_id=target.public_id, _anchor=anchor)


def _page(me: Enrolment, target: Target, form: OutsiderForm, *, wrong: RaterGroup | None = None) -> str:
    asked = db.session.scalars(
        select(Assignment)
        .where(Assignment.target_id == target.id)
        .order_by(Assignment.id)
        .options(joinedload(Assignment.rater).joinedload(Enrolment.person).lazyload(Person.platform))
        .execution_options(populate_existing=True)
    ).all()
    is_open = target.campaign.phase is Phase.NOMINATING
    groups = [group for group in target.campaign.groups if group.nominated_by is NominatedBy.SUBJECT]
    search, searched = request.args.get("q", "").strip(), request.args.get("for", "")
    return render(
        "campaigns/naming.html",
        me=me,
        target=target,
        campaign=target.campaign,
        groups=[(group, [each for each in asked if each.group_id == group.id]) for group in groups],
        others=[
            each for each in asked if each.group.nominated_by is not NominatedBy.SUBJECT and each.rater_id != me.id
        ],
        counted={
            group.id: sum(each.group_id == group.id and each.state in COUNTED for each in asked) for group in groups
        },
        is_begun=any(each.group in groups and each.state in COUNTED for each in asked),
        suggested=suggesting.suggestions(db.session, target, groups) if is_open else {},
        search=search,
        searched=searched,
        found=_found(me, search, {each.rater_id for each in asked}) if is_open and searched else [],
        form=form,
        wrong=wrong,
        is_open=is_open,
        labels=labels,
        said={
            AssignmentState.PROPOSED: _("waits for your instructor"),
            AssignmentState.REJECTED: _("not approved"),
        },
    )


def _found(me: Enrolment, search: str, asked: set[int | None]) -> list[Enrolment]:
    """Those of the course whom the search means; two letters or more."""
    if len(search) < 2:
        return []
    people = members.people_of(db.session, me.course)
    others = (each for each in people if each.id != me.id and each.id not in asked)
    return [each for each in others if answers_to(each, search)][:MOST_FOUND]
