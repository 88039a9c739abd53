"""Where the course page is, of what each LMS has told us anyway."""

from __future__ import annotations

import pytest

from lti_tool import quirks

CANVAS_ROSTER = "https://school.instructure.com/api/lti/courses/8/names_and_roles"
PAGES = {
    "Moodle": ("moodle", "https://moodle.example", "17", "", "https://moodle.example/course/view.php?id=17"),
    "Moodle in a folder": (
        "moodle",
        "https://a.example/moodle/",
        "17",
        "",
        "https://a.example/moodle/course/view.php?id=17",
    ),
    "Moodle with another id": ("moodle", "https://moodle.example", "17&x=1", "", ""),
    "Canvas": (
        "canvas",
        "https://canvas.instructure.com",
        "4dde",
        CANVAS_ROSTER,
        "https://school.instructure.com/courses/8",
    ),
    "Canvas without a roster": ("canvas", "https://canvas.instructure.com", "4dde", "", ""),
    "Canvas with an odd roster": ("canvas", "https://canvas.instructure.com", "4dde", "javascript:alert(1)", ""),
    "another with Canvas's paths": ("sakai", "https://sakai.example", "17", CANVAS_ROSTER, ""),
}


@pytest.mark.parametrize("lms", PAGES)
def test_the_course_page_is_known_where_an_lms_told_us_enough(lms: str):
    family, issuer, context_id, roster_url, page = PAGES[lms]

    assert quirks.course_page(family, issuer=issuer, context_id=context_id, roster_url=roster_url) == page
