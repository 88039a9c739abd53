"""For operators: each platform, whether it is let in, reachable and synchronized, and what to do about it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import case, func, select

from lti_tool import platforms
from lti_tool.claims import RESULT_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.db import db
from lti_tool.gradebook import Grade, Trouble
from lti_tool.jobs import Job, JobState
from lti_tool.models import Course, Deployment, Enrolment, Platform, Standing
from lti_tool.notice_handlers import NoticeHandler
from lti_tool.operating.checking import Advice, Cell, Fact, Section, Table, code, moment, words
from lti_tool.operating.probing import PlatformProbe
from lti_tool.outgoing.services import AccessToken
from lti_tool.platform_keys import PlatformKeySet

MOST_PLATFORMS = 50
MOST_DEPLOYMENTS = 50
MOST_COURSES = 30


def sections() -> list[Section]:
    """The platforms, those that wait for approval first, and how many more there are than a page can hold."""
    waits_first = case((Platform.standing == Standing.WAITING, 0), else_=1)
    found = db.session.scalars(select(Platform).order_by(waits_first, Platform.id).limit(MOST_PLATFORMS)).all()
    if not found:
        return [_nobody()]
    total = db.session.scalar(select(func.count(Platform.id))) or 0
    return [*(_platform(each) for each in found), *_further(total - len(found))]


def _further(number: int) -> list[Section]:
    if number <= 0:
        return []
    said = ngettext(
        "One more is registered; flask --app wsgi platform list shows it.",
        "%(num)d more are registered; flask --app wsgi platform list shows them.",
        number,
    )
    fact = Fact(label=_("Not on this page"), cell=words(said))
    return [Section(key="further-platforms", title=_("Further learning platforms"), facts=[fact])]


def _nobody() -> Section:
    return Section(
        key="platforms",
        title=_("Learning platforms"),
        advice=[
            Advice(
                sentence=_(
                    "No learning platform is registered, so nobody can come in. Print an invitation, and open it in "
                    "the LMS as its administrator; or register the LMS by hand with platform add."
                ),
                command="flask --app wsgi platform invite",
            )
        ],
    )


def _platform(platform: Platform) -> Section:
    deployments = db.session.scalars(
        select(Deployment).where(Deployment.platform_id == platform.id).order_by(Deployment.id)
    ).all()
    return Section(
        key=f"platform-{platform.public_id}",
        title=platform.name,
        platform=platform.public_id,
        facts=[*_registered(platform), *_reached(platform)],
        tables=[_deployments(platform, deployments), _courses(platform)],
        advice=_advice(platform, deployments),
    )


STANDING_TONES = {Standing.ACTIVE: "done", Standing.WAITING: "waiting", Standing.DEACTIVATED: "wrong"}


def _standing(standing: Standing) -> Cell:
    names = {
        Standing.ACTIVE: _("Let in"),
        Standing.WAITING: _("Waits for approval"),
        Standing.DEACTIVATED: _("Not let in"),
    }
    return words(names[standing], STANDING_TONES[standing])


def _registered(platform: Platform) -> list[Fact]:
    how = _("by itself, with an invitation") if platform.is_self_registered else _("by hand")
    return [
        Fact(label=_("State"), cell=_standing(platform.standing)),
        *(Fact(label=_("To look at"), cell=words(remark, "waiting")) for remark in platform.remarks),
        *(Fact(label=_("Not granted"), cell=words(each, "waiting")) for each in platforms.switched_off(platform)),
        Fact(label=_("Issuer"), cell=code(platform.issuer)),
        Fact(label=_("Client id"), cell=code(platform.client_id)),
        Fact(label=_("Registered"), cell=moment(platform.created), note=how),
        Fact(label=_("Kind of LMS"), cell=words(platform.family or _("not seen yet"))),
        Fact(label=_("Login address"), cell=code(platform.auth_url)),
        Fact(label=_("Token address"), cell=code(platform.token_url)),
        Fact(label=_("Key set address"), cell=code(platform.jwks_url)),
    ]


def _reached(platform: Platform) -> list[Fact]:
    keys = db.session.scalar(select(PlatformKeySet).where(PlatformKeySet.url == platform.jwks_url))
    token = db.session.scalar(select(func.max(AccessToken.expires)).where(AccessToken.platform_id == platform.id))
    trial = db.session.scalar(select(PlatformProbe).where(PlatformProbe.platform_id == platform.id))
    facts = [
        Fact(
            label=_("Its keys were last fetched"),
            cell=moment(keys.fetched if keys else None, _("never yet")),
            note=_("asked in vain since") if keys and (keys.fetched is None or keys.tried > keys.fetched) else "",
        ),
        Fact(label=_("Newest access token is good until"), cell=moment(token, _("none is kept"))),
    ]
    if trial is not None:
        facts += _tried(trial)
    return [*facts, *_asked_for_notices(platform)]


def _tried(trial: PlatformProbe) -> list[Fact]:
    found = ngettext("It answered with one usable key.", "It answered with %(num)d usable keys.", trial.key_count)
    return [
        Fact(label=_("Last tried out"), cell=moment(trial.at)),
        Fact(
            label=_("Its keys"),
            cell=words(trial.keys_problem, "wrong") if trial.keys_problem else words(found, "done"),
        ),
        Fact(
            label=_("A token for its services"),
            cell=words(trial.token_problem, "wrong") if trial.token_problem else words(_("It gave one."), "done"),
        ),
    ]


def _asked_for_notices(platform: Platform) -> list[Fact]:
    rows = db.session.scalars(
        select(NoticeHandler)
        .join(NoticeHandler.deployment)
        .where(Deployment.platform_id == platform.id)
        .order_by(NoticeHandler.id)
        .limit(MOST_DEPLOYMENTS)
    ).all()
    return [
        Fact(
            label=_("Notices: %(kind)s", kind=row.notice_type),
            cell=words(row.problem, "wrong") if row.problem else moment(row.registered, _("about to be asked for")),
            note=_("deployment %(id)s", id=row.deployment.deployment_id),
        )
        for row in rows
    ]


def _deployments(platform: Platform, deployments: Sequence[Deployment]) -> Table:
    shown = deployments[:MOST_DEPLOYMENTS]
    return Table(
        title=_("Deployments of %(platform)s", platform=platform.name),
        columns=[_("Deployment id"), _("State"), _("Seen since")],
        rows=[[code(each.deployment_id), _standing(each.standing), moment(each.created)] for each in shown],
        empty=_("None yet. The first launch names one, which then waits here for approval."),
        more=len(deployments) - len(shown),
    )


def _courses(platform: Platform) -> Table:
    is_of_it = Deployment.platform_id == platform.id
    total = db.session.scalar(select(func.count(Course.id)).join(Course.deployment).where(is_of_it)) or 0
    courses = db.session.scalars(
        select(Course)
        .join(Course.deployment)
        .where(is_of_it)
        .order_by(Course.roster_read.desc().nulls_last(), Course.id.desc())
        .limit(MOST_COURSES)
    ).all()
    ids = [course.id for course in courses]
    people, grades, failures = _people(ids), _grades(ids), _failures(ids)
    return Table(
        title=_("Courses of %(platform)s", platform=platform.name),
        columns=[_("Course"), _("People"), _("Roster read"), _("Grades waiting"), _("Grades refused"), _("Off")],
        rows=[
            [
                words(course.title),
                words(people.get(course.id, 0)),
                _roster(course, failures.get(course.id, "")),
                *_grade_cells(*grades.get(course.id, (0, 0))),
                words(", ".join(_off(course))),
            ]
            for course in courses
        ],
        empty=_("None yet. A course stands here as soon as somebody opens the tool from it."),
        more=max(total - len(courses), 0),
    )


def _people(courses: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Enrolment.course_id, func.count())
        .where(Enrolment.course_id.in_(courses), Enrolment.is_active, ~Enrolment.is_test)
        .group_by(Enrolment.course_id)
    )
    return {row[0]: row[1] for row in rows}


def _grades(courses: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By course: grades whose newest value the LMS does not have, and among those the ones it said no to."""
    is_behind = Grade.sent_version < Grade.version
    is_stuck = Grade.trouble.in_([trouble for trouble in Trouble if trouble.is_stuck])
    rows = db.session.execute(
        select(
            Enrolment.course_id,
            func.sum(case((is_behind & ~is_stuck, 1), else_=0)),
            func.sum(case((is_behind & is_stuck, 1), else_=0)),
        )
        .join(Grade.enrolment)
        .where(Enrolment.course_id.in_(courses), ~Enrolment.is_test)
        .group_by(Enrolment.course_id)
    )
    return {course: (int(waiting or 0), int(refused or 0)) for course, waiting, refused in rows}


