from __future__ import annotations

from bench.beside import Party, compared
from bench.browsers import Ran, Stopwatch
from bench.processes import Spent
from bench.rounds import Round
from bench.servers import Phase, Stage
from bench.table import Check, Row

STAGE = Stage(
    name="SQLite",
    tool="http://localhost:1",
    campus="http://localhost:2",
    tool_pid=1,
    campus_pid=2,
    database_pid=None,
    browsers=8,
    env={},
)


def party(name: str, *seconds: float) -> Party:
    """Whose two launches of each round took so many CPU seconds together."""
    spent = [Spent(web=web, delivery=0, campus=0, database=0, browsers=0, machine=1) for web in seconds]
    phases = [Phase(Ran(1.0, [Stopwatch(), Stopwatch()], []), each) for each in spent]
    rounds = [Round(100.0, {"first visit": phase, "visit again": phase}) for phase in phases]
    return Party(name, STAGE, 303, rounds)


def test_a_tool_is_held_against_its_neighbour_of_the_same_round():
    ours, plain = party("Ours on SQLite", 0.5, 1.0, 0.25), party("Plain example", 1.0, 1.0, 1.0)

    assert list(compared(ours, plain, 0.9)) == [
        Row(
            what="Ours on SQLite / Plain example, first visit",
            work=0.5,
            note="median of 3 rounds, 0.25 to 1.00; at most 0.9",
        ),
        Check(
            what="Ours on SQLite / Plain example, first visit: at most 0.9",
            has_passed=True,
            found="0.50, median of 3 rounds, 0.25 to 1.00",
        ),
        Row(what="Ours on SQLite / Plain example, visit again", work=0.5, note="median of 3 rounds, 0.25 to 1.00"),
    ]


def test_a_tool_that_does_too_much_fails():
    _row, check, _again = compared(party("Ours on SQLite", 1.0), party("Plain example", 1.0), 0.9)

    assert isinstance(check, Check)
    assert not check.has_passed


def test_where_there_is_no_limit_there_is_only_the_figure():
    assert [type(each) for each in compared(party("Ours on PostgreSQL", 1.0), party("ltijs", 2.0), None)] == [Row, Row]
