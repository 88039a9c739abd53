"""Whoever was mailed a progress report wants no more of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lti_tool.manager_mail.stopping import Stopping
from xapi.progress.mailing.models import ProgressReport, ProgressStop

STOPPING = Stopping(
    ProgressReport,
    ProgressStop,
    asking=_l(
        "This tool would send you no more progress reports, about anybody. Reports of quizzes are not stopped by this:"
        " they have a link of their own."
    ),
    stopped=_l(
        "This tool sends you no more progress reports, about anybody. Reports of quizzes are not stopped by this: they"
        " have a link of their own."
    ),
)
