"""Several acts that begin at the same moment, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """What each of them answers, in their order."""
    answers: dict[int, Answer] = {}
    start = threading.Barrier(len(acts))

    def run(n: int) -> None:
        start.wait()
        answers[n] = acts[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[n] for n in range(len(acts))]
