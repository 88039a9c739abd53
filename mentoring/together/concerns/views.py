"""The pages of concerns: raised with one instructor, answered to and fro, handed over, closed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.names import in_sentence
from mentoring.participants.own_views import not_in_preview
from mentoring.together.concerns import matters, queries, raising
from mentoring.together.concerns.blueprint import ALL, ONE, bp, held, only_themselves, shown
from mentoring.together.concerns.forms import ConcernForm, HandOverForm, MessageForm, concern_form, hand_over_form
from mentoring.together.concerns.matters import Matter
from mentoring.together.concerns.models import Concern
from mentoring.together.concerns.showing import WORDS


@bp.get(ALL)
@open_to(*MEMBERS)
@only_themselves
def index(me: Enrolment) -> ResponseReturnValue:
    found = queries.list_of(db.session, me)
    return render(
        "concerns/all.html",
        me=me,
        looked_after=[each for each in found if each.owner_id == me.id],
        raised=[each for each in found if each.raised_by_id == me.id],
        **WORDS,
    )


@bp.get(f"{ALL}/new")
@open_to(*MEMBERS)
@only_themselves
def new(me: Enrolment) -> ResponseReturnValue:
    """`?about=` says what it is about; without it, there is something to choose."""
    key = request.args.get("about", "")
    if key:
        about = _matter(me, key)
        return _new_page(me, about, concern_form(people=matters.who_may_own(db.session, me, about)))
    found = matters.matters_of(db.session, me)
    if len(found) == 1:
        return _new_page(me, found[0], concern_form(people=matters.who_may_own(db.session, me, found[0])))
    return render("concerns/about.html", me=me, matters=found)


@bp.post(f"{ALL}/new")
@open_to(*MEMBERS)
@not_in_preview
def raise_concern(me: Enrolment) -> ResponseReturnValue:
    about = _matter(me, request.args.get("about", matters.PROGRAM))
    form = concern_form(people=matters.who_may_own(db.session, me, about))
    if not form.people or not form.validate_on_submit():
        return _new_page(me, about, form), 422
    made = raising.raise_concern(
        db.session,
        about,
        form.chosen_topic,
        form.words.words,
        hoped=form.hope,
        owner=form.owner_chosen,
        by=me,
        at=clock.now(),
    )
    db.session.commit()
    flash(_("It is with %(name)s, and with nobody else.", name=in_sentence(made.owner.name)), "success")
    return _to(me, made)


@bp.get(ONE)
@open_to(*MEMBERS)
@only_themselves
def concern(me: Enrolment, concern_id: str) -> ResponseReturnValue:
    return _page(me, shown(me, concern_id))


@bp.post(f"{ONE}/say")
@open_to(*MEMBERS)
def say(me: Enrolment, concern_id: str) -> ResponseReturnValue:
    mine, form = held(me, concern_id), MessageForm()
    if not form.validate_on_submit():
        return _page(me, mine, form), 422
    raising.say(db.session, mine, form.words.words, by=me, at=clock.now())
    db.session.commit()
    flash(_("It is sent. Only the two of you read it."), "success")
    return _to(me, mine)


@bp.post(f"{ONE}/look")
@open_to(*MEMBERS)
def look(me: Enrolment, concern_id: str) -> ResponseReturnValue:
    mine = held(me, concern_id)
    raising.look_at(db.session, mine, by=me, at=clock.now())
    db.session.commit()
    flash(_("Whoever raised it is told that you are looking at it."), "success")
    return _to(me, mine)


@bp.post(f"{ONE}/close")
@open_to(*MEMBERS)
def close(me: Enrolment, concern_id: str) -> ResponseReturnValue:
    mine = held(me, concern_id)
    raising.close(db.session, mine, by=me, at=clock.now())
    db.session.commit()
    flash(_("It is closed, and the other one is told."), "success")
    return _to(me, mine)


@bp.post(f"{ONE}/hand-over")
@open_to(*MEMBERS)
def hand_over(me: Enrolment, concern_id: str) -> ResponseReturnValue:
    mine = held(me, concern_id)
    form = hand_over_form(people=raising.who_may_take_over(db.session, mine))
    if not form.validate_on_submit():
        return _page(me, mine, form), 422
    raising.hand_over(db.session, mine, form.to_chosen, by=me, at=clock.now())
    db.session.commit()
    flash(_("%(name)s looks after it from now on, and reads all of it.", name=in_sentence(mine.owner.name)), "success")
    if mine.raised_by_id == me.id:
        return _to(me, mine)
    return redirect(url_for(".index", course=me.course.public_id))


def _matter(me: Enrolment, key: str) -> Matter:
    """Something of mine, or a 404."""
    return matters.matter(db.session, me, key) or abort(404)


def _new_page(me: Enrolment, about: Matter, form: ConcernForm) -> str:
    return render("concerns/new.html", me=me, about=about, form=form)


def _page(me: Enrolment, mine: Concern, wrong: FlaskForm | None = None) -> str:
    """The concern as it stands; with the form that was filled in wrongly, if one was."""
    outside, about = raising.who_stands_outside(db.session, mine), raising.matter_of(mine)
    others = [each for each in outside if each.id != mine.owner_id]
    return render(
        "concerns/concern.html",
        me=me,
        concern=mine,
        is_owner=mine.owner_id == me.id,
        owner_is_there=mine.owner in outside,
        form=wrong if isinstance(wrong, MessageForm) else MessageForm(formdata=None),
        hand_over_form=wrong if isinstance(wrong, HandOverForm) else hand_over_form(people=others, is_sent=False),
        wrong=wrong,
        about=about,
        known=_known(me, mine, about),
        **WORDS,
    )


def _known(me: Enrolment, mine: Concern, about: Matter) -> Sequence[Enrolment]:
    """Whom of it I can block, where I raised it."""
    if mine.raised_by_id != me.id:
        return ()
    return [about.person] if about.person is not None else about.others


def _to(me: Enrolment, mine: Concern) -> ResponseReturnValue:
    return redirect(url_for(".concern", course=me.course.public_id, concern_id=mine.public_id))
