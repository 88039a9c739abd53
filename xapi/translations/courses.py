"""Of courses: somebody came in."""

from __future__ import annotations

from lti_tool.events import (
    ActedAs,
    ActivityCompleted,
    CourseEntered,
    CourseSettingsCopied,
    GradeChanged,
    PersonJoinedCourse,
    PersonLeftCourse,
    PersonReturned,
)
from xapi import vocabulary as v
from xapi.translations.writing import (
    NotTold,
    Statement,
    Told,
    account,
    course,
    statement,
)


def entered(event: CourseEntered, base: str) -> list[Statement]:
    return [
        statement(
            event,
            "initialized",
            actor=account(event.who),
            verb=v.INITIALIZED,
            thing=course(event.where, base),
            context={},
        )
    ]


TOLD: Told = {
    CourseEntered: entered,
}
NOT_TOLD: NotTold = {
    ActedAs: "An administrator looked at the tool in somebody's name: that is no experience of theirs.",
    ActivityCompleted: "The activity itself is told, by the feature it belongs to.",
    CourseSettingsCopied: "Settings are no experience.",
    GradeChanged: "The attempt that earned the grade is told.",
    PersonJoinedCourse: "The LMS's act, which it tells itself if it likes.",
    PersonLeftCourse: "The LMS's act, which it tells itself if it likes.",
    PersonReturned: "The LMS's act, which it tells itself if it likes.",
}
