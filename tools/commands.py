"""From the word behind `python3 -m tools` to the module that does it."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from tools.trouble import Trouble

MODULES = {
    "run": "tools.run",
    "install": "tools.installing",
    "test": "tools.suite",
    "lint": "tools.linting",
    "lock": "tools.locking",
    "messages": "tools.messages",
    "postgres": "tools.postgres",
}

STOPPED = 130


def main(words: Sequence[str]) -> int:
    """Do what the first word says; what is returned becomes the exit code."""
    if not words or words[0] not in MODULES:
        print(f"Use python3 -m tools with one of: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    # Each module is loaded only when asked for, because make run has three seconds.
    return obey(lambda: importlib.import_module(MODULES[words[0]]).main(list(words[1:])))


def obey(act: Callable[[], int]) -> int:
    """Do it; trouble becomes one sentence and being stopped one word, never a traceback."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        return act()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
