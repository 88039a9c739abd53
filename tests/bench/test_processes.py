from __future__ import annotations

from bench.processes import Process, tool_seconds, tree_seconds

RUNNING = {
    each.pid: each
    for each in (
        Process(10, 1, 0.5),
        Process(11, 10, 0.25),
        Process(12, 11, 4.0),
        Process(13, 11, 3.0),
        Process(14, 10, 2.0),
        Process(20, 1, 8.0),
    )
}
"""A supervisor 10 with a web server 11, its workers 12 and 13, and a delivery loop 14; 20 is a stranger."""


def test_a_program_took_what_everything_below_it_took():
    assert [tree_seconds(RUNNING, pid) for pid in (10, 11, 20, 99)] == [9.75, 7.25, 8.0, 0.0]


def test_the_web_server_and_the_delivery_loop_are_told_apart():
    assert tool_seconds(RUNNING, 10) == (7.25, 2.0)
