"""Why a pair was not made, in a sentence with names and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship, Place, Transition
from mentoring.names import in_sentence
from mentoring.pairing.assigning import Pair, Refused
from mentoring.pairing.reasons import sentence_against
from mentoring.pairing.rules import Rule
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here
from mentoring.programs.models import Cohort, MentorKind

SENTENCES = {
    Rule.ONESELF: _l("%(mentee)s cannot mentor themselves. Choose somebody else."),
    Rule.MENTEE_GONE: _l("%(mentee)s is no longer in the course, so nobody was assigned."),
    Rule.MENTOR_GONE: _l("%(mentor)s is no longer in the course. Choose another mentor for %(mentee)s."),
    Rule.SAME_PAIR: _l("%(mentor)s is already the mentor of %(mentee)s."),
    Rule.KIND_FILLED: _l("%(mentee)s already has a mentor. End that pair first."),
    Rule.NO_OFFER: _l("%(mentor)s does not mentor at present. Choose another mentor for %(mentee)s."),
    Rule.NO_PLACE: _l("%(mentor)s has no free place left. Choose another mentor for %(mentee)s."),
}


def explain(session: Session, cohort: Cohort, refused: Sequence[Refused], *, to: Enrolment) -> list[tuple[Pair, str]]:
    """Each refused pair with its sentence, as `to` should read it."""
    last, present = _last_places(session, cohort, refused), _present(session, cohort, refused)
    return [
        (each.pair, _sentence(each, last.get(each.pair.mentor.id), present.get(each.pair.mentee.id), to))
        for each in refused
    ]


def _sentence(refused: Refused, last: Place | None, present: Place | None, to: Enrolment) -> str:
    mentee, mentor = in_sentence(refused.pair.mentee.name), in_sentence(refused.pair.mentor.name)
    if refused.rule is Rule.NO_PLACE and last is not None:
        return _no_place(mentee, mentor, last, to)
    if refused.rule is Rule.KIND_FILLED and present is not None and present.mentor is not None:
        return _kind_filled(mentee, present.mentor, _actor(present), to)
    if _is_here_but_not_ready(refused) or refused.rule not in SENTENCES:
        return sentence_against(refused.rule, {"mentee": mentee, "mentor": mentor})
    return str(SENTENCES[refused.rule]) % {"mentee": mentee, "mentor": mentor}


def _is_here_but_not_ready(refused: Refused) -> bool:
    """Whether somebody cannot be matched (R6) who is in the course all the same."""
    about = {Rule.MENTEE_GONE: refused.pair.mentee, Rule.MENTOR_GONE: refused.pair.mentor}
    return refused.rule in about and is_here(about[refused.rule])


def _no_place(mentee: str, mentor: str, last: Place, to: Enrolment) -> str:
    names = {"mentee": mentee, "mentor": mentor, "taker": in_sentence(last.mentee.name)}
    actor = _actor(last)
    if actor is None or actor.id == to.id:
        sentence = _(
            "%(mentor)s has no free place left: the last one went to %(taker)s. Choose another mentor for %(mentee)s.",
            **names,
        )
    else:
        sentence = _(
            "%(mentor)s has no free place left: %(actor)s gave the last one to %(taker)s."
            " Choose another mentor for %(mentee)s.",
            actor=in_sentence(actor.name),
            **names,
        )
    return str(sentence)


def _kind_filled(mentee: str, mentor: Participant, actor: Enrolment | None, to: Enrolment) -> str:
    names = {"mentee": mentee, "mentor": in_sentence(mentor.name)}
    if actor is None or actor.id == to.id:
        sentence = _("%(mentee)s already has a mentor: %(mentor)s. End that pair first.", **names)
    else:
        sentence = _(
            "%(mentee)s already has a mentor: %(actor)s assigned %(mentor)s. End that pair first.",
            actor=in_sentence(actor.name),
            **names,
        )
    return str(sentence)


def _actor(place: Place) -> Enrolment | None:
    return place.mentorship.history[0].actor


def _last_places(session: Session, cohort: Cohort, refused: Sequence[Refused]) -> dict[int, Place]:
    """The place each full mentor gave away last, by the mentor's enrolment id."""
    mentors = [each.pair.mentor.id for each in refused if each.rule is Rule.NO_PLACE]
    newest = (
        select(func.max(Place.id))
        .join(Place.mentor)
        .where(Participant.cohort_id == cohort.id, Participant.enrolment_id.in_(mentors))
        .group_by(Place.mentor_id)
    )
    places = _with_story(session, Place.id.in_(newest))
    return {place.mentor.enrolment_id: place for place in places if place.mentor is not None}


def _present(session: Session, cohort: Cohort, refused: Sequence[Refused]) -> dict[int, Place]:
    """The mentor each mentee has already, by the mentee's enrolment id."""
    wanted = [
        (Participant.enrolment_id == each.pair.mentee.id) & (MentorKind.key == each.pair.kind.key)
        for each in refused
        if each.rule is Rule.KIND_FILLED
    ]
    if not wanted:
        return {}
    theirs = (
        select(Place.id).join(Place.mentee).join(Place.kind).where(Participant.cohort_id == cohort.id, or_(*wanted))
    )
    return {place.mentee.enrolment_id: place for place in _with_story(session, Place.id.in_(theirs))}


def _with_story(session: Session, condition: object) -> Sequence[Place]:
    history = joinedload(Place.mentorship, innerjoin=True).selectinload(Mentorship.history)
    return session.scalars(
        select(Place)
        .where(condition)  # type: ignore[arg-type]
        .options(
            history.joinedload(Transition.actor),
            selectinload(Place.mentor),
            selectinload(Place.mentee),
        )
        .order_by(Place.id)
    ).all()
