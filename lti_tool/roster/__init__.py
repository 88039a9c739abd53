"""Who is in the course, asked of the LMS (Names and Role Provisioning Services 2.0) and kept true.

`asking` reads and cleans, `applying` brings the rows up (and says which role counts), `readings` keeps what became of
each reading, `times` says when it is read.
"""

from lti_tool.roster.applying import Refreshed
from lti_tool.roster.asking import MEDIA_TYPE, Member, Problem, RosterUnavailable, ask
from lti_tool.roster.readings import Change, How, RosterChange, RosterReading
from lti_tool.roster.refreshing import refresh
from lti_tool.roster.times import after_launch, ask_for, claim_turn, init_app, is_reason, may_ask

__all__ = [
    "MEDIA_TYPE",
    "Change",
    "How",
    "Member",
    "Problem",
    "Refreshed",
    "RosterChange",
    "RosterReading",
    "RosterUnavailable",
    "after_launch",
    "ask",
    "ask_for",
    "claim_turn",
    "init_app",
    "is_reason",
    "may_ask",
    "refresh",
]
