"""Each peer as a stage: the same campus with the same people, a server with as many processes, and nothing else."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench import programs
from bench.servers import CLIENT, DEPLOYMENT, Setup, Stage, open_campus, postmaster
from tools import machine
from tools.installing import ROOT
from tools.trouble import Trouble

LTIJS = ROOT / "bench" / "peers" / "ltijs"


@contextmanager
def plain_stage(setup: Setup) -> Iterator[Stage]:
    """pylti1p3next's Flask example, under the server that our tool has."""
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name, programs.crew(Path(name)) as crew:
        port, campus_port = programs.free_ports(2)
        campus = f"http://localhost:{campus_port}"
        words = ["--issuer", campus, "--client-id", CLIENT, "--deployment-id", DEPLOYMENT, "--campus", campus]
        words += ["--cache", f"{name}/cache", "--port", str(port)]
        words += ["--workers", str(setup.workers), "--threads", str(setup.threads)]
        command = [sys.executable, "-m", "bench.peers.plain", *words]
        yield _started("Plain example", crew, Path(name), setup, command, port, campus_port)


@contextmanager
def ltijs_stage(server: str, setup: Setup) -> Iterator[Stage]:
    """ltijs on this empty PostgreSQL server; node has one thread in each process, whatever is asked for.

    Raises Trouble where npm cannot install it.
    """
    if problem := machine.install_from_npm(LTIJS, "ltijs"):
        raise Trouble(f"{problem}.")
    parts = urlsplit(server)
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name, programs.crew(Path(name)) as crew:
        port, campus_port = programs.free_ports(2)
        campus = f"http://localhost:{campus_port}"
        told = {
            "host": parse_qs(parts.query)["host"][0],
            "user": parts.username,
            "database": parts.path[1:],
            "issuer": campus,
            "campus": campus,
            "client_id": CLIENT,
            "port": port,
            "workers": setup.workers,
        }
        env = {**os.environ, "LTIJS_TOOL": json.dumps(told), "NODE_ENV": "production"}
        command = ["node", str(LTIJS / "tool.js")]
        yield _started("ltijs", crew, Path(name), setup, command, port, campus_port, env, postmaster(server))


def _started(
    name: str,
    crew: programs.Crew,
    folder: Path,
    setup: Setup,
    command: Sequence[str],
    port: int,
    campus_port: int,
    env: Mapping[str, str] = os.environ,
    database_pid: int | None = None,
) -> Stage:
    tool = f"http://localhost:{port}"
    campus, campus_pid = open_campus(crew, campus_port, tool, folder, setup)
    crew.wait_until("campus", campus_port, "/")
    tool_pid = crew.start("peer", command, env)
    crew.wait_until("peer", port, "/readyz")
    return Stage(
        name=name,
        tool=tool,
        campus=campus,
        tool_pid=tool_pid,
        campus_pid=campus_pid,
        database_pid=database_pid,
        browsers=setup.browsers,
        env=env,
        is_bare=True,
    )
