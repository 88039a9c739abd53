"""The first of the two commands, as a newcomer types it. How long it takes is a matter of `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import starts
from bench.programs import free_ports
from tools import ports


@pytest.mark.slow
def test_tool_and_campus_are_there_until_they_are_stopped_and_there_again(tmp_path: Path):
    clone = starts.clone_into(tmp_path / "clone")
    port, campus_port = free_ports(2)

    for _time in range(2):
        start = starts.start_and_stop(clone, port, campus_port)

        assert start.answered == (True, True), start.said
        assert start.said.endswith("Press Ctrl-C to stop.\n\nStopping ...\nStopped.\n")
        assert [ports.answers(port, "/"), ports.answers(campus_port, "/")] == [False, False]
