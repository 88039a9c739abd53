"""Why somebody cannot be named as a rater, with what to do about it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.names import in_sentence
from reviews.campaigns.models import RaterGroup
from reviews.campaigns.nominating import NotAsked, WhyNot
from reviews.wording import group_label


def sentence(refused: NotAsked, name: str, group: RaterGroup, *, is_subject: bool) -> str:
    """For whoever named them: the reviewed person, or an instructor."""
    return str(_said(refused, name, group, is_subject=is_subject))


def _said(refused: NotAsked, name: str, group: RaterGroup, *, is_subject: bool) -> Any:
    said = {"name": in_sentence(name), "group": group_label(group)}
    where = group_label(refused.where) if refused.where else ""
    match refused.why:
        case WhyNot.ONESELF if is_subject:
            return _("You answer about yourself in a group of your own. Name somebody else.")
        case WhyNot.ONESELF:
            return _(
                "%(name)s is the one who is reviewed, and answers about themselves already. Name somebody else.", **said
            )
        case WhyNot.IN_ANOTHER_GROUP:
            return _(
                "%(name)s is asked already, as one of: %(where)s. Everybody answers once, so name somebody else.",
                where=where,
                **said,
            )
        case WhyNot.IN_IT:
            return _("%(name)s stands in this group already. Nothing was changed.", **said)
        case WhyNot.DECLINED:
            return _("%(name)s was asked and has said no. Name somebody else.", **said)
        case WhyNot.GROUP_IS_FULL:
            most = group.most_invited or 0
            return ngettext(
                "%(group)s is full: it takes %(num)d rater. Take somebody back first.",
                "%(group)s is full: it takes %(num)d raters. Take somebody back first.",
                most,
                **said,
            )
        case WhyNot.NOT_TO_BE_NAMED if is_subject:
            return _(
                "Who belongs to %(group)s is not for you to name. Ask your instructor if somebody is missing.", **said
            )
        case WhyNot.NOT_TO_BE_NAMED:
            return _("%(group)s is not a group of this campaign. Choose one of the list.", **said)
        case WhyNot.NOT_HERE:
            return _("%(name)s does not take part in the course any more. Name somebody else.", **said)
        case WhyNot.NO_MAIL:
            return _("That is no mail address. Write one such as ana@example.org.")
        case WhyNot.TOO_LATE if is_subject:
            return _("Raters can no longer be named or taken back. Ask your instructor if somebody is missing.")
        case WhyNot.TOO_LATE:
            return _("The campaign is over, so nobody can be asked any more.")