def _failures(courses: Sequence[int]) -> dict[int, str]:
    """By course: why its newest work of the long kind, such as reading the roster, did not come to its end."""
    rows = db.session.execute(
        select(Job.course_id, Job.state, Job.error).where(Job.course_id.in_(courses)).order_by(Job.id)
    )
    newest = {course: error if state != JobState.DONE else "" for course, state, error in rows}
    return {course: error for course, error in newest.items() if course is not None and error}


def _roster(course: Course, failure: str) -> Cell:
    if failure:
        return words(failure, "wrong")
    return moment(course.roster_read, _("never yet"))


def _grade_cells(waiting: int, refused: int) -> list[Cell]:
    return [words(waiting, "waiting" if waiting else ""), words(refused, "wrong" if refused else "")]


def _off(course: Course) -> list[str]:
    """What the LMS does not let this tool do in the course."""
    off = []
    if not course.roster_url or not platforms.allows(course.platform, ROSTER_SCOPE):
        off.append(_("reading the roster"))
    if SCORE_SCOPE not in course.line_item_scopes:
        off.append(_("sending grades"))
    elif RESULT_SCOPE not in course.line_item_scopes:
        off.append(_("reading grades back"))
    return off


def _advice(platform: Platform, deployments: Sequence[Deployment]) -> list[Advice]:
    advice = []
    if platform.standing != Standing.ACTIVE:
        sentence = _("%(name)s is not let in. If you know this LMS, approve it.", name=platform.name)
        advice.append(Advice(sentence=sentence, command=f"flask --app wsgi platform approve {platform.public_id}"))
    # Approving a platform lets in what came with its registration, so that is one errand and not two.
    for each in deployments[:MOST_DEPLOYMENTS] if platform.standing != Standing.WAITING else ():
        if each.standing == Standing.WAITING:
            sentence = _(
                "Deployment %(id)s of %(name)s waits. If you know it, approve it.",
                id=each.deployment_id,
                name=platform.name,
            )
            # An LMS chose this text, and an operator will paste it.
            quoted = shlex.quote(each.deployment_id) if each.deployment_id.isprintable() else "…"
            command = f"flask --app wsgi deployment approve {platform.public_id} {quoted}"
            advice.append(Advice(sentence=sentence, command=command))
    return advice
