"""For operators: how logins and launches ended lately, what each reason means, and what helps."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lti_tool.arrivals import tally, verdicts
from lti_tool.arrivals.tally import LET_IN
from lti_tool.arrivals.verdicts import Reason
from lti_tool.db import db
from lti_tool.models import Platform
from lti_tool.operating.checking import Section, Table, moment, words

MOST_ROWS = 60

LET_IN_MEANS = {
    "ok": _l("Let in."),
    "no_course": _l("Let in, but opened outside a course; the visitor was asked to open the tool from one."),
    "ignored": _l("A notice of a kind this tool has no use for."),
    "repeated": _l("A notice that had come before."),
}
REMEDIES = {
    "missing_parameter": _l("Compare the tool's login address in the LMS with the one above."),
    "unknown_platform": _l(
        "Register the platform with exactly the issuer and client id of the detail: flask --app wsgi platform add"
    ),
    "platform_not_active": _l("Approve it, if you know it: flask --app wsgi platform approve"),
    "unknown_deployment": _l("Approve it, if you know it: flask --app wsgi deployment approve"),
    "state_unknown": _l("Harmless now and then: somebody waited too long or pressed reload."),
    "state_cookie": _l(
        "The browser keeps no cookies in frames. If it happens to many, let the LMS open the tool in a new window."
    ),
    "state_spent": _l("Harmless: somebody pressed back or reload."),
    "bad_token": _l("The LMS sends something LTI 1.3 does not allow; the detail names the part. Check its tool type."),
    "too_large": _l("No LMS sends that much. Somebody may be trying."),
    "bad_signature": _l("Nobody but the LMS can sign. If it is really the LMS, check its key set address."),
    "unknown_key": _l("The key set address above is not the one of the LMS that signs, or its keys were just changed."),
    "keys_unavailable": _l("The key set address cannot be reached from here: try Test now."),
    "wrong_audience": _l("The client id above differs from the one in the LMS."),
    "wrong_issuer": _l("The issuer above differs from the one the LMS signs with."),
    "wrong_nonce": _l("Harmless once; many may mean that somebody replays launches."),
    "wrong_target": _l("The target link in the LMS is not an address of this tool, or was changed on the way."),
    "wrong_time": _l("The clocks of this machine and of the LMS differ by more than a minute: set them by NTP."),
    "wrong_version": _l("The tool is set up as LTI 1.1 in the LMS: set it up as LTI 1.3."),
    "wrong_message": _l("The LMS placed the tool where this tool offers nothing."),
    "platform_error": _l("The LMS refused by itself; its own log says why."),
    "broken": _l("An error inside this tool; the log has it in full."),
}


def sections() -> list[Section]:
    tally.write_down()
    return [Section(key="verdicts", title=_("Launches and refusals"), tables=[_counts(), _refusals()])]


def _counts() -> Table:
    names = _platform_names()
    found = tally.counted()
    return Table(
        title=_("How they ended, since this database was made"),
        columns=[_("Reason"), _("Platform"), _("Where"), _("Times"), _("Last"), _("What it means"), _("What helps")],
        rows=[
            [
                words(row.code, "done" if row.code in LET_IN else "waiting"),
                words(names.get(row.platform, "")),
                words(row.stage),
                words(row.count),
                moment(row.last),
                words(meaning(row.code)),
                words(remedy(row.code)),
            ]
            for row in found[:MOST_ROWS]
        ],
        empty=_("Nobody has come yet. Each launch is counted here, with the reason if it was refused."),
        more=max(len(found) - MOST_ROWS, 0),
    )


def _refusals() -> Table:
    names = _platform_names()
    return Table(
        title=_("The newest refusals"),
        columns=[_("When"), _("Reason"), _("Platform"), _("Deployment"), _("Where"), _("Detail")],
        rows=[
            [
                moment(row.at),
                words(row.code, "waiting"),
                words(names.get(row.platform, "")),
                words(row.deployment),
                words(row.stage),
                words(row.detail),
            ]
            for row in tally.late_refusals()
        ],
        empty=_("Nobody was refused."),
    )


def _platform_names() -> dict[str, str]:
    return {platform.public_id: platform.name for platform in db.session.scalars(select(Platform))}


def meaning(code: str) -> str:
    if code in LET_IN_MEANS:
        return str(LET_IN_MEANS[code])
    reason = _reasons().get(code)
    return str(reason.cause) if reason else ""


def remedy(code: str) -> str:
    if code in LET_IN:
        return ""
    reason = _reasons().get(code)
    return str(REMEDIES.get(code) or (reason.cure if reason else ""))


def _reasons() -> dict[str, Reason]:
    return {each.code: each for each in vars(verdicts).values() if isinstance(each, Reason)}
