"""`make run`: install what is missing, then the tool, its delivery loop and the campus until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import ports
from tools.crew import Crew, Part
from tools.installing import ROOT, Environment, must_be_writable
from tools.trouble import Trouble

USUAL_ADDRESS = "http://localhost:8000"
INVITE = ".venv/bin/flask --app wsgi platform invite"


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    port = ports.port_from(asked.port, "PORT")
    campus_port = ports.port_from(asked.campus_port, "CAMPUS_PORT")
    if port == campus_port:
        raise Trouble("PORT and CAMPUS_PORT must differ, because the tool and the campus need a port each.")
    environment = Environment(ROOT)
    ports.must_be_free(port, "PORT")
    ports.must_be_free(campus_port, "CAMPUS_PORT")
    environment.bring_up_to("run")
    return run(parts(environment.python, ROOT, port=port, campus_port=campus_port), with_parent=asked.with_parent)


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m tools run")
    parser.add_argument("--port", default="8000")
    parser.add_argument("--campus-port", default="8001")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the program that started this one is gone"
    )
    return parser.parse_args(words)


def parts(python: Path, root: Path, *, port: int, campus_port: int) -> list[Part]:
    """Every command line that make run starts."""
    tool = os.environ.get("PUBLIC_URL") or f"http://localhost:{port}"
    campus = f"http://localhost:{campus_port}"
    var = root / "var"
    return [
        Part(
            name="The tool",
            command=[
                *(str(python), "-m", "flask", "--app", "wsgi", "demo"),
                *("--port", str(port), "--campus", campus),
            ],
            log=var / "log" / "tool.log",
            port=port,
            path="/readyz",
            env={"PUBLIC_URL": tool},
        ),
        Part(
            name="The campus",
            command=[
                *(str(python), "-m", "campus", "--port", str(campus_port)),
                *("--tool", tool, "--data", str(var / "campus.sqlite")),
            ],
            log=var / "log" / "campus.log",
            port=campus_port,
        ),
    ]


def run(parts: Sequence[Part], *, folder: Path = ROOT, with_parent: bool = False) -> int:
    """Start the parts, say where they are, and stop them together."""
    for log in {part.log.parent for part in parts}:
        _make(log)
    with Crew(parts, folder=folder, with_parent=with_parent) as crew:
        say("Starting ...")
        if crew.wait_until_ready():
            say(welcome(parts, folder))
            crew.wait_for_the_end()
        say("\nStopping ...")
    say("Stopped.")
    return 0


def say(text: str) -> None:
    """To the person who started us; somebody who no longer listens is no reason to fail."""
    try:
        print(text, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Trouble(f"The folder {folder} cannot be made ({problem.strerror}).") from None
    must_be_writable(folder)


def _elsewhere(tool: Part) -> str:
    """What operators have to know where the tool is not at its usual address: their commands print addresses, too."""
    address = tool.env.get("PUBLIC_URL", USUAL_ADDRESS)
    if address == USUAL_ADDRESS:
        return ""
    return f"  Commands for operators: put PUBLIC_URL={address} in front, as in\n    PUBLIC_URL={address} {INVITE}\n"


def welcome(parts: Sequence[Part], folder: Path) -> str:
    """What is said once everything runs."""
    tool, campus = parts[0], parts[1]
    logs = " and ".join(os.path.relpath(part.log, folder) for part in parts)
    return (
        "\nMentoring is ready.\n"
        f"  Open http://localhost:{campus.port} in a browser: the campus, a pretend LMS.\n"
        "  Choose there who you want to be (Ines teaches, Maya mentors, Leo learns) and open the course.\n"
        f"  The tool itself stands at http://localhost:{tool.port}; {logs} tell what happens.\n"
        f"{_elsewhere(tool)}"
        "Press Ctrl-C to stop."
    )
