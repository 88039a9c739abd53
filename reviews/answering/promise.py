"""What a rater is told before the first answer: about whom, what for, until when, and who will see what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.names import in_sentence
from reviews.campaigns.models import Assignment, RaterGroup, Target
from reviews.campaigns.rules import Anonymity, CampaignKind, Purpose, SeesComments, Thresholds
from reviews.instruments.content import SELF, Comments, Content
from reviews.wording import about, group_label


@dataclass(frozen=True, kw_only=True)
class Promise:
    heading: str
    purpose: str
    purpose_words: str
    """As whoever runs the campaign put it."""
    until: datetime | None
    audience: tuple[str, ...]
    """Who will see what, a sentence each."""


def promise_to(assignment: Assignment, *, size: int) -> Promise:
    """`size` is how many are asked in the rater's group now, the rater among them."""
    target, group = assignment.target, assignment.group
    return Promise(
        heading=heading(assignment),
        purpose=_purpose(target, group),
        purpose_words=target.campaign.purpose_words,
        until=target.until,
        audience=tuple(_audience(target, group, size)),
    )


def heading(assignment: Assignment) -> str:
    target, group = assignment.target, assignment.group
    if group.key == SELF:
        return str(_("How you see yourself"))
    return str(_("Your view of %(name)s", name=about(target)))


def _purpose(target: Target, group: RaterGroup) -> str:
    name, is_decision = about(target), target.campaign.purpose is Purpose.DECISION
    if group.key == SELF:
        if is_decision:
            return str(_("What it is for: a decision about you is taken with it."))
        return str(_("What it is for: your own development, and no decision about you."))
    if target.enrolment is None:
        if is_decision:
            return str(_("What it is for: a decision about %(name)s is taken with it.", name=name))
        return str(_("What it is for: to make %(name)s better.", name=name))
    if is_decision:
        return str(_("What it is for: a decision about %(name)s is taken with it.", name=name))
    return str(_("What it is for: the development of %(name)s, and no decision about them.", name=name))


def _audience(target: Target, group: RaterGroup, size: int) -> Iterator[str]:
    yield _readers(target, group)
    thresholds = target.campaign.limits
    if group.key == SELF:
        yield _("Your own answers are shown as yours, beside those of the others.")
    elif group.anonymity is Anonymity.NAMED:
        yield _("Your answers are not anonymous: they are shown with your name.")
    elif group.anonymity is Anonymity.ATTRIBUTED:
        yield _attributed(group, size)
    else:
        yield from _anonymous(thresholds, group, size)
    if _asks_for_words(group.content, group.key):
        yield from _comments(group, thresholds)
    yield _afterwards(group)


def _readers(target: Target, group: RaterGroup) -> str:
    if target.enrolment is None:
        return str(_("The instructors of the course read the result."))
    whose = _("You") if group.key == SELF else about(target)
    if target.campaign.kind is CampaignKind.PAIR:
        return str(
            _(
                "%(name)s and the instructors of the course read the result, once both sides are released together.",
                name=whose,
            )
        )
    if target.coach is not None:
        coach = in_sentence(target.coach.name)
        return str(_("%(name)s, %(coach)s as their coach, and the instructors of the course read the result.",
                 name=whose, coach=coach))  # fmt: skip
    return str(_("%(name)s and the instructors of the course read the result.", name=whose))


def _attributed(group: RaterGroup, size: int) -> str:
    """Who they are is known, so they are never called anonymous."""
    words: str = ngettext(
        "Your answers are not anonymous: they are shown as those of the group %(group)s, which is you alone now.",
        "Your answers are not anonymous: they are shown as those of the group %(group)s, which is %(num)d people now,"
        " and everybody knows who they are.",
        size,
        group=in_sentence(group_label(group)),
    )
    return words


def _anonymous(thresholds: Thresholds, group: RaterGroup, size: int) -> Iterator[str]:
    yield _(
        "Your answers are anonymous: what you chose is shown only as part of a mean, and only together with at least"
        " %(others)d others. Where too few of your group answer, they are counted with another group or left out.",
        others=thresholds.means - 1,
    )
    yield ngettext(
        "In your group, %(group)s, %(num)d person is asked now: you.",
        "In your group, %(group)s, %(num)d people are asked now, you among them.",
        size,
        group=in_sentence(group_label(group)),
    )
    if size >= thresholds.means:
        yield ngettext(
            "What no rule can hide: whoever is in a group of %(size)d and sees its mean knows the mean of the %(num)d"
            " other.",
            "What no rule can hide: whoever is in a group of %(size)d and sees its mean knows the mean of the %(num)d"
            " others.",
            size - 1,
            size=size,
        )


def _asks_for_words(content: Content, group: str) -> bool:
    has_comments = any(each.comments is not Comments.DISABLED for each, _statements in content.for_group(group))
    return has_comments or bool(content.questions_for(group))


def _comments(group: RaterGroup, thresholds: Thresholds) -> Iterator[str]:
    if group.comments is SeesComments.NONE:
        yield _("What you write in words is not shown to anybody in the result.")
    elif group.is_anonymous:
        yield ngettext(
            "What you write in words is shown word for word, mixed with that of other groups and in no order, once"
            " %(num)d person has written. Your style may give you away: write so that it does not.",
            "What you write in words is shown word for word, mixed with that of other groups and in no order, once"
            " %(num)d people have written. Your style may give you away: write so that it does not.",
            thresholds.comments,
        )
    elif group.anonymity is Anonymity.ATTRIBUTED and group.comments is SeesComments.SHUFFLED:
        yield _("What you write in words is shown word for word, mixed with that of other groups and in no order.")
    elif group.anonymity is Anonymity.ATTRIBUTED:
        yield _("What you write in words is shown word for word, as that of the group %(group)s.",
                group=in_sentence(group_label(group)))  # fmt: skip
    else:
        yield _("What you write in words is shown word for word, with your name.")


def _afterwards(group: RaterGroup) -> str:
    if group.is_anonymous:
        return str(
            _(
                "Instructors see whether you have answered, and not what. Once you hand in, nothing leads from your"
                " answers back to you; so they cannot be changed or taken back then."
            )
        )
    return str(_("Instructors see whether you have answered. Once you hand in, your answers cannot be changed."))
