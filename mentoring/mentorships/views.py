"""The page of one mentorship, and what its members do there."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.panels import steps_of
from mentoring.mentorships import answering, ending, living, tasks
from mentoring.mentorships.allowing import Act, acts_open_to
from mentoring.mentorships.blueprint import ONE, back_to, bp, held, held_to_look, sections_of, shown
from mentoring.mentorships.circles import pages as circle_pages
from mentoring.mentorships.coordinating import mentors_for
from mentoring.mentorships.earlier.ask import reads_ask
from mentoring.mentorships.fitting import why_they_fit
from mentoring.mentorships.forms import AnswerForm, AskBackForm, DeclineForm, EndForm, EndForThemForm, PauseForm
from mentoring.mentorships.holding import to_change
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import part_of, seats_of
from mentoring.mentorships.wording import REASONS, STATES
from mentoring.names import in_sentence


@bp.get(ONE)
@open_to(*MEMBERS)
def mentorship(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    return page(me, shown(me, mentorship_id))


def page(me: Enrolment, mentorship: Mentorship, wrong: FlaskForm | None = None) -> str:
    """The mentorship as it stands; with the form that was filled in wrongly, if one was."""
    if mentorship.is_circle:
        return circle_pages.page(me, mentorship, wrong)
    acts = acts_open_to(mentorship.state, seats_of(mentorship, me))
    sections = sections_of(me, mentorship)
    return render(
        "mentorships/mentorship.html",
        me=me,
        mentorship=mentorship,
        part=part_of(mentorship, me),
        acts=[act.value for act in acts],
        forms=_forms(me, mentorship, acts, wrong),
        wrong=wrong,
        fit=why_they_fit(db.session, mentorship, part_of(mentorship, me), at=clock.now()),
        sections=sections,
        next_steps=steps_of(sections),
        latest_pause=living.latest_pause(mentorship, clock.now()),
        states=STATES,
        reasons=REASONS,
        reads_ask=reads_ask(me, mentorship),
    )


_FORMS: dict[Act, type[FlaskForm]] = {
    Act.DECLINE: DeclineForm,
    Act.ASK_BACK: AskBackForm,
    Act.ANSWER: AnswerForm,
    Act.PAUSE: PauseForm,
}


def _end_form(me: Enrolment, mentorship: Mentorship) -> type[EndForm]:
    """In the words of one of the two, or of an instructor who is none of them."""
    return EndForm if part_of(mentorship, me) else EndForThemForm


def _forms(me: Enrolment, mentorship: Mentorship, acts: list[Act], wrong: FlaskForm | None) -> dict[str, Any]:
    """The forms of these acts, by the act: what was typed stands in the one that was sent, the others are new."""
    kinds = {**_FORMS, Act.END: _end_form(me, mentorship)}
    made = {act.value: kind(formdata=None) for act, kind in kinds.items() if act in acts and type(wrong) is not kind}
    if wrong is not None:
        made |= {act.value: wrong for act, kind in kinds.items() if type(wrong) is kind}
    if Act.SUBSTITUTE in acts or Act.REMATCH in acts:
        made |= mentors_for(mentorship, acts, wrong)
    return made


@bp.post(f"{ONE}/accept")
@open_to(*MEMBERS)
def accept(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.ACCEPT)
    answering.accept(db.session, asked, by=me, at=clock.now())
    db.session.commit()
    if asked.is_open:
        flash(_("You said yes. Now %(name)s is asked.", name=in_sentence(asked.mentee.name)), "success")
    else:
        flash(_("You said yes, and are a pair now. Arrange your first meeting."), "success")
    return back_to(asked)


@bp.post(f"{ONE}/decline")
@open_to(*MEMBERS)
def decline(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.DECLINE)
    form = DeclineForm()
    if not form.validate_on_submit():
        return page(me, asked, form), 422
    why = {"reason": form.reason.data, "note": (form.note.data or "").strip()}
    answering.decline(db.session, asked, by=me, at=clock.now(), **why)
    db.session.commit()
    flash(_("You said no. Why, only instructors can read."), "success")
    return back_to(asked)


@bp.post(f"{ONE}/question")
@open_to(*MEMBERS)
def ask_back(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.ASK_BACK)
    form = AskBackForm()
    if not form.validate_on_submit():
        return page(me, asked, form), 422
    answering.ask_back(db.session, asked, form.question.words, by=me, at=clock.now())
    db.session.commit()
    flash(_("Your question is with %(name)s.", name=in_sentence(asked.mentee.name)), "success")
    return back_to(asked)


@bp.post(f"{ONE}/answer")
@open_to(*MEMBERS)
def answer(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.ANSWER)
    form = AnswerForm()
    if not form.validate_on_submit():
        return page(me, asked, form), 422
    answering.answer(db.session, asked, form.answer.words, by=me, at=clock.now())
    db.session.commit()
    flash(_("Your answer is with %(name)s.", name=in_sentence(asked.mentor.name)), "success")
    return back_to(asked)


@bp.post(f"{ONE}/withdraw")
@open_to(*MEMBERS)
def withdraw(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.WITHDRAW)
    answering.withdraw(db.session, asked, by=me, at=clock.now())
    db.session.commit()
    flash(_("It is taken back, and nobody waits for an answer any more."), "success")
    return back_to(asked)


@bp.post(f"{ONE}/begin")
@open_to(*MEMBERS)
def begin(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    pair = held(me, mentorship_id, Act.BEGIN)
    living.begin(db.session, pair, by=me, at=clock.now())
    db.session.commit()
    flash(
        _("A good start. The circle is under way.")
        if pair.is_circle
        else _("A good start. The mentorship is under way."),
        "success",
    )
    return back_to(pair)


@bp.post(f"{ONE}/pause")
@open_to(*MEMBERS)
def pause(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    pair = held(me, mentorship_id, Act.PAUSE)
    form = PauseForm()
    if not form.validate_on_submit():
        return page(me, pair, form), 422
    until = datetime.combine(form.day(), time(), get_timezone())
    living.pause(db.session, pair, until=until, by=me, at=clock.now())
    db.session.commit()
    flash(_("Paused. It goes on by itself on the day you chose; until then nobody is reminded."), "success")
    return back_to(pair)


@bp.post(f"{ONE}/resume")
@open_to(*MEMBERS)
def resume(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    pair = held(me, mentorship_id, Act.RESUME)
    living.resume(db.session, pair, by=me, at=clock.now())
    db.session.commit()
    flash(_("The circle goes on.") if pair.is_circle else _("The mentorship goes on."), "success")
    return back_to(pair)


@bp.post(f"{ONE}/complete")
@open_to(*MEMBERS)
def complete(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    pair = held(me, mentorship_id, Act.COMPLETE)
    living.complete(db.session, pair, by=me, at=clock.now())
    db.session.commit()
    flash(
        _("Completed. Well done, all of you.") if pair.is_circle else _("Completed. Well done, both of you."), "success"
    )
    if part_of(pair, me):
        return redirect(url_for("closure.closing", course=me.course.public_id, mentorship_id=mentorship_id))
    return back_to(pair)


@bp.post(f"{ONE}/end-early")
@open_to(*MEMBERS)
def end_early(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    pair = held(me, mentorship_id, Act.END)
    if pair.is_circle:
        return circle_pages.end(me, pair)
    form = _end_form(me, pair)()
    if not form.validate_on_submit():
        return page(me, pair, form), 422
    why = {"reason": form.reason.data, "note": (form.note.data or "").strip()}
    ending.end(db.session, pair, by=me, at=clock.now(), never_again=form.never_again.data, **why)
    db.session.commit()
    flash(_("It has ended. That happens and is nobody's fault; why, only instructors can read."), "success")
    return back_to(pair)


@bp.post(f"{ONE}/tasks/<task_id>")
@open_to(*MEMBERS)
def tick(me: Enrolment, mentorship_id: str, task_id: str) -> ResponseReturnValue:
    """Tick a task, or take the tick away."""
    mentorship = held_to_look(me, mentorship_id)
    task = next((task for task in mentorship.tasks if task.public_id == task_id), None) or abort(404)
    mine = next((person for person in mentorship.people if person.enrolment_id == me.id), None)
    if mine is not None and mentorship.is_standing:
        tasks.tick(db.session, mentorship, task, "done" in request.form, by=mine, at=clock.now())
        db.session.commit()
    elif mentorship.is_circle:
        flash(_("Only those of a circle tick its tasks, and only while it lasts."), "error")
    else:
        flash(_("Only the two of a pair tick their tasks, and only while it lasts."), "error")
    return back_to(mentorship)


@bp.post(f"{ONE}/end")
@open_to(Role.INSTRUCTOR)
def end(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """From the board: take a pair apart, or a proposal back."""
    mentorship = to_change(db.session, me.course, mentorship_id) or abort(404)
    if mentorship.is_circle:
        # Circles are ended on their own page, with a reason.
        return back_to(mentorship)
    names = {"mentor": in_sentence(mentorship.mentor.name), "mentee": in_sentence(mentorship.mentee.name)}
    if mentorship.is_open:
        answering.withdraw(db.session, mentorship, by=me, at=clock.now())
        db.session.commit()
        flash(_("%(mentor)s and %(mentee)s are not asked any more.", **names), "success")
    elif ending.end(db.session, mentorship, by=me, at=clock.now()):
        db.session.commit()
        flash(
            _(
                "%(mentor)s and %(mentee)s are no longer paired. To undo this, assign them again.",
                **names,
            ),
            "success",
        )
    else:
        flash(_("%(mentor)s and %(mentee)s were no longer paired already.", **names), "info")
    search = searched()
    group = request.args.get("group", "")[:32] or None
    return redirect(url_for("pairing.board", course=me.course.public_id, q=search or None, group=group))
