"""What outlives a restart, and what a second seeding leaves alone."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from campus.__main__ import main
from campus.serving import listen
from campus.testing import campus_in_hand
from tests.campus.fake_tool import Clock, FakeTool, ask_token, assertion
from tests.campus.test_grades import COLUMN, post, score
from tests.campus.test_line_items import ALL, REVIEW, call, listed


def test_grades_columns_keys_people_and_used_jtis_outlive_a_restart(
    tmp_path: Path, tool: FakeTool, clock: Clock
) -> None:
    settings = {"data": str(tmp_path / "deep" / "campus.sqlite"), "fetch_json": tool.fetch_json, "now": clock}
    with campus_in_hand(**settings) as campus:
        post(campus, score(campus))
        call(campus, "POST", ALL, REVIEW)
        campus.rotate_keys()
        campus.unenrol("maya")
        campus.change("leo", name="Leo Neu")
        used = assertion(campus, jti="used")
        ask_token(campus, used)
        kids, log = campus.here.keys.kids(), campus.score_log()

    with campus_in_hand(**settings) as campus:
        assert campus.gradebook() == {("leo", COLUMN): 14}
        assert campus.score_log() == log
        assert campus.here.keys.kids() == kids
        assert campus.person("leo").name == "Leo Neu"
        assert "maya" not in {person.key for person in campus.people()}
        assert ask_token(campus, used).status_code == 401
        assert listed(campus) == ["Onboarding quiz", "360 review"]


def test_a_deleted_column_is_not_seeded_again(tmp_path: Path, tool: FakeTool, clock: Clock) -> None:
    settings = {"data": str(tmp_path / "campus.sqlite"), "fetch_json": tool.fetch_json, "now": clock}
    with campus_in_hand(**settings) as campus:
        call(campus, "DELETE", f"{ALL}/1/lineitem")

    with campus_in_hand(**settings) as campus:
        assert listed(campus) == []


def test_what_has_expired_is_forgotten_at_the_next_opening(tmp_path: Path, tool: FakeTool, clock: Clock) -> None:
    settings = {"data": str(tmp_path / "campus.sqlite"), "fetch_json": tool.fetch_json, "now": clock}
    with campus_in_hand(**settings) as campus:
        campus.visitor("leo").start("quiz")
        post(campus, score(campus))
    clock.forward(days=2)

    with campus_in_hand(**settings) as campus:
        rows = [campus.here.store.all(f"SELECT * FROM {table}") for table in ("launches", "tokens", "jtis")]
        assert rows == [[], [], []]
        assert campus.gradebook() == {("leo", COLUMN): 14}


def test_more_learners_can_join_a_campus_that_stands(tmp_path: Path) -> None:
    data = str(tmp_path / "campus.sqlite")
    with campus_in_hand(data=data) as campus:
        before = len(campus.people())

    with campus_in_hand(data=data, people=500) as campus:
        assert len(campus.people()) == before + 500


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    result = CliRunner().invoke(main, ["--port", "0", "--data", str(tmp_path / "file" / "campus.sqlite")])

    assert result.exit_code == 1
    assert result.output.startswith("Error: The campus cannot write its data to ")
    assert result.output.count("\n") == 1


def test_a_port_in_use_is_one_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        result = CliRunner().invoke(main, ["--port", f"{port}", "--data", ":memory:"])

    assert result.exit_code == 1
    assert result.output == (
        f"Error: Port {port} is in use by another program. Stop it, or name another port with --port.\n"
    )
