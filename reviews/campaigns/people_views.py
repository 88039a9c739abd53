"""Who is reviewed in a campaign, and who rates each of them: pages of instructors."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lti_tool import clock, members
from lti_tool.access import open_to
from lti_tool.contacts.models import Outsider
from lti_tool.db import db
from lti_tool.models import Enrolment, Person, Role
from lti_tool.names import answers_to, in_sentence
from lti_tool.pages import render
from lti_tool.roster.groups import choice_of
from reviews.answering import writing
from reviews.campaigns import arranging, known, labels, listed, nominating, refusals, running
from reviews.campaigns.forms import WHOM, Whom
from reviews.campaigns.models import Assignment, Campaign, NotPossible, Target
from reviews.campaigns.nominating import NotAsked
from reviews.campaigns.pages import OF_CAMPAIGN, bp, campaign_of
from reviews.campaigns.people_forms import (
    NamedForm,
    PeopleForm,
    RaterForm,
    TargetForm,
    people_form,
    rater_form,
    target_form,
)
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import MENTOR, CampaignKind
from reviews.campaigns.views import NOT_ANY_MORE
from reviews.results import freezing
from reviews.wording import group_label

PEOPLE = f"{OF_CAMPAIGN}/people"
OF_TARGET = f"{PEOPLE}/<target_id>"
MOST_SHOWN = 100
"""People one can tick on one page; others are looked for by name or group."""


# Who is reviewed


@bp.get(PEOPLE)
@open_to(Role.INSTRUCTOR)
def people(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    found = campaign_of(me, campaign_id)
    return _people_page(me, found, _people_form(me, found))


@bp.post(PEOPLE)
@open_to(Role.INSTRUCTOR)
def add_people(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """Those who were ticked, or everybody of a part of the course."""
    found = campaign_of(me, campaign_id)
    form = _people_form(me, found)
    whom = next((each for each in Whom if each.value == request.form.get("whom", "")), None)
    if whom is None and (not form.validate_on_submit() or not form.people.data):
        form.people.errors = [_("Tick those who are to be reviewed, then add them.")]
        return _people_page(me, found, form), 422
    wanted = set(form.people.data or ())
    chosen = [each for each in members.people_of(db.session, me.course) if each.public_id in wanted]
    before = _reviewed(found)
    try:
        arranging.add_people(
            db.session,
            found,
            arranging.people_for(db.session, found, whom.value) if whom else chosen,
            at=clock.now(),
        )
    except NotPossible:
        return _too_late(me, found)
    db.session.commit()
    added = _reviewed(found) - before
    said = ngettext("%(num)d person more is reviewed.", "%(num)d people more are reviewed.", added)
    flash(said if added else _("All of them are reviewed already."), "success")
    return redirect(url_for(".people", course=me.course.public_id, campaign_id=found.public_id))


@bp.post(f"{OF_CAMPAIGN}/coaches")
@open_to(Role.INSTRUCTOR)
def coach_by_mentors(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """Whoever has no coach yet, and of whom nobody has answered, is coached by their mentor."""
    found = campaign_of(me, campaign_id)
    told = writing.answered(db.session, found)
    wanted = select(Target).where(
        Target.campaign_id == found.id, Target.coach_id.is_(None), Target.enrolment_id.is_not(None)
    )
    targets = db.session.scalars(wanted.options(joinedload(Target.enrolment)).order_by(Target.id))
    without = {each: each.enrolment for each in targets if each.enrolment and each.id not in told}
    mentors = known.raters_of_all(db.session, MENTOR, without.values())
    done = 0
    for target, person in without.items():
        if around := mentors.get(person.id):
            target.coach = around[0].enrolment
            done += 1
    db.session.commit()
    said = ngettext("%(num)d person has a coach now.", "%(num)d people have a coach now.", done)
    flash(said if done else _("Nobody without a coach has a mentor. Name coaches one by one."), "success")
    return redirect(url_for(".people", course=me.course.public_id, campaign_id=found.public_id))


@bp.post(f"{OF_TARGET}/removal")
@open_to(Role.INSTRUCTOR)
def remove_person(me: Enrolment, campaign_id: str, target_id: str) -> ResponseReturnValue:
    target = target_of(me, campaign_id, target_id)
    found = target.campaign
    try:
        arranging.remove(db.session, target)
    except NotPossible:
        return _too_late(me, found)
    db.session.commit()
    flash(_("They are not reviewed in this campaign."), "success")
    return redirect(url_for(".people", course=me.course.public_id, campaign_id=found.public_id))


# One of them


@bp.get(OF_TARGET)
@open_to(Role.INSTRUCTOR)
def target(me: Enrolment, campaign_id: str, target_id: str) -> ResponseReturnValue:
    found = target_of(me, campaign_id, target_id)
    return _target_page(me, found, _rater_form(me, found), _target_form(me, found))


@bp.post(f"{OF_TARGET}/settings")
@open_to(Role.INSTRUCTOR)
def change_target(me: Enrolment, campaign_id: str, target_id: str) -> ResponseReturnValue:
    """Their coach, until somebody was told who reads it, and their position, until a result says how they fit it."""
    found = target_of(me, campaign_id, target_id)
    form = _target_form(me, found)
    if not form.validate_on_submit():
        return _target_page(me, found, _rater_form(me, found), form), 422
    coach = _person(me, form.coach.data)
    if coach is not None and coach.id != found.coach_id and found.id in writing.answered(db.session, found.campaign):
        form.coach.errors = [_("Somebody has answered, and was told who reads it. Leave the coach, or choose nobody.")]
    if "profile" in form and form.profile.data != found.profile and freezing.snapshot_of(db.session, found):
        form.profile.errors = [_("The result is put together already. Take it back before you change the position.")]
    if form.errors:
        return _target_page(me, found, _rater_form(me, found), form), 422
    found.coach = coach
    if "profile" in form:
        found.profile = form.profile.data
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(address_of(me, found))


@bp.post(f"{OF_TARGET}/raters")
@open_to(Role.INSTRUCTOR)
def add_rater(me: Enrolment, campaign_id: str, target_id: str) -> ResponseReturnValue:
    found = target_of(me, campaign_id, target_id)
    form = _rater_form(me, found)
    if not form.validate_on_submit():
        return _target_page(me, found, form, _target_form(me, found)), 422
    whom = _person(me, form.person.data) or form.outsider
    group = found.campaign.group(form.group.data)
    try:
        made = nominating.propose(db.session, found, group, whom, by=me, at=clock.now())
    except NotAsked as refused:
        db.session.rollback()
        form.person.errors = [refusals.sentence(refused, whom.name, group, is_subject=False)]
        return _target_page(me, found, form, _target_form(me, found)), 422
    db.session.commit()
    flash(_added(made, whom), "success")
    return redirect(address_of(me, found))


def _added(made: Assignment, whom: Enrolment | Outsider) -> str:
    if isinstance(whom, Outsider) and made.rater is not None:
        said = _(
            "That is the mail of %(name)s, who is in the course: they are asked as themselves.",
            name=in_sentence(made.rater.name),
        )
        return str(said)
    return str(_("%(name)s is one of the raters now.", name=in_sentence(made.rater_name)))


@bp.post(f"{OF_TARGET}/raters/<assignment_id>/approval")
@open_to(Role.INSTRUCTOR)
def ask_after_all(me: Enrolment, campaign_id: str, target_id: str, assignment_id: str) -> ResponseReturnValue:
    """Somebody who was not approved is."""
    found = target_of(me, campaign_id, target_id)
    wanted = select(Assignment).where(Assignment.target_id == found.id, Assignment.public_id == assignment_id)
    assignment = db.session.scalar(wanted) or abort(404)
    running.hold(db.session, found.campaign)
    try:
        if not found.campaign.is_running or found.closed is not None:
            raise NotPossible
        nominating.approve(assignment, at=clock.now())
    except NotPossible:
        return _too_late(me, found.campaign)
    db.session.commit()
    flash(_("%(name)s is one of the raters now.", name=in_sentence(assignment.rater_name)), "success")
    return redirect(address_of(me, found))


# Those who were named


@bp.get(f"{OF_CAMPAIGN}/named")
@open_to(Role.INSTRUCTOR)
def named(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """Everybody who was named and waits for a yes or no."""
    return _named_page(me, campaign_of(me, campaign_id), NamedForm())


@bp.post(f"{OF_CAMPAIGN}/named")
@open_to(Role.INSTRUCTOR)
def answer_named(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """Yes or no to those who were ticked."""
    found, form = campaign_of(me, campaign_id), NamedForm()
    is_yes = request.form.get("answer") == "yes"
    if not form.validate_on_submit():
        return _named_page(me, found, form), 422
    reason = (form.reason.data or "").strip()
    if not form.named.data:
        form.named.errors = [_("Tick those whom you say yes or no to.")]
    if not is_yes and not reason:
        form.reason.errors = [_("Say why not: whoever named them reads it, and names somebody else.")]
    if form.named.errors or form.reason.errors:
        return _named_page(me, found, form), 422
    answered = nominating.answer(db.session, found, form.named.data, reason=None if is_yes else reason, at=clock.now())
    db.session.commit()
    if answered and is_yes:
        flash(ngettext("%(num)d rater is approved.", "%(num)d raters are approved.", answered), "success")
    elif answered:
        flash(ngettext("%(num)d rater is not approved.", "%(num)d raters are not approved.", answered), "success")
    if answered < len(set(form.named.data)):
        flash(
            _("Some of them were answered or taken back meanwhile, or the campaign moved on. They stay as they are."),
            "info",
        )
    return redirect(url_for(".named", course=me.course.public_id, campaign_id=found.public_id))


def target_of(me: Enrolment, campaign_id: str, target_id: str) -> Target:
    """Somebody reviewed in a campaign of the course I teach, or a 404."""
    wanted = select(Target).where(Target.campaign_id == campaign_of(me, campaign_id).id, Target.public_id == target_id)
    return db.session.scalar(wanted) or abort(404)


def address_of(me: Enrolment, found: Target) -> str:
    return url_for(
        ".target", course=me.course.public_id, campaign_id=found.campaign.public_id, target_id=found.public_id
    )


def _too_late(me: Enrolment, found: Campaign) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(NOT_ANY_MORE), "error")
    return redirect(url_for(".campaign", course=me.course.public_id, campaign_id=found.public_id))


def _person(me: Enrolment, public_id: str) -> Enrolment | None:
    if not public_id:
        return None
    wanted = select(Enrolment).where(Enrolment.course_id == me.course_id, Enrolment.public_id == public_id)
    return db.session.scalar(wanted)


def _reviewed(found: Campaign) -> int:
    return db.session.scalar(select(func.count()).where(Target.campaign_id == found.id)) or 0


def _others(me: Enrolment, found: Campaign) -> list[Enrolment]:
    there = set(db.session.scalars(select(Target.enrolment_id).where(Target.campaign_id == found.id)))
    return [each for each in members.people_of(db.session, me.course) if each.id not in there]


def _people_form(me: Enrolment, found: Campaign) -> PeopleForm:
    choice = choice_of(db.session, me.course, request.args.get("group", ""))
    search = listed.search_words()
    return people_form(
        people=[each for each in _others(me, found) if choice.shows(each.id) and answers_to(each, search)],
        most=MOST_SHOWN,
    )


def _rater_form(me: Enrolment, found: Target) -> RaterForm:
    return rater_form(groups=found.campaign.groups, people=members.people_of(db.session, me.course))


def _target_form(me: Enrolment, found: Target) -> TargetForm:
    profiles = found.campaign.version.said.profiles
    return target_form(target=found, people=members.people_of(db.session, me.course), profiles=profiles)


def _people_page(me: Enrolment, found: Campaign, form: PeopleForm) -> str:
    return render(
        "campaigns/people.html",
        me=me,
        campaign=found,
        form=form,
        choice=choice_of(db.session, me.course, request.args.get("group", "")),
        part=listed.part_of(db.session, found),
        whom=[(each.value, WHOM[each]) for each in Whom if each is not Whom.LATER],
        may_add=found.kind is CampaignKind.REVIEW and (found.phase is Phase.DRAFT or found.is_running),
        may_remove=found.phase in (Phase.DRAFT, Phase.NOMINATING, Phase.APPROVING),
    )


def _target_page(me: Enrolment, found: Target, rater: RaterForm, settings: TargetForm) -> str:
    asked = db.session.scalars(
        select(Assignment)
        .where(Assignment.target_id == found.id)
        .order_by(Assignment.id)
        .options(joinedload(Assignment.rater).joinedload(Enrolment.person).lazyload(Person.platform))
    ).all()
    return render(
        "campaigns/target.html",
        me=me,
        campaign=found.campaign,
        target=found,
        rater_form=rater,
        settings_form=settings,
        groups=[(group, [each for each in asked if each.group_id == group.id]) for group in found.campaign.groups],
        short=[group_label(group) for group in nominating.too_small(found)],
        may_add=not found.closed and found.campaign.phase not in (Phase.CLOSED, Phase.RELEASED, Phase.ARCHIVED),
        may_remove=found.campaign.phase in (Phase.DRAFT, Phase.NOMINATING, Phase.APPROVING),
        labels=labels,
    )


def _named_page(me: Enrolment, found: Campaign, form: NamedForm) -> str:
    waiting = db.session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .where(Target.campaign_id == found.id, Assignment.state == AssignmentState.PROPOSED)
        .options(joinedload(Assignment.rater), joinedload(Assignment.target).joinedload(Target.enrolment))
        .order_by(Assignment.target_id, Assignment.group_id, Assignment.id)
    ).all()
    # Most are approved: whoever looks unticks those who are not.
    ticked = set(form.named.data or ()) if form.is_submitted() else {each.public_id for each in waiting}
    return render(
        "campaigns/named.html", me=me, campaign=found, form=form, waiting=waiting, labels=labels, ticked=ticked
    )
