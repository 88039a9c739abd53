"""The pairing board."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.roster import groups
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.wording import STATES
from mentoring.names import in_sentence
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.board import Gap, MentorPlaces, anybody_of, board_of, gaps_named
from mentoring.pairing.circles.board import board_of as circles_of
from mentoring.pairing.explaining import explain
from mentoring.pairing.forms import PairsForm, pairs_form
from mentoring.pairing.runs.beginning import open_run
from mentoring.pairing.shortage import too_few_places
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current, ensure

bp = Blueprint("pairing", __name__, template_folder="templates")

AT_ONCE = 100
"""How many people the board lists before it asks to be filtered."""


@bp.get("/courses/<course>/mentoring/pairing")
@open_to(Role.INSTRUCTOR)
def board(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    if cohort is not None and cohort.version.is_of_peers:
        return _circles(me, cohort)
    return _page(me)


@bp.post("/courses/<course>/mentoring/pairing")
@open_to(Role.INSTRUCTOR)
def assign_pairs(me: Enrolment) -> ResponseReturnValue:
    cohort = ensure(db.session, me.course, at=clock.now())
    if cohort.version.is_of_peers:
        flash(_("This is a program of peers, in which nobody is a mentor. Have circles suggested instead."), "info")
        return redirect(url_for(".board", course=me.course.public_id))
    people = anybody_of(db.session, me.course)
    wanted = {name for name, value in request.form.items() if value}
    form = pairs_form(gaps=gaps_named(people, cohort.version.kinds, wanted), mentors=people)
    if not form.validate_on_submit():
        return _page(me, form, _complaints(form)), 422
    by_id = {person.public_id: person for person in people}
    pairs = [Pair(gap.mentee, by_id[mentor], gap.kind) for gap, mentor in form.chosen()]
    result = assign(db.session, cohort, pairs, by=me, at=clock.now())
    refused = explain(db.session, cohort, result.refused, to=me)
    db.session.commit()
    if refused:
        told = [(Gap(pair.mentee, pair.kind).key, sentence) for pair, sentence in refused]
        return _page(me, form, told, made=result.made), 422
    flash(_made(result.made), "success")
    return redirect(
        url_for(".board", course=me.course.public_id, q=searched() or None, group=_choice_of_group(me).value or None)
    )


def _circles(me: Enrolment, cohort: Cohort) -> str:
    """The board of a program of peers."""
    whole, choice = circles_of(db.session, cohort), _choice_of_group(me)
    circles, without = whole.within(choice, searched())
    is_all = "all" in request.args
    return render(
        "pairing/circles/board.html",
        me=me,
        board=whole,
        circles=circles if is_all else circles[:AT_ONCE],
        without=without if is_all else without[:AT_ONCE],
        hidden=0 if is_all else max(len(circles) - AT_ONCE, 0) + max(len(without) - AT_ONCE, 0),
        search=searched(),
        choice=choice,
        states=STATES,
        draft=open_run(db.session, cohort),
    )


def _page(
    me: Enrolment,
    form: PairsForm | None = None,
    complaints: Sequence[tuple[str, str]] = (),
    made: Sequence[Mentorship] = (),
) -> str:
    """The board as it stands, with what was chosen on it and what could not be."""
    whole = board_of(db.session, me.course)
    choice = _choice_of_group(me)
    seen = whole.within(choice).matching(searched())
    gaps = [gap for gap in seen.gaps if not gap.is_extra]
    chosen = {gap.key: mentor for gap, mentor in form.chosen()} if form else {}
    is_all = "all" in request.args
    return render(
        "pairing/board.html",
        me=me,
        board=seen,
        shortage=too_few_places(whole),
        gaps=gaps if is_all else _first(gaps, chosen),
        hidden=0 if is_all else len(gaps) - len(_first(gaps, chosen)),
        extras=[gap for gap in seen.gaps if gap.is_extra],
        choices=[_choice(mentor) for mentor in whole.mentors if mentor.free],
        chosen=chosen,
        complaints=complaints,
        complaint_of=dict(complaints),
        made=_made(made) if made else "",
        search=searched(),
        choice=choice,
        draft=open_run(db.session, whole.cohort) if whole.cohort else None,
    )


def _choice_of_group(me: Enrolment) -> groups.Choice:
    return groups.choice_of(db.session, me.course, request.args.get("group", ""))


def _choice(mentor: MentorPlaces) -> SelectChoice:
    """A mentor with free places as one line of a list to choose from."""
    places = ngettext("%(num)d place", "%(num)d places", mentor.capacity)
    name = in_sentence(mentor.person.name)
    label = _("%(name)s — %(free)d of %(places)s free", name=name, free=mentor.free, places=places)
    return SelectChoice(mentor.person.public_id, label)


def _first(gaps: list[Gap], chosen: dict[str, str]) -> list[Gap]:
    """The first of them, and whoever a choice was made for."""
    return gaps[:AT_ONCE] + [gap for gap in gaps[AT_ONCE:] if gap.key in chosen]


def _complaints(form: PairsForm) -> list[tuple[str, str]]:
    told = [(gap.key, str(error)) for gap in form.gaps for error in form[gap.key].errors]
    forged = [("", str(error)) for name in form.errors if name == "csrf_token" for error in form.errors[name]]
    return [*(("", str(error)) for error in form.form_errors), *forged, *told]


def _made(made: Sequence[Mentorship]) -> str:
    is_asked = made[0].is_open
    if len(made) > 1:
        asked = ngettext("A mentor was asked for %(num)d person.", "Mentors were asked for %(num)d people.", len(made))
        paired = ngettext("%(num)d person has a mentor now.", "%(num)d people have a mentor now.", len(made))
        return str(asked if is_asked else paired)
    names = {"mentor": in_sentence(made[0].mentor.name), "mentee": in_sentence(made[0].mentee.name)}
    if is_asked:
        return str(_("%(mentor)s is asked whether they would mentor %(mentee)s.", **names))
    return str(_("%(mentor)s now mentors %(mentee)s.", **names))
