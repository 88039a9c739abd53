"""The files of an answer as those who mark see them: where names are hidden, by names that say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.files.called import ending_of
from quizzes.models import Answer, AnswerFile


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    file: AnswerFile
    called: str


def files_of(answer: Answer, *, is_blind: bool) -> Sequence[HandedIn]:
    return [
        HandedIn(file=each, called=_neutral(answer, number, each) if is_blind else each.file_name)
        for number, each in enumerate(answer.files, start=1)
    ]


def _neutral(answer: Answer, number: int, file: AnswerFile) -> str:
    """*3f9ac1-question-2-file-1.pdf*: by the word that its page calls the attempt by."""
    word = answer.attempt.public_id[:6].lower()
    return f"{word}-question-{answer.place}-file-{number}.{ending_of(file.file_name)}"
