"""The onboarding bank keeps what a good bank promises, and a broken bank is told what is wrong with it."""

from __future__ import annotations

from collections import Counter

import pytest

from quizzes import banks
from quizzes.banks import BankError, QuestionText
from quizzes.marking import Kind

BANK = banks.load("onboarding")
SINGLE = [question for question in BANK.questions if question.kind is Kind.SINGLE]
MULTIPLE = [question for question in BANK.questions if question.kind is Kind.MULTIPLE]

SMALL = """
title = "Small"
language = "en"
license = "MIT"
[topics]
tea = "Tea"
[[questions]]
id = "best-tea"
topic = "tea"
kind = "single"
difficulty = 1
text = "Which tea is best?"
options = [
    { id = "a", text = "Green" },
    { id = "b", text = "Black" },
    { id = "c", text = "None of these", fixed = true },
]
right = ["b"]
why = "Because it is."
"""


def test_the_bank_has_sixty_questions_forty_of_them_with_one_answer():
    assert (len(SINGLE), len(MULTIPLE), len(BANK.questions)) == (40, 20, 60)


def test_every_topic_has_six_questions_two_of_each_difficulty():
    counts = Counter((question.topic, question.difficulty) for question in BANK.questions)

    assert counts == {(topic, difficulty): 2 for topic in BANK.topics for difficulty in (1, 2, 3)}
    assert len(BANK.topics) == 10


def test_ids_and_texts_are_unique():
    assert len({question.id for question in BANK.questions}) == 60
    assert len({question.text.casefold() for question in BANK.questions}) == 60


def test_every_single_has_one_right_answer_and_every_multiple_two_or_three_and_two_wrong_ones():
    assert {len(question.right) for question in SINGLE} == {1}
    assert {len(question.right) for question in MULTIPLE} == {2, 3}
    assert min(len(question.options) - len(question.right) for question in MULTIPLE) == 2


def test_right_answers_cannot_be_guessed_by_length():
    longest = [question.id for question in SINGLE if by_length(question)[-1].is_right]
    shortest = [question.id for question in SINGLE if by_length(question)[0].is_right]

    assert len(longest) <= 14, longest
    assert len(shortest) <= 14, shortest


def by_length(question: QuestionText) -> list[banks.OptionText]:
    return sorted(question.options, key=lambda option: len(option.text))


def test_right_answers_cannot_be_guessed_by_option_id():
    assert Counter(question.right[0] for question in SINGLE) == {"a": 10, "b": 10, "c": 10, "d": 10}


def test_no_option_speaks_of_the_others():
    texts = [option.text.casefold() for question in BANK.questions for option in question.options]

    assert [text for text in texts if "of the above" in text or "of these" in text] == []


def test_texts_are_whole_sentences_or_names_and_reasons_one_sentence():
    assert [q.id for q in BANK.questions if not q.text.endswith("?")] == []
    assert [q.id for q in BANK.questions if not q.why.endswith(".") or ". " in q.why] == []


def test_a_bank_says_what_its_file_says():
    bank = banks.read("small", SMALL)

    assert (bank.title, bank.language, bank.topics) == ("Small", "en", {"tea": "Tea"})
    assert bank.questions == (
        QuestionText(
            id="best-tea",
            topic="tea",
            kind=Kind.SINGLE,
            difficulty=1,
            text="Which tea is best?",
            options=(
                banks.OptionText("a", "Green", False),
                banks.OptionText("b", "Black", True),
                banks.OptionText("c", "None of these", False, is_fixed=True),
            ),
            why="Because it is.",
        ),
    )


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ('title = "Small"', "", "It needs a title."),
        ('topic = "tea"', 'topic = "coffee"', "has the topic 'coffee', which the bank does not list."),
        ('kind = "single"', 'kind = "essay"', "has the kind 'essay'; it must be single or multiple."),
        ("difficulty = 1", "difficulty = 9", "has the difficulty 9; it must be 1, 2 or 3."),
        ('why = "Because it is."', "", "Question 'best-tea' needs a why."),
        ('id = "best-tea"', "", "Question number 1 needs a id."),
        ('{ id = "a", text = "Green" },', "", "has 2 options; three to five can be read at a glance."),
        ('text = "Green"', 'text = ""', "needs options, each with an id and a text."),
        ('id = "a"', 'id = "b"', "The option id 'b' stands twice."),
        ('"Green"', '"Black"', "The option text 'Black' stands twice."),
        ('right = ["b"]', 'right = ["z"]', "needs a list of right answers, each the id of an option."),
        ('right = ["b"]', 'right = ["a", "b"]', "2 right answers; a single-answer question has exactly one."),
        ('kind = "single"', 'kind = "multiple"', "must have at least two right answers and one wrong one"),
    ],
)
def test_a_broken_bank_is_told_what_is_wrong(good, bad, says):
    assert good in SMALL

    with pytest.raises(BankError) as problem:
        banks.read("small", SMALL.replace(good, bad, 1))

    assert says in str(problem.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(BankError) as problem:
        banks.read("small", SMALL.replace('= "tea"', '= "soup"').replace("= 1", "= 7").replace('"b"]', '"x"]'))

    assert str(problem.value) == (
        "The question bank 'small' cannot be used: "
        "Question 'best-tea' has the topic 'soup', which the bank does not list. "
        "Question 'best-tea' has the difficulty 7; it must be 1, 2 or 3. "
        "Question 'best-tea' needs a list of right answers, each the id of an option."
    )


def test_a_question_that_stands_twice_is_refused():
    question = SMALL[SMALL.index("[[questions]]") :]

    with pytest.raises(BankError, match="The id 'best-tea' stands twice"):
        banks.read("small", SMALL + question)


@pytest.mark.parametrize("text", ["", "questions = []", "questions = [1]", "questions = 1"])
def test_a_file_without_questions_is_refused(text):
    with pytest.raises(BankError, match="It needs questions"):
        banks.read("small", text)


def test_a_file_that_is_not_toml_is_refused():
    with pytest.raises(BankError, match="'small' is not readable TOML"):
        banks.read("small", "title = ")


@pytest.mark.parametrize("name", ["nowhere", "../onboarding", ""])
def test_a_bank_that_is_not_there_is_refused(name):
    with pytest.raises(BankError, match="There is no question bank called"):
        banks.load(name)
