"""`flask person export` and `flask person erase`: what an operator types, and what they read back."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person
from tests.cast import Cast

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def run(*words: str, answer: str | None = None) -> tuple[int, str]:
        session.rollback()
        result = app.test_cli_runner().invoke(args=["person", *words], input=answer, catch_exceptions=False)
        session.rollback()
        return result.exit_code, result.output

    return run


@pytest.fixture
def leo(session: Session, cast: Cast) -> Enrolment:
    leo = cast.enrol(cast.course(), "Leo Baum")
    leo.person.email, leo.person.subject = "leo@example.org", "sub-leo"
    session.commit()
    return leo


@pytest.mark.parametrize("who", ["sub-leo", "leo@example.org", "LEO@example.org"])
def test_what_is_held_is_printed_as_json(run: Run, leo: Enrolment, who: str):
    code, said = run("export", who)

    account = json.loads(said)["account"]
    assert (code, account["name"], account["mail"], account["id"]) == (0, "Leo Baum", "leo@example.org", "sub-leo")
    assert [each["role"] for each in account["courses"]] == ["learner"]


@pytest.mark.parametrize("who", ["nobody@example.org", "", "%", "Leo Baum"])
@pytest.mark.parametrize("what", ["export", "erase"])
def test_nobody_like_that_is_said_with_what_to_do(run: Run, leo: Enrolment, session: Session, what: str, who: str):
    code, said = run(what, who)

    assert (code, said) == (
        1,
        "Error: Nobody has this id or mail. Take the id that the learning platform sends (sub), or the mail.\n",
    )
    assert session.get_one(Person, leo.person_id).name == "Leo Baum"


def test_two_with_one_mail_are_told_apart_by_platform(run: Run, leo: Enrolment, session: Session, cast: Cast):
    other = cast.enrol(cast.course("Another"), "Leonie Baum")
    other.person.email = "leo@example.org"
    session.commit()

    code, said = run("erase", "leo@example.org", "--yes")

    assert code == 1
    assert said.startswith("Error: 2 people have this id or mail.")
    assert leo.person.platform.public_id in said
    assert session.scalars(select(Person.name).order_by(Person.id)).all() == ["Leo Baum", "Leonie Baum"]


def test_erasing_asks_first(run: Run, leo: Enrolment, session: Session):
    code, said = run("erase", "sub-leo", answer="n\n")

    assert code == 1
    assert "This erases Leo Baum for good and cannot be undone." in said
    assert session.get_one(Person, leo.person_id).email == "leo@example.org"


def test_what_was_erased_and_what_stays_is_said_and_a_second_time_finds_nobody(
    run: Run, leo: Enrolment, session: Session
):
    code, said = run("erase", "leo@example.org", "--yes")

    person = session.get_one(Person, leo.person_id)
    assert code == 0
    assert (person.name, person.email, person.given_name) == ("", "", "")
    assert not session.get_one(Enrolment, leo.id).is_active
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "Erased", "Kept", "Kept", "Erased", "Erased", "Erased", "Erased", "Erased", "Kept", "Erased", "Kept",
        "Erased", "Not told", "Erased", "Erased", "Kept", "Not touched",
    ]  # fmt: skip
    assert "Leo" not in said
    assert run("erase", "leo@example.org", "--yes")[0] == 1
