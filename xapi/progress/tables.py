"""A report as tables to take along: a row for each learner, or for each mentorship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.models import Enrolment
from lti_tool.tables.writing import Cell
from xapi.progress.facts import Account
from xapi.progress.folding import Mentorship
from xapi.progress.report import WEEKS, Learner, Report
from xapi.progress.wording import called, in_words

People = Mapping[Account, Enrolment]


class What(StrEnum):
    LEARNERS = "learners"
    MENTORSHIPS = "mentorships"


TITLES: Mapping[What, LazyString] = {What.LEARNERS: _l("Learners"), What.MENTORSHIPS: _l("Mentorships")}


@dataclass(frozen=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def table(what: What, report: Report, people: People) -> Table:
    return _learners(report, people) if what is What.LEARNERS else _mentorships(report, people)


def _learners(report: Report, people: People) -> Table:
    header = [
        _("Learner"),
        _("State"),
        _("Meetings held"),
        _("Goals set"),
        _("Goals reached"),
        _("Quizzes taken"),
        _("Quizzes passed"),
        _("Best quiz result (0 to 1)"),
        _("Last activity"),
        *(_("Activities %(weeks)d weeks ago", weeks=WEEKS - 1 - week) for week in range(WEEKS)),
    ]
    return Table(header, [_learner(each, people) for each in report.learners])


def _learner(each: Learner, people: People) -> Sequence[Cell]:
    best = max((quiz.scaled for quiz in each.quizzes), default=None)
    return [
        name_of(each.account, people),
        str(in_words(each.state)[0]),
        each.held,
        each.goals,
        each.goals_reached,
        len(each.quizzes),
        each.passed,
        best,
        _written(each.last),
        *each.weeks,
    ]


def _mentorships(report: Report, people: People) -> Table:
    header = [
        _("People"),
        _("Mentor"),
        _("Program"),
        _("Cohort"),
        _("State"),
        _("Since"),
        _("Paired"),
        _("Days to the first meeting"),
        _("Meetings held"),
        _("Meetings missed"),
        _("Goals set"),
        _("Goals reached"),
        _("Tasks done"),
        _("Last sign of life"),
    ]
    return Table(header, [list(_mentorship(each, report, people)) for each in report.mentorships])


def _mentorship(each: Mentorship, report: Report, people: People) -> Iterator[Cell]:
    yield ", ".join(name_of(account, people) for account in each.people)
    yield name_of(each.mentor, people) if each.mentor else ""
    yield called(report, each.program) if each.program else ""
    yield called(report, each.cohort) if each.cohort else ""
    yield str(in_words(each.state)[0])
    yield _written(each.since)
    yield _written(each.assigned)
    yield each.days_to_first_meeting
    yield len(each.held)
    yield each.missed
    yield len(each.goals)
    yield each.goals_reached
    yield len(each.tasks_done)
    yield _written(each.last)


def name_of(account: Account, people: People) -> str:
    """Whoever is not in the course any more, or was erased, is somebody."""
    found = people.get(account)
    return found.name if found else _("Somebody who is gone")


def _written(moment: datetime | None) -> str:
    """For programs: UTC, as ISO 8601."""
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z") if moment else ""
