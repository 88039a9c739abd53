"""Who takes files away: whoever handed them in, and those who mark; nobody else, and never to look at in the page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock, personal_data, uploads
from lti_tool.models import Enrolment, Role
from quizzes.kinds import FILES
from quizzes.marks.models import MarkingWay
from quizzes.models import AnswerFile, Attempt
from tests import files
from tests.cast import THEN, Cast
from tests.quizzes.files.conftest import a_file, address_of, asking, kept, on_disk, send

TITLE = "Leo's plan.pdf"


@pytest.fixture
def handed_in(as_leo: FlaskClient, session: Session, attempt: Attempt) -> Attempt:
    send(as_leo, attempt, a_file(TITLE))
    as_leo.post(address_of(attempt), data={"sure": "1"})
    session.refresh(attempt)
    session.refresh(asking(attempt))
    return attempt


def own(attempt: Attempt) -> str:
    return address_of(attempt, f"/files/{asking(attempt).response[FILES][0]}")


def marking(attempt: Attempt, rest: str = "") -> str:
    quiz, place = attempt.quiz, asking(attempt).place
    course = quiz.course.public_id
    return f"/courses/{course}/quizzes/{quiz.public_id}/marking/{attempt.public_id}/{place}{rest}"


def marked(attempt: Attempt) -> str:
    return marking(attempt, f"/files/{asking(attempt).response[FILES][0]}")


def taken(client: FlaskClient, address: str) -> TestResponse:
    answer = client.get(address)
    answer.get_data()
    answer.close()
    return answer


def test_its_learner_takes_it_away_before_and_after_handing_in(as_leo, session, attempt: Attempt):
    send(as_leo, attempt, a_file(TITLE))
    session.refresh(asking(attempt))

    during = taken(as_leo, own(attempt))
    as_leo.post(address_of(attempt), data={"sure": "1"})
    after = taken(as_leo, own(attempt))
    result = as_leo.get(address_of(attempt)).text

    for answer in (during, after):
        assert answer.data == files.PDF
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Security-Policy"] == uploads.SANDBOX
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Your files" in result
    assert own(attempt) in result


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ASSISTANT])
def test_those_who_mark_take_it_away_by_its_name(client, cast: Cast, course, handed_in: Attempt, role):
    as_ines = cast.visit(client, cast.enrol(course, "Ines", role))

    page = as_ines.get(marking(handed_in)).text
    answer = taken(as_ines, marked(handed_in))

    assert "Leo&#39;s plan.pdf" in page
    assert "PDF, 1 kB" in page
    assert answer.data == files.PDF
    assert "Leo" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_where_names_are_hidden_the_file_has_none_either(client, session, cast: Cast, course, handed_in: Attempt):
    session.add(MarkingWay(quiz_id=handed_in.quiz_id, is_blind=True))
    session.commit()
    as_ines = cast.visit(client, cast.enrol(course, "Ines", Role.INSTRUCTOR))
    called = f"{handed_in.public_id[:6].lower()}-question-2-file-1.pdf"

    page = as_ines.get(marking(handed_in)).text
    answer = taken(as_ines, marked(handed_in))

    assert called in page
    assert "What stands in them may still say whose they are." in page
    assert "Leo" not in page
    assert answer.headers["Content-Disposition"] == f"attachment; filename={called}"


def test_it_is_marked_like_an_essay_and_its_learner_reads_the_comment(
    client, as_leo, session, cast: Cast, course, handed_in: Attempt
):
    as_ines = cast.visit(client.application.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))

    waits = as_leo.get(address_of(handed_in)).text
    as_ines.post(marking(handed_in), data={"points": "1/2", "comment": "A fine plan"})
    result = as_leo.get(address_of(handed_in)).text

    assert "1 of your answers waits for marking" in waits
    session.refresh(handed_in)
    assert (handed_in.raw, handed_in.unmarked) == (0.5, 0)
    assert "A fine plan" in result


def test_before_it_is_handed_in_nobody_else_reads_it(client, as_leo, session, cast: Cast, course, attempt: Attempt):
    send(as_leo, attempt, a_file())
    session.refresh(asking(attempt))
    as_ines = cast.visit(client, cast.enrol(course, "Ines", Role.INSTRUCTOR))

    assert as_ines.get(marked(attempt)).status_code == 404
    assert as_ines.get(own(attempt)).status_code in (403, 404)


def test_everybody_else_is_turned_away(app, cast: Cast, course, handed_in: Attempt):
    visitors = {
        "Zoe": (Role.LEARNER, (404, 403)),
        "Omar": (Role.OBSERVER, (403, 403)),
        "Dora": (Role.DESIGNER, (403, 403)),
    }
    found = {}
    for name, (role, _expected) in visitors.items():
        client = cast.visit(app.test_client(), cast.enrol(course, name, role))
        found[name] = (client.get(own(handed_in)).status_code, client.get(marked(handed_in)).status_code)

    assert found == {name: expected for name, (_role, expected) in visitors.items()}
    assert app.test_client().get(own(handed_in)).status_code in (401, 403)


def test_a_file_of_another_attempt_has_no_address_here(as_leo, client, session, cast, course, handed_in: Attempt):
    as_ines = cast.visit(client.application.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))

    assert as_leo.get(address_of(handed_in, "/files/nothing")).status_code == 404
    assert as_ines.get(marking(handed_in, "/files/nothing")).status_code == 404


def test_a_file_that_is_missing_is_said_to_be(as_leo, session, handed_in: Attempt, caplog):
    uploads.remove(asking(handed_in).files[0].file)

    answer = as_leo.get(own(handed_in), follow_redirects=True)

    assert "This file is not there at present." in answer.text
    assert "is not in the folder of UPLOADS" in caplog.text
    assert TITLE not in caplog.text


def test_their_learner_is_given_out_what_they_handed_in(session, leo: Enrolment, handed_in: Attempt):
    answers = personal_data.export(session, leo.person)["quizzes"]["attempts"][0]["answers"]

    assert [each["files"] for each in answers] == [
        [],
        [
            {
                "id": asking(handed_in).response[FILES][0],
                "name": TITLE,
                "kind": "pdf",
                "bytes": len(files.PDF),
                "at": THEN.isoformat(),
            }
        ],
    ]


def test_when_its_learner_is_erased_it_goes(
    app, session, leo: Enrolment, handed_in: Attempt, folder: Path, client, cast, course
):
    said = personal_data.erase(session, leo.person, at=THEN)
    session.commit()

    assert "Erased: 1 files handed in; they are gone from the disk within two days." in said
    assert kept(session) == []
    uploads.clear_all_away(clock.now() + timedelta(days=40_000))
    assert on_disk(folder) == 0
    as_ines = cast.visit(client, cast.enrol(course, "Ines", Role.INSTRUCTOR))
    assert "The files are gone" in as_ines.get(marking(handed_in)).text


def test_files_that_a_row_names_are_not_cleared_away(session, handed_in: Attempt, folder: Path):
    gone = uploads.clear_all_away(clock.now() + timedelta(days=40_000))

    assert list(gone) == []
    assert on_disk(folder) == 1


def test_with_an_answer_its_files_go(session, handed_in: Attempt):
    session.delete(asking(handed_in))
    session.flush()

    assert session.scalars(select(AnswerFile)).all() == []
