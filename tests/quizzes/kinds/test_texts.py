from __future__ import annotations

from fractions import Fraction

import pytest

from quizzes.kinds import FILES, TEXT, Kind, NotAnAnswer, kind_of
from quizzes.kinds.texts import fits

SHORT, ESSAY, UPLOAD, DESCRIPTION = map(kind_of, (Kind.SHORT_TEXT, Kind.ESSAY, Kind.UPLOAD, Kind.DESCRIPTION))


@pytest.mark.parametrize(
    ("wanted", "typed", "fitting"),
    [
        ("Paris", " paris ", True),
        ("Paris", "Pariss", False),
        ("fire *", "fire  extinguisher", True),
        ("* alarm", "the alarm", True),
        ("a*c", "abd", False),
        ("2 \\* 3", "2 * 3", True),
        ("2 \\* 3", "2 x 3", False),
        ("*", "anything", True),
        ("Caf\u00e9", "cafe\u0301", True),
        ("STRASSE", "straße", True),
        ("a.c", "abc", False),
    ],
)
def test_what_is_typed_fits_or_not(wanted, typed, fitting):
    assert fits(wanted, typed, case=False) is fitting


def test_capitals_matter_where_the_author_says_so():
    assert not fits("Paris", "paris", case=True)


def test_a_pattern_of_many_stars_is_soon_done():
    assert not fits("*a" * 20 + "b", "a" * 1000, case=False)


def test_the_best_text_that_fits_counts():
    body = {"answers": [{"text": "fire alarm"}, {"text": "*alarm*", "weight": "1/2"}]}

    earned = [
        SHORT.fraction(body, SHORT.cleaned(body, {TEXT: [typed]})) for typed in ("Fire  alarm", "an alarm", "", "x")
    ]
    assert earned == [1, Fraction(1, 2), 0, 0]
    assert SHORT.right(body) == {TEXT: ["fire alarm"]}
    assert SHORT.interaction(body, {TEXT: ["x"]}).pattern == ("{case_matters=false}fire alarm",)


def test_a_line_that_is_no_line_is_refused():
    with pytest.raises(NotAnAnswer):
        SHORT.cleaned({"answers": []}, {TEXT: ["x" * 1001]})


def test_essays_and_files_wait_for_people_and_earn_nothing_when_left_open():
    assert ESSAY.fraction({}, ESSAY.cleaned({}, {TEXT: ["Dear all,\r\nhello"]})) is None
    assert ESSAY.cleaned({}, {TEXT: ["Dear all,\r\nhello "]}) == {TEXT: ["Dear all,\nhello"]}
    assert ESSAY.fraction({}, {}) == 0
    assert UPLOAD.fraction({}, {FILES: ["f1"]}) is None
    with pytest.raises(NotAnAnswer):
        UPLOAD.cleaned({"most": 1}, {FILES: ["f1", "f2"]})
    with pytest.raises(NotAnAnswer):
        ESSAY.cleaned({}, {TEXT: ["x" * 100_001]})


def test_what_a_file_says_is_not_told():
    assert UPLOAD.interaction({}, {FILES: ["f1"]}).response == "1"


def test_a_description_takes_no_answer():
    assert not DESCRIPTION.takes_answers
    with pytest.raises(NotAnAnswer):
        DESCRIPTION.cleaned({}, {TEXT: ["hello"]})
