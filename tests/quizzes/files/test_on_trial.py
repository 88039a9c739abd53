"""A quiz that asks for files, tried out by whoever teaches: there is nothing to send them to."""

from __future__ import annotations

from lti_tool.models import Role


def test_a_quiz_that_asks_for_files_can_be_previewed(app, cast, course, quiz):
    ines = cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))
    address = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/preview"

    shown, marked = ines.get(address), ines.post(address, data={"page": "1"})

    assert [shown.status_code, marked.status_code] == [200, 200]
    assert ("Your files" in shown.text, "Upload" in shown.text) == (True, False)
    assert "These answers would earn" in marked.text
