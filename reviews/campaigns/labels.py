"""What choices and states of campaigns are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mentoring.programs.choices import ForWhom
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import (
    Anonymity,
    CampaignKind,
    Milestone,
    Moment,
    NominatedBy,
    Purpose,
    ReleasedBy,
    SeesComments,
)

KINDS: Mapping[CampaignKind, LazyString] = {
    CampaignKind.REVIEW: _l("360-degree review"),
    CampaignKind.PAIR: _l("Pair evaluation"),
    CampaignKind.PROGRAM: _l("Program evaluation"),
    CampaignKind.SURVEY: _l("Survey"),
}
ABOUT_KINDS: Mapping[CampaignKind, LazyString] = {
    CampaignKind.REVIEW: _l("People are reviewed by those around them: themselves, mentors, managers, peers, mentees."),
    CampaignKind.PAIR: _l("Mentor and mentee of each mentorship evaluate each other, and read it at the same time."),
    CampaignKind.PROGRAM: _l("Mentees and mentors evaluate the program. Their answers are anonymous."),
    CampaignKind.SURVEY: _l("Every learner of the course is asked, about nobody. Their answers are anonymous."),
}
PHASES: Mapping[Phase, LazyString] = {
    Phase.DRAFT: _l("Draft"),
    Phase.NOMINATING: _l("Raters are named"),
    Phase.APPROVING: _l("Raters are approved"),
    Phase.COLLECTING: _l("Answers come in"),
    Phase.CLOSED: _l("Closed"),
    Phase.RELEASED: _l("Released"),
    Phase.ARCHIVED: _l("Archived"),
}
PURPOSES: Mapping[Purpose, LazyString] = {
    Purpose.DEVELOPMENT: _l("Development: results are for learning, and decide nothing"),
    Purpose.DECISION: _l("A decision: results count towards something that is decided"),
}
RELEASES: Mapping[ReleasedBy, LazyString] = {
    ReleasedBy.STAFF: _l("An instructor, once it is closed"),
    ReleasedBy.COACH: _l("The coach named for each person"),
    ReleasedBy.AT_CLOSE: _l("Nobody has to: by itself when it closes"),
}
MOMENTS: Mapping[Moment, LazyString] = {
    Moment.DATE: _l("On a day, for all mentorships at once"),
    Moment.DAYS: _l("Some days after each mentorship began"),
    Moment.INTERVAL: _l("Every so many days of each mentorship"),
    Moment.BASELINE: _l("When somebody joins, before they are matched"),
    Moment.MID: _l("In the middle of each mentorship"),
    Moment.END: _l("At the end of each mentorship"),
    Moment.MILESTONE: _l("When each mentorship reaches a milestone"),
}
OF_ONE: Mapping[Moment, LazyString] = {**MOMENTS, Moment.DATE: _l("On a day, for everybody at once")}
"""Where it is not about pairs."""
MILESTONES: Mapping[Milestone, LazyString] = {
    Milestone.KICK_OFF: _l("The kick-off: they have met, or all have signed the agreement"),
    Milestone.AGREEMENT: _l("All have signed the agreement"),
    Milestone.GOAL: _l("The first goal is reached"),
}
REVIEWED: Mapping[ForWhom, LazyString] = {
    ForWhom.MENTEE: _l("The mentees"),
    ForWhom.MENTOR: _l("The mentors"),
    ForWhom.BOTH: _l("Both"),
}
ANONYMITIES: Mapping[Anonymity, LazyString] = {
    Anonymity.NAMED: _l("Named: shown with the name"),
    Anonymity.ATTRIBUTED: _l("Attributed: shown as what these few said; who they are is known"),
    Anonymity.ANONYMOUS: _l("Anonymous: shown only together with enough others"),
}
SHORT_ANONYMITIES: Mapping[Anonymity, LazyString] = {
    Anonymity.NAMED: _l("named"),
    Anonymity.ATTRIBUTED: _l("attributed, not anonymous"),
    Anonymity.ANONYMOUS: _l("anonymous"),
}
NAMED_BY: Mapping[NominatedBy, LazyString] = {
    NominatedBy.NOBODY: _l("Nobody: who belongs to it is known"),
    NominatedBy.SUBJECT: _l("Whoever is reviewed, and you approve"),
    NominatedBy.STAFF: _l("You"),
}
COMMENTS: Mapping[SeesComments, LazyString] = {
    SeesComments.VERBATIM: _l("As they were written, under this group"),
    SeesComments.SHUFFLED: _l("Mixed with those of other groups"),
    SeesComments.NONE: _l("Not at all"),
}
STATES: Mapping[AssignmentState, LazyString] = {
    AssignmentState.PROPOSED: _l("Waits for a yes or no"),
    AssignmentState.REJECTED: _l("Not approved"),
    AssignmentState.INVITED: _l("Not begun"),
    AssignmentState.STARTED: _l("Begun"),
    AssignmentState.SUBMITTED: _l("Has answered"),
    AssignmentState.DECLINED: _l("Has said no"),
    AssignmentState.EXPIRED: _l("Not answered"),
}


def moment_label(kind: CampaignKind, moment: Moment) -> str:
    return str((MOMENTS if kind is CampaignKind.PAIR else OF_ONE)[moment])


def opening(campaign: Campaign) -> str:
    """When it opens, in one sentence."""
    match campaign.moment:
        case Moment.DAYS:
            days = campaign.days or 0
            said = ngettext("%(num)d day after each mentorship began", "%(num)d days after each mentorship began", days)
            return str(said)
        case Moment.INTERVAL:
            days = campaign.days or 0
            return str(ngettext("Every day of each mentorship", "Every %(num)d days of each mentorship", days))
        case Moment.MILESTONE if campaign.milestone is not None:
            return str(_("By a milestone of each mentorship: %(what)s", what=MILESTONES[campaign.milestone]))
        case moment:
            return moment_label(campaign.kind, moment)
