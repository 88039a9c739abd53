"""Pages of progress: for instructors of the course and its parts, for learners their own; and files."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.names import answers_to
from lti_tool.pages import render
from lti_tool.paging import place_in, searched
from lti_tool.tables import excel, writing
from xapi.progress import tables, wording
from xapi.progress.facts import Account
from xapi.progress.folding import Mentorship, State
from xapi.progress.mailing.showing import to_my_manager
from xapi.progress.reading import account_of, everybody, folded_of, people_of, report_of, untold
from xapi.progress.report import Learner, Part, Report, report
from xapi.progress.tables import TITLES, What

bp = Blueprint("progress", __name__, template_folder="templates")
HERE = "/courses/<course>/progress"
AT_ONCE = 50
MIMETYPES = {"csv": "text/csv; charset=utf-8", "xlsx": excel.MIMETYPE}
_URGENT = {state: place for place, state in enumerate(wording.STATES)}


@bp.get(HERE)
@open_to(Role.INSTRUCTOR)
def course(me: Enrolment) -> ResponseReturnValue:
    """The figures, and a row for each learner; whom somebody should look at stands first."""
    report = _report(me)
    rows = _searched(me, report.learners, lambda each: [each.account])
    rows = sorted(rows, key=lambda each: (_URGENT.get(each.state, len(_URGENT)), _oldest(each), each.account))
    missing = untold(db.session, me.course, report) if report.part.is_all else 0
    return _page("progress/course.html", me, report, rows, lambda each: [each.account], untold=missing)


@bp.get(f"{HERE}/mentorships")
@open_to(Role.INSTRUCTOR)
def mentorships(me: Enrolment) -> ResponseReturnValue:
    """Perhaps only those that stand in one way."""
    report, wanted = _report(me), request.args.get("state", "")
    asked_for = [each for each in report.mentorships if wanted in ("", each.state.value)]
    rows = _searched(me, asked_for, _people_of)
    rows = sorted(rows, key=lambda each: (_URGENT[each.state], each.since or report.at, each.registration))
    return _page("progress/mentorships.html", me, report, rows, _people_of)


@bp.get(f"{HERE}/learners/<learner_id>")
@open_to(Role.INSTRUCTOR)
def learner(me: Enrolment, learner_id: str) -> ResponseReturnValue:
    """What others said in reviews is the learner's, and does not stand here."""
    who = db.session.scalar(
        select(Enrolment).where(Enrolment.course_id == me.course_id, Enrolment.public_id == learner_id)
    )
    return _of_one(me, who or abort(404))


@bp.get(f"{HERE}/mine")
@open_to(Role.LEARNER)
def mine(me: Enrolment) -> ResponseReturnValue:
    return _of_one(me, me)


@bp.get(f"{HERE}/<what>.<form>")
@open_to(Role.INSTRUCTOR)
def table(me: Enrolment, what: str, form: str) -> ResponseReturnValue:
    if what not in set(What) or form not in MIMETYPES:
        abort(404)
    report = _report(me)
    written = tables.table(What(what), report, everybody(db.session, me.course))
    file = io.BytesIO()
    if form == "csv":
        writing.write(file, written.header, written.rows)
    else:
        excel.write(file, str(TITLES[What(what)]), written.header, written.rows)
    answer = Response(file.getvalue(), content_type=MIMETYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="progress-{what}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _report(me: Enrolment) -> Report:
    """Of the part of the course that the address asks for; another one is none."""
    chosen, folded = request.args.get("of", ""), folded_of(db.session, me.course)
    parts = {"": Part()}
    for run in folded.mentorships.values():
        parts[f"program:{_tail(run.program)}"] = Part(program=run.program)
        parts[f"cohort:{_tail(run.cohort)}"] = Part(program=run.program, cohort=run.cohort)
    return report(folded, parts.get(chosen) or abort(404), clock.now())


def _tail(iri: str) -> str:
    return iri.rpartition("/")[2]


def _choices(report: Report) -> list[tuple[str, str]]:
    """Parts of the course as the form offers them: the programs, each with its cohorts if it has had several."""
    found = []
    for program in report.programs:
        found.append((f"program:{_tail(program)}", wording.called(report, program)))
        cohorts = [cohort for of, cohort in report.cohorts if of == program]
        for cohort in cohorts:
            if len(cohorts) > 1 or cohort in report.names:
                title = f"{wording.called(report, program)}: {wording.called(report, cohort)}"
                found.append((f"cohort:{_tail(cohort)}", title))
    return found


def _chosen(report: Report) -> str:
    if report.part.cohort:
        return f"cohort:{_tail(report.part.cohort)}"
    return f"program:{_tail(report.part.program)}" if report.part.program else ""


def _people_of(each: Mentorship) -> Sequence[Account]:
    return [*each.people, *([each.mentor] if each.mentor else [])]


def _searched(me: Enrolment, rows: Sequence[Any], of: Callable[[Any], Sequence[Account]]) -> Sequence[Any]:
    wanted = searched()
    if not wanted:
        return rows
    people = everybody(db.session, me.course)
    fitting = {account for account, person in people.items() if answers_to(person, wanted)}
    return [each for each in rows if fitting.intersection(of(each))]


def _oldest(each: Learner) -> float:
    return each.last.timestamp() if each.last else 0.0


def _page(
    template: str,
    me: Enrolment,
    report: Report,
    rows: Sequence[Any],
    of: Callable[[Any], Sequence[Account]],
    **more: Any,
) -> ResponseReturnValue:
    first = place_in()
    shown = rows[first : first + AT_ONCE]
    accounts = {account for each in shown for account in of(each)}
    return render(
        template,
        me=me,
        report=report,
        rows=shown,
        first=first,
        found=len(rows),
        at_once=AT_ONCE,
        people=people_of(db.session, me.course, accounts),
        search=searched(),
        chosen=_chosen(report),
        choices=_choices(report),
        state_wanted=request.args.get("state", ""),
        **more,
        **_WORDS,
    )


def _of_one(me: Enrolment, who: Enrolment) -> ResponseReturnValue:
    report = report_of(db.session, me.course, Part(), clock.now())
    account = account_of(who)
    found = next((each for each in report.learners if each.account == account), None)
    is_mine = who.id == me.id
    mentoring = [each for each in report.mentorships if each.mentor == account]
    accounts = {other for each in [*mentoring, *(found.mentorships if found else ())] for other in _people_of(each)}
    return render(
        "progress/learner.html",
        me=me,
        who=who,
        report=report,
        learner=found,
        mentoring=mentoring,
        people=people_of(db.session, me.course, accounts),
        is_mine=is_mine,
        to_manager=to_my_manager(db.session, me, found, at=report.at) if is_mine else None,
        **_WORDS,
    )


_WORDS: Mapping[str, Any] = {
    "in_words": wording.in_words,
    "drawn": wording.drawn,
    "called": wording.called,
    "days": wording.days,
    "percent": wording.percent,
    "name_of": tables.name_of,
    "State": State,
    "STATES": wording.STATES,
}
