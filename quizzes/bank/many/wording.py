"""What is wrong with a text of many questions, in sentences, and an example of one that is right."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.bank.checking import Wrong
from quizzes.bank.many.reading import LONGEST_TOPIC, MOST_POINTS, Odd
from quizzes.bank.wording import WRONG

ODD: Mapping[Odd, LazyString] = {
    Odd.NO_QUESTION: _l("There is no question above this. Write the question first, and its answers beneath it."),
    Odd.NO_ANSWER: _l(
        "This has no answer. Write options beneath it, each in a line that begins with - and with * if it is right. "
        "If it goes on with the text above, begin the line with two spaces."
    ),
    Odd.TWO_WAYS: _l("The question has options above. Take this line out, or make it one of them: begin it with *."),
    Odd.NO_SUCH_OPTION: _l("The question has no option %(letter)s. Name one by its letter, such as B."),
    Odd.DIFFICULTY: _l("A question is easy, medium or hard. Write one of these words."),
    Odd.POINTS: _l("Give the points as a number from 0 to %(most)d."),
    Odd.LONG_TOPIC: _l("A topic has at most %(longest)d characters. Make it shorter."),
}
_OF_LINES: Mapping[Wrong, LazyString] = {
    Wrong.NOTHING_RIGHT: _l("No option is marked as right. Put * before it."),
    Wrong.TWO_OPTIONS: _l("There is only one option. Write another beneath it, in a line that begins with -."),
}


def odd_sentence(odd: Odd, about: Mapping[str, object]) -> str:
    return str(ODD[odd]) % {"most": MOST_POINTS, "longest": LONGEST_TOPIC, **about}


def wrong_sentence(wrong: Wrong, about: Mapping[str, object]) -> str:
    return str(_OF_LINES.get(wrong) or WRONG[wrong]) % about


def example() -> str:
    """One question of each kind that can be written in this way."""
    said: str = _(
        "Topic: Fire safety\n"
        "Tags: first day\n"
        "\n"
        "1. What do you do first when the alarm sounds?\n"
        "- Finish the mail\n"
        "* Leave the building\n"
        "- Take the lift\n"
        "Why: Everything else can wait.\n"
        "\n"
        "2. Which of these may stand in an escape route?\n"
        "a) A plant\n"
        "*b) An exit sign\n"
        "*c) A fire extinguisher\n"
        "Difficulty: medium\n"
        "\n"
        "3. The lift may be used during an alarm.\n"
        "= false\n"
        "\n"
        "4. How many minutes may leaving the building take?\n"
        "= 4 ± 1\n"
        "\n"
        "5. What do you press to warn everybody?\n"
        "= fire alarm\n"
        "= alarm\n"
    )
    return said
