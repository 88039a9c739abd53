"""A question put down as it was read is the same when it is taken up again."""

from __future__ import annotations

from quizzes.exchange.bringing import staging
from quizzes.formats.model import Media, Place, Question
from quizzes.kinds import Kind

PICTURE = Media(b"dots", "plan.png", "image/png")


def test_a_question_comes_back_with_its_pictures_and_its_place():
    body = {"text": 'What does "media":[] mean?', "why": f"picture:{PICTURE.key}"}
    question = Question(kind=Kind.ESSAY, body=body, tags=("json",), media=(PICTURE,), place=Place(17, "JSON"))

    said = staging.written(question)

    assert staging.named_in(said) == [PICTURE.key]
    found = staging.read(said, {PICTURE.key: PICTURE})
    assert (found, found.place) == (question, question.place)


def test_a_question_without_pictures_names_none():
    said = staging.written(Question(kind=Kind.ESSAY, body={"text": "Why?"}))

    assert staging.named_in(said) == []
