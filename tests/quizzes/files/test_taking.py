"""Which files a question takes."""

from __future__ import annotations

import io

import pytest

from lti_tool.files.kinds import KINDS, Kind
from lti_tool.files.troubles import Trouble
from quizzes.files import taking
from tests import files


def verdict(body: dict[str, object], name: str, content: bytes) -> str:
    found = taking.judged(body, io.BytesIO(content), len(content), name, most_bytes=1000)
    return found.key if isinstance(found, Kind) else found.value


@pytest.mark.parametrize(
    ("body", "name", "content", "expected"),
    [
        ({}, "plan.pdf", files.PDF, "pdf"),
        ({}, "plan.png", files.png(), "png"),
        ({"types": ["pdf"]}, "plan.png", files.png(), Trouble.NOT_ALLOWED),
        ({"types": ["jpg"]}, "plan.jpeg", files.jpeg(), "jpeg"),
        ({"types": ["pdf"]}, "plan.pdf", files.png(), Trouble.NOT_WHAT_IT_SAYS),
        ({"types": ["pdf"]}, "plan.pdf", b"", Trouble.EMPTY),
        ({"types": ["pdf"]}, "plan.pdf", files.PDF + bytes(1000), Trouble.TOO_LARGE),
        ({}, "plan.exe", files.EXE, Trouble.NOT_ALLOWED),
        ({}, "plan.svg", files.SVG, Trouble.WEB_PAGE),
        ({"types": ["exe"]}, "plan.exe", files.EXE, Trouble.NOT_ALLOWED),
    ],
)
def test_a_file_is_taken_for_what_it_is_and_where_the_question_says_so(body, name, content, expected):
    assert verdict(body, name, content) == expected


def test_what_is_offered_is_what_can_be_looked_into():
    assert taking.accept({"types": ["pdf", "exe"]}) == ".pdf"
    assert taking.endings({}) == tuple(KINDS)


@pytest.mark.parametrize(
    ("most", "have", "more", "is_room"),
    [
        (1, [], ["a"], True),
        (1, ["a"], ["b"], True),
        (1, [], ["a", "b"], False),
        (2, ["a"], ["b"], True),
        (2, ["a", "b"], ["b"], True),
        (2, ["a", "b"], ["c"], False),
    ],
)
def test_a_file_takes_the_place_of_the_only_one_or_of_one_of_its_name(most, have, more, is_room):
    assert taking.fit({"most": most}, have, more) is is_room
