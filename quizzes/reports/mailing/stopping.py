"""Whoever was mailed a report of a quiz wants no more of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lti_tool.manager_mail.stopping import Stopping
from quizzes.reports.mailing.models import ManagerReport, ReportStop

STOPPING = Stopping(
    ManagerReport,
    ReportStop,
    asking=_l(
        "This tool would send you no more reports of quizzes, about anybody. Progress reports are not stopped by this:"
        " they have a link of their own."
    ),
    stopped=_l(
        "This tool sends you no more reports of quizzes, about anybody. Progress reports are not stopped by this: they"
        " have a link of their own."
    ),
)
