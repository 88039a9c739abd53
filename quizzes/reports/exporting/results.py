"""Attempts as results that other systems read: one learner's as a file, those of a class as many files in one.

What a visitor may not see is not in it. Nobody is named: learners stand under their ids here, files under numbers.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from typing import IO

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import let_go
from lti_tool.files.called import ending_of
from quizzes import queries
from quizzes.designing.reviewing import EVERYTHING, Shown
from quizzes.exchange.identifying import identifiers, test_identifier
from quizzes.formats.qti.writing.identifiers import identifier_of
from quizzes.formats.qti.writing.reporting import VERSIONS, Version
from quizzes.formats.qti.writing.responses import Variable, names, variables
from quizzes.formats.qti.writing.results import AttemptResult, ItemResult, report
from quizzes.kinds import FILES, Response
from quizzes.models import Answer, Attempt, Quiz
from quizzes.reports.exporting.tables import portions

AT_ONCE = 100
_EPOCH = (1980, 1, 1, 0, 0, 0)


def written(attempt: Attempt, version: str, *, shows: frozenset[Shown] = EVERYTHING) -> bytes:
    """An attempt that was handed in, as far as it may be shown. Raises KeyError for a version that there is not."""
    return report(_result(attempt, shows), VERSIONS[version])


def write_all(
    file: IO[bytes], session: Session, quiz: Quiz, version: str, told: Callable[[int], None] = lambda _number: None
) -> None:
    """Every attempt that was handed in, for those who teach; `told` hears after each portion how many there are."""
    said, number = VERSIONS[version], 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for ids in portions(session, quiz, AT_ONCE):
            wanted = select(Attempt).where(Attempt.id.in_(ids)).order_by(Attempt.id).options(queries.with_answers())
            for attempt in session.scalars(wanted):
                archive.writestr(*_member(attempt, said), zipfile.ZIP_DEFLATED)
                number += 1
            let_go()
            told(number)


def _member(attempt: Attempt, version: Version) -> tuple[zipfile.ZipInfo, bytes]:
    name = f"{_learner(attempt)}/attempt-{attempt.n}.xml"
    return zipfile.ZipInfo(name, _EPOCH), report(_result(attempt, EVERYTHING), version)


def _learner(attempt: Attempt) -> str:
    return f"learner-{attempt.enrolment.public_id}"


def _result(attempt: Attempt, shows: frozenset[Shown]) -> AttemptResult:
    assert attempt.submitted is not None, "only what was handed in has a result"
    maximum = attempt.maximum if Shown.MAXIMUM in shows else None
    settings = attempt.settings
    return AttemptResult(
        learner=_learner(attempt),
        attempt=f"attempt-{attempt.public_id}",
        source=current_app.config["IRI_BASE"],
        test=test_identifier(attempt.quiz.public_id),
        submitted=attempt.submitted,
        seconds=int((attempt.submitted - attempt.started).total_seconds()),
        score=attempt.raw if Shown.MARK in shows and attempt.is_marked else None,
        maximum=maximum,
        enough=None if maximum is None or settings.is_practice else maximum * settings.pass_percent / 100,
        items=_items(attempt, shows) if Shown.ATTEMPT in shows else (),
    )


def _items(attempt: Attempt, shows: frozenset[Shown]) -> Sequence[ItemResult]:
    called = identifiers([each.version.question for each in attempt.answers])
    return [_item(each, attempt, identifier_of(called[each.version.question_id]), shows) for each in attempt.answers]


def _item(answer: Answer, attempt: Attempt, name: str, shows: frozenset[Shown]) -> ItemResult:
    """What a question earned tells whether it was right, so the one is told only with the other."""
    version = answer.version
    tells = {Shown.CORRECTNESS, Shown.MARK} <= shows
    return ItemResult(
        identifier=name,
        place=answer.place,
        at=answer.saved or attempt.submitted or attempt.started,
        answered=variables(version.kind, version.body, _without_names(answer)),
        right=_right(answer) if Shown.RIGHT_ANSWER in shows else (),
        shown=_shown(answer),
        score=answer.mark if tells else None,
        maximum=answer.maximum if Shown.MAXIMUM in shows and version.behavior.takes_answers else None,
        is_marked=answer.fraction is not None,
    )


def _right(answer: Answer) -> Sequence[Variable]:
    version = answer.version
    return variables(version.kind, version.body, right) if (right := version.right_answer) else ()


def _shown(answer: Answer) -> Sequence[str]:
    known = names(answer.version.kind, answer.version.body)
    return [known[place] for place in answer.option_order if place < len(known)]


def _without_names(answer: Answer) -> Response:
    """Of files, how many there are and of which kind: what a file is called may say whose it is."""
    put = answer.response.get(FILES)
    if put is None:
        return answer.response
    endings = {each.public_id: ending_of(each.file_name) for each in answer.files}
    return {FILES: [f"file-{n}.{endings.get(each, '')}".rstrip(".") for n, each in enumerate(put, start=1)]}
