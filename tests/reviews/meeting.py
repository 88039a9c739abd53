"""Acts that meet: threads of their own that begin together, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask

from lti_tool.db import transaction
from reviews.answering.writing import NotTaken
from reviews.campaigns.models import NotPossible
from reviews.campaigns.nominating import NotAsked


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """What came of each."""
    found: list[object] = [None] * len(acts)
    together = Barrier(len(acts))

    def do(n: int) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    found[n] = acts[n]()
            except NotTaken:
                found[n] = "not taken"
            except NotPossible:
                found[n] = "not possible"
            except NotAsked as refused:
                found[n] = refused.why.value

    threads = [Thread(target=do, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
