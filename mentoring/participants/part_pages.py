"""The pages on which an offer or a need is said: the same for oneself and for an instructor who helps somebody."""

from __future__ import annotations

from flask import request
from flask_babel import ngettext

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.participants.models import Participant
from mentoring.participants.part_forms import NeedForm, OfferForm, need_form, offer_form
from mentoring.participants.queries import joinable, part_of
from mentoring.participants.saying import TooFewPlaces, about_of, lists_of, needed_by, offered_by
from mentoring.participants.suggesting import suggest
from mentoring.participants.week_fields import windows_wanted
from mentoring.programs.choices import MentoringType
from mentoring.programs.models import DEFAULT_CAPACITY, Cohort


def offer_form_for(person: Enrolment, *, by: Enrolment) -> OfferForm:
    """What this person offers, to be changed by themselves or by an instructor."""
    cohort, participant = _part(person)
    default = cohort.version.default_capacity if cohort else DEFAULT_CAPACITY
    about = about_of(participant)
    return offer_form(
        lists=lists_of(cohort.version if cohort else None),
        said=offered_by(participant, default_capacity=default),
        suggestions=suggest(db.session, person, about, ticked=request.form.getlist("languages")),
        windows=windows_wanted(about.hours, request.form),
        types=[each.value for each in MentoringType],
        is_own=person.id == by.id,
    )


def need_form_for(person: Enrolment) -> NeedForm:
    """What this person needs, to be changed."""
    cohort, participant = _part(person)
    about = about_of(participant)
    return need_form(
        lists=lists_of(cohort.version if cohort else None),
        said=needed_by(participant),
        suggestions=suggest(db.session, person, about, ticked=request.form.getlist("languages")),
        windows=windows_wanted(about.hours, request.form),
    )


def show(form: OfferForm | NeedForm, person: Enrolment, *, me: Enrolment, action: str, back: str) -> str:
    template = "participants/offer.html" if isinstance(form, OfferForm) else "participants/need.html"
    return render(template, me=me, form=form, person=person, is_own=person.id == me.id, action=action, back=back)


def refuse(form: OfferForm, few: TooFewPlaces, *, is_own: bool) -> None:
    """Say at the field why there cannot be so few places."""
    if is_own:
        sentence = ngettext(
            "You have a mentee already. Leave one place or more, or talk to your instructor.",
            "You have %(num)d mentees already. Leave as many places or more, or talk to your instructor.",
            few.load,
        )
    else:
        sentence = ngettext(
            "There is a mentee already. Leave one place or more, or end the pair first.",
            "There are %(num)d mentees already. Leave as many places or more, or end a pair first.",
            few.load,
        )
    form["capacity"].errors = [sentence]


def _part(person: Enrolment) -> tuple[Cohort | None, Participant | None]:
    cohort = joinable(db.session, person.course)
    return cohort, part_of(db.session, cohort, person)
