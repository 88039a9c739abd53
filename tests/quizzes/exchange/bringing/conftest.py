"""A file that Ines brings into a bank of her course."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.models import Course, Enrolment
from quizzes.questions import Bank
from tests.cast import Cast
from tests.quizzes.bank.conftest import bank, ines, write

__all__ = ["bank", "ines", "write"]

GIFT = """$CATEGORY: Starting

::Mentor:: Whom do you ask first? {=My mentor ~Nobody ~Everybody}

::Days:: How many days has a week? {#7}

::Truth:: The house has a library.{T}

::Mentor again:: Whom do you ask first? {=My mentor ~Nobody ~Everybody}

::Broken:: What is this? {=a
"""


class Bringing:
    """Ines at the pages of a bank."""

    def __init__(self, client: FlaskClient, bank: Bank, course: Course) -> None:
        self.client, self.bank = client, bank
        self.base = f"/courses/{course.public_id}/banks/{bank.public_id}"

    def bring(self, content: bytes | str = GIFT, name: str = "questions.gift", **said: str) -> TestResponse:
        raw = content.encode() if isinstance(content, str) else content
        form = {"category": self.bank.categories[0].public_id, "format": "", **said}
        answer = self.client.post(f"{self.base}/bring", data={**form, "file": (io.BytesIO(raw), name)})
        if answer.status_code == 302:
            self.address = str(answer.headers["Location"])
        return answer

    def page(self, first: int = 0) -> str:
        answer = self.client.get(self.address + (f"?from={first}" if first else ""))
        assert answer.status_code == 200, answer.text
        return answer.text

    def decide(self, what: str, *, wanted: tuple[int, ...] | None = None) -> TestResponse:
        shown = re.findall(r'name="shown" value="(\d+)"', self.page())
        ticked = [str(n) for n in wanted] if wanted is not None else self.ticked()
        return self.client.post(self.address, data={"do": what, "shown": shown, "wanted": ticked, "onward": "20"})

    def ticked(self) -> list[str]:
        return re.findall(r'name="wanted" value="(\d+)" checked', self.page())


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Callable[[Enrolment], FlaskClient]:
    return lambda person: cast.visit(app.test_client(), person)


@pytest.fixture
def bringing(visit: Callable[[Enrolment], FlaskClient], bank: Bank, ines: Enrolment, course: Course) -> Bringing:
    return Bringing(visit(ines), bank, course)
