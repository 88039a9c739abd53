"""Ready or not yet, and what to look at next."""

from __future__ import annotations

from quizzes.reporting import TopicResult
from quizzes.reports.topics import Standing


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
