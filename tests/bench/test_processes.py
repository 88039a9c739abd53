from __future__ import annotations

import os
import subprocess
import sys

from bench.processes import Process, is_running, most_held, processes, tool_seconds, tree_memory, tree_seconds
from tools.installing import ROOT

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


def test_a_program_that_has_ended_does_not_run_even_before_its_parent_has_noticed():
    with subprocess.Popen(["sleep", "60"]) as program:
        runs = [is_running(program.pid)]
        program.kill()
        os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOWAIT)
        runs.append(is_running(program.pid))

    assert [*runs, is_running(program.pid)] == [True, False, False]


def test_a_program_holds_memory_and_one_that_has_ended_holds_none():
    running = processes()

    assert tree_memory(running, os.getpid()) > 1
    assert tree_memory(running, 2**22 + 1) == 0


def test_what_a_program_held_is_not_what_whoever_started_it_did():
    ask = "from bench.processes import most_held; print(most_held())"
    ours = bytearray(200 * 2**20)
    ours[:: 2**12] = b"x" * (len(ours) // 2**12)

    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert most_held() > 200
    assert 1 < float(said) < 150
