from __future__ import annotations

from markupsafe import Markup

from quizzes.designing.reviewing import EVERYTHING, KEYS
from quizzes.reporting import TopicResult, Understanding, report
from tests.quizzes.conftest import hand_in


def test_a_topic_is_understood_when_all_of_it_was_right():
    whole = TopicResult(title="Tea", asked=2, right=2, earned=2.0, maximum=2.0)
    part = TopicResult(title="Tea", asked=2, right=0, earned=0.5, maximum=2.0)
    none = TopicResult(title="Tea", asked=2, right=0, earned=0.0, maximum=2.0)

    assert [each.understanding for each in (whole, part, none)] == [
        Understanding.FULL,
        Understanding.PARTIAL,
        Understanding.NONE,
    ]


def test_topics_stand_in_the_order_of_the_bank_and_add_up_to_the_attempt(session, start):
    attempt = hand_in(session, start(), right=12)

    found = report(attempt, shows=EVERYTHING)

    order = [category.title for category in attempt.quiz.bank.categories]
    titles = [topic.title for topic in found.topics]
    assert titles == [title for title in order if title in titles]
    assert sum(topic.asked for topic in found.topics) == 20
    assert sum(topic.earned for topic in found.topics) == 12.0
    assert [missed.place for missed in found.missed] == list(range(13, 21))


def test_right_answers_and_reasons_are_in_it_only_if_they_may_be(session, start):
    attempt = hand_in(session, start(), right=19)
    version = attempt.answers[-1].version
    texts = {option["id"]: option["text"] for option in version.body["options"]}

    hidden, open_ = (report(attempt, shows=shows).missed[0] for shows in (EVERYTHING - KEYS, EVERYTHING))

    assert (list(hidden.right), hidden.why) == ([], Markup())
    assert (set(open_.right), open_.why) == (
        {texts[option] for option in version.right},
        Markup("<p>{}</p>").format(version.why),
    )
    assert (list(open_.chosen), open_.earned) == ([], 0.0)
