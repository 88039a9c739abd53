"""What pages, files and mails call rater groups, and those who are reviewed: the one place for both."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.names import in_sentence
from reviews.campaigns.models import RaterGroup, Target
from reviews.campaigns.rules import EVERYONE, EXTERNAL, MANAGER, MENTEE, MENTOR, PEER, REPORT, CampaignKind
from reviews.instruments.content import SELF

GROUPS: Mapping[str, LazyString] = {
    SELF: _l("Self"),
    MANAGER: _l("Manager"),
    MENTOR: _l("Mentors"),
    PEER: _l("Peers"),
    REPORT: _l("Direct reports"),
    MENTEE: _l("Mentees"),
    EXTERNAL: _l("People outside"),
    EVERYONE: _l("Everyone"),
}


def group_name(key: str, label: str = "") -> str:
    """What the campaign calls it, else what the tool does."""
    return label or str(GROUPS.get(key, key))


def group_label(group: RaterGroup) -> str:
    return group_name(group.key, group.label)


def about(target: Target) -> str:
    """Whom or what answers are about, to stand in a sentence."""
    if target.enrolment is not None:
        return in_sentence(target.enrolment.name)
    if target.campaign.kind is CampaignKind.PROGRAM:
        cohort = target.campaign.cohort
        return in_sentence(cohort.program.title) if cohort else _("the program")
    return in_sentence(target.campaign.course.title)
