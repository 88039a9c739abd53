from __future__ import annotations

import pytest

from bench.forms import QuizForm
from campus.testing import Answer

PAGE = """
<form method="get" action="/search"><input type="hidden" name="q" value="no"></form>
<form id="language" method="post" action="/language"><input type="hidden" name="csrf_token" value="other"></form>
<form id="answers" method="post" action="/attempts/a">
  <input type="hidden" name="csrf_token" value="t&amp;t">
  <input type="radio" name="q1" value="b"><input type="radio" name="q1" value="a">
  <input type="checkbox" name="q2" value="c"><input type="checkbox" name="q2" value="d">
  <input type="text" name="remark" value="left alone">
</form>
<form method="post" action="/later"><input type="radio" name="q3" value="e"></form>
"""


def page(text: str, status: int = 200) -> Answer:
    return Answer(status, "http://localhost:9/courses/c/", {}, text)


def test_the_wanted_form_is_read_as_a_browser_would():
    form = QuizForm(page(PAGE), "answers")

    assert form.url == "http://localhost:9/attempts/a"
    assert form.choices == {"q1": ["b", "a"], "q2": ["c", "d"]}
    assert form.first_choices() == {"csrf_token": ["t&t"], "q1": ["b"], "q2": ["c"]}


def test_without_a_name_the_first_form_that_posts_is_read():
    form = QuizForm(page(PAGE))

    assert (form.url, form.hidden) == ("http://localhost:9/language", {"csrf_token": ["other"]})


@pytest.mark.parametrize(("text", "status"), [("<p>No form</p>", 200), (PAGE, 500)])
def test_a_page_without_the_form_is_an_error(text, status):
    with pytest.raises(AssertionError):
        QuizForm(page(text, status), "answers")
