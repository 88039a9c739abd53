"""Ready or not yet, and what to look at next."""

from __future__ import annotations

from dataclasses import replace

from quizzes.designing.settings import Grading
from quizzes.progress import Progress
from quizzes.queries import attempts_of as quiz_attempts
from quizzes.reporting import TopicResult
from quizzes.reports.topics import Standing, standing_after, standing_in
from tests.quizzes.making import changed


def topic(title: str, right: int, asked: int = 4) -> TopicResult:
    return TopicResult(title=title, asked=asked, right=right, earned=float(right), maximum=float(asked))


TOPICS = [topic("Tea", 4), topic("Soup", 1), topic("Bread", 3), topic("Salt", 2), topic("Jam", 0)]


def test_who_has_passed_is_ready():
    assert Standing(True, TOPICS, 0).is_ready
    assert not Standing(False, TOPICS, 0).is_ready


def test_where_each_topic_asks_something_a_pass_is_not_enough():
    standing = Standing(True, TOPICS, 50)

    assert not standing.is_ready
    assert [each.title for each in standing.short] == ["Soup", "Jam"]


def test_what_waits_for_marks_makes_nobody_ready():
    assert not Standing(True, TOPICS, 0, is_marked=False).is_ready


def test_what_went_worst_is_looked_at_next():
    assert [each.title for each in Standing(True, TOPICS, 0).next] == ["Jam", "Soup", "Salt"]
    assert Standing(True, TOPICS[:1], 0).next == []


def test_of_several_attempts_the_one_that_counts_says_the_topics_and_all_of_them_who_has_passed(
    session, quiz, leo, hand_in
):
    quiz = changed(session, quiz, grading=Grading.AVERAGE, topic_percent=50)
    hand_in(4)
    last = hand_in(20, seed=2)
    progress = Progress(quiz=quiz, learner=leo, attempts=quiz_attempts(session, quiz, leo))

    alone, together = standing_after(last, TOPICS[:1]), standing_in(progress, TOPICS[:1])

    assert (alone.is_ready, alone.least) == (True, 50)
    assert together == replace(alone, has_passed=False)
    assert standing_in(Progress(quiz=quiz, learner=leo), TOPICS) is None
