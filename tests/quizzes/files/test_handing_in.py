"""Files as answers: chosen, replaced and taken away, with JavaScript and without, until the attempt takes no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lti_tool import clock, uploads
from lti_tool.models import Enrolment, Role
from quizzes import starting
from quizzes.attempts import log
from quizzes.designing.settings import Navigation
from quizzes.kinds import FILES
from quizzes.marking import Kind
from quizzes.models import Attempt
from quizzes.questions import Question
from tests import files
from tests.cast import THEN
from tests.quizzes.files.conftest import SEED, a_file, address_of, asking, kept, on_disk, save, send
from tests.quizzes.making import changed
from tests.quizzes.marks.conftest import told
from xapi.lrs.models import StoredStatement

AFTERWARDS = THEN + timedelta(hours=2)


@pytest.fixture(params=[save, send])
def give(request: pytest.FixtureRequest):
    """Both ways a file arrives by."""
    return request.param


def test_a_file_is_kept_and_shown_with_its_name_and_size(as_leo, session, attempt: Attempt, give, folder: Path):
    answer = give(as_leo, attempt, a_file("../My <b>plan</b>.PDF"))

    assert answer.status_code in (200, 302), answer.text
    assert kept(session) == ["_My _b_plan_b_.pdf"]
    page = as_leo.get(address_of(attempt)).text
    assert "PDF, 1 kB" in page
    assert on_disk(folder) == 1
    session.refresh(asking(attempt))
    [file] = asking(attempt).files
    assert asking(attempt).response == {FILES: [file.public_id]}
    assert (asking(attempt).is_open, asking(attempt).saved) == (False, THEN)
    assert log.entries(session, attempt)[-1].place == asking(attempt).place


def test_one_of_the_same_name_takes_the_place_of_the_earlier_one(as_leo, session, attempt, give, folder):
    give(as_leo, attempt, a_file("plan.pdf"), a_file("plan.png", files.png()))
    give(as_leo, attempt, a_file("plan.pdf", files.PDF + b"\n%%EOF\n"))

    assert kept(session) == ["plan.png", "plan.pdf"]
    session.refresh(asking(attempt))
    assert [each.size for each in asking(attempt).files] == [len(files.png()), len(files.PDF) + 7]
    assert on_disk(folder) == 2


@pytest.mark.parametrize("body", [{"most": 1}])
def test_where_there_is_room_for_one_another_takes_its_place(as_leo, session, attempt, give, folder):
    give(as_leo, attempt, a_file("plan.pdf"))
    give(as_leo, attempt, a_file("better.pdf"))

    assert kept(session) == ["better.pdf"]
    assert on_disk(folder) == 1


def test_a_file_is_taken_away_again(as_leo, session, attempt, give, folder):
    give(as_leo, attempt, a_file())
    session.refresh(asking(attempt))

    give(as_leo, attempt, remove=asking(attempt).response[FILES][0])

    assert kept(session) == []
    session.refresh(asking(attempt))
    assert asking(attempt).response == {}
    assert on_disk(folder) == 0
    assert "Nothing handed in yet." in as_leo.get(address_of(attempt)).text


def test_at_the_limit_one_may_be_taken_away_and_another_given_at_once(as_leo, session, attempt, give):
    give(as_leo, attempt, a_file("a.pdf"), a_file("b.pdf"))
    session.refresh(asking(attempt))

    give(as_leo, attempt, a_file("c.pdf"), remove=asking(attempt).response[FILES][0])

    assert kept(session) == ["b.pdf", "c.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.docx", files.PDF, "plan.docx was not taken. The question takes these: pdf, png."),
        ("plan.pdf", files.png(), "What is in it is not what its name says."),
        ("plan.pdf", b"", "The file is empty."),
        ("plan.exe", files.EXE, "The question takes these: pdf, png."),
        ("plan.svg", files.SVG, "Make a PDF or PNG of it."),
    ],
)
def test_what_is_not_taken_is_refused_in_words_and_nothing_is_kept(
    as_leo, session, attempt, give, folder, name, content, sentence
):
    refused = give(as_leo, attempt, a_file(name, content))

    assert refused.status_code == 422
    assert sentence in refused.text
    assert kept(session) == []
    assert on_disk(folder) == 0


def test_more_than_fit_are_refused_and_nothing_is_kept(as_leo, session, attempt, give, folder):
    give(as_leo, attempt, a_file("a.pdf"))

    refused = give(as_leo, attempt, a_file("b.pdf"), a_file("c.pdf"))

    assert refused.status_code == 422
    assert "The question takes 2 files at most. Take one away first." in refused.text
    assert kept(session) == ["a.pdf"]
    assert on_disk(folder) == 1


def test_what_is_too_large_is_refused_with_its_limit(as_leo, session, attempt, give, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 20)

    refused = give(as_leo, attempt, a_file())

    assert refused.status_code == 422
    assert "A file has 10 MB at most. Make it smaller." in refused.text
    assert kept(session) == []


def test_far_too_much_is_not_read_and_the_page_says_what_to_do(as_leo, session, attempt, give, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 20)
    monkeypatch.setattr(uploads, "MOST_AROUND", 20)

    refused = give(as_leo, attempt, a_file(content=files.PDF + bytes(100)))

    assert refused.status_code == 413
    assert "A file has 10 MB at most" in refused.text
    assert kept(session) == []


def test_a_chosen_file_is_handed_in_with_the_rest(as_leo, session, attempt: Attempt):
    place = asking(attempt).place

    done = as_leo.post(
        address_of(attempt), data={f"q{place}-files": a_file(), "q1": "a", "sure": "1"}, follow_redirects=True
    )

    assert "1 of your answers waits for marking" in done.text
    assert kept(session) == ["Plan.pdf"]
    session.refresh(attempt)
    assert (attempt.raw, attempt.unmarked) == (1.0, 1)


def test_what_is_told_says_how_many_files_and_not_what_they_are_called(as_leo, session, attempt: Attempt):
    send(as_leo, attempt, a_file("Leo Nowak.pdf"), a_file("two.pdf"))
    as_leo.post(address_of(attempt), data={"sure": "1"})

    [submitted] = told(session, "QuizSubmitted")
    [asked] = [each for each in submitted["questions"] if each["kind"] == "upload"]
    assert (asked["interaction"]["type"], asked["interaction"]["response"]) == ("other", "2")
    assert "Nowak" not in str(submitted)
    statements = "".join(str(each) for each in session.scalars(select(StoredStatement.body)))
    assert '"response"' in statements or "'response'" in statements
    assert "Nowak" not in statements
    assert asking(attempt).response[FILES][0] not in statements


def test_without_a_file_nothing_waits(as_leo, session, attempt: Attempt):
    as_leo.post(address_of(attempt), data={"q1": "a", "sure": "1"})

    session.refresh(attempt)
    assert (attempt.raw, attempt.unmarked) == (1.0, 0)


def test_the_grace_takes_files_and_nothing_does_afterwards(as_leo, session, attempt: Attempt, give, folder):
    closes = attempt.window.closes

    with clock.moved_to(closes - timedelta(seconds=1)):
        give(as_leo, attempt, a_file("just.pdf"))
    assert kept(session) == ["just.pdf"]
    session.refresh(asking(attempt))
    name = asking(attempt).response[FILES][0]
    with clock.moved_to(closes + timedelta(seconds=1)):
        late = give(as_leo, attempt, a_file("late.pdf"))
        give(as_leo, attempt, remove=name)

    assert late.status_code in (410, 302)
    assert kept(session) == ["just.pdf"]
    assert on_disk(folder) == 1


def test_what_was_handed_in_changes_no_more(as_leo, session, attempt: Attempt, give):
    give(as_leo, attempt, a_file("one.pdf"))
    as_leo.post(address_of(attempt), data={"sure": "1"})
    session.refresh(asking(attempt))

    late = give(as_leo, attempt, a_file("two.pdf"))
    give(as_leo, attempt, remove=asking(attempt).response[FILES][0])

    assert late.status_code in (410, 302)
    assert kept(session) == ["one.pdf"]


@pytest.mark.parametrize("place", [1, 3, 99])
def test_a_question_that_was_not_drawn_or_takes_no_files_gets_none(as_leo, session, attempt: Attempt, place):
    assert asking(attempt).place == 2

    refused = send(as_leo, attempt, a_file(), place=place)

    assert refused.status_code == 422
    assert refused.json["error"] == f"This attempt has no question {place} that takes files."
    assert kept(session) == []


def test_another_learners_attempt_gets_no_file(client, session, attempt: Attempt, give, cast, course):
    as_zoe = cast.visit(client, cast.enrol(course, "Zoe"))

    assert give(as_zoe, attempt, a_file()).status_code == 404
    assert kept(session) == []


def test_where_there_is_no_way_back_a_question_passed_by_gets_no_file(as_leo, session, quiz, leo: Enrolment):
    changed(session, quiz, per_page=1, navigation=Navigation.SEQUENTIAL)
    attempt = starting.start(session, quiz, leo, seed=SEED, at=THEN)
    session.commit()

    before = send(as_leo, attempt, a_file())
    as_leo.post(address_of(attempt, "/answers"), data={"page": "1", "go": "2"})
    now = send(as_leo, attempt, a_file())

    assert (before.status_code, now.status_code) == (409, 200)
    assert kept(session) == ["Plan.pdf"]


def test_the_page_learns_how_the_question_stands(as_leo, attempt: Attempt):
    said = send(as_leo, attempt, a_file(), seq="10001").json

    assert said["answers"] == {"2": 10001}
    assert said["answered"] == {"2": True}
    assert "Plan.pdf" in said["files"]
    assert said["is_open"] is True


def test_a_flag_beside_files_is_kept_by_the_same_numbers(as_leo, session, attempt: Attempt):
    send(as_leo, attempt, a_file(), seq="10001")

    answer = as_leo.post(address_of(attempt, "/batch"), json={"answers": [[2, 10002, {}, True]]})
    named = as_leo.post(address_of(attempt, "/batch"), json={"answers": [[2, 10003, {"files": ["x"]}, True]]})

    assert answer.json["answered"] == {"2": True}
    assert named.status_code == 422
    session.refresh(asking(attempt))
    assert (asking(attempt).is_flagged, asking(attempt).seq) == (True, 10002)
    assert kept(session) == ["Plan.pdf"]


def test_the_page_has_a_plain_form_with_what_the_question_takes(as_leo, attempt: Attempt):
    page = as_leo.get(address_of(attempt)).text

    assert 'enctype="multipart/form-data"' in page
    assert 'accept=".pdf,.png"' in page
    assert "2 files at most, 10 MB at most each: pdf, png." in page


def test_a_question_on_trial_looks_into_the_file_and_keeps_nothing(client, cast, course, quiz, session, folder):
    bank = quiz.bank
    question = session.scalar(select(Question.public_id).where(Question.name == Kind.UPLOAD.value))
    as_ines = cast.visit(client, cast.enrol(course, "Ines", Role.INSTRUCTOR))
    address = f"/courses/{course.public_id}/banks/{bank.public_id}/questions/{question}"

    shown = as_ines.get(address).text
    tried = as_ines.post(address, data={"q1-files": a_file()}, content_type="multipart/form-data")

    assert 'type="file"' in shown
    assert "Whoever teaches marks this by hand." in tried.text
    assert on_disk(folder) == 0
