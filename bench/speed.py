"""How fast this machine is at this moment: a fixed piece of Python work, timed.

Shared machines change speed within minutes, with nothing to be seen in their counters. CPU figures of different
moments compare only after they are multiplied by the speed of their moment.
"""

from __future__ import annotations

import hashlib
import json
import time
from statistics import median

TRIES = 9
REPEATS = 25


def index() -> float:
    """How many pieces a core does in a tenth of a second of CPU time; higher is faster. Takes a fifth of a second."""
    return 0.1 * REPEATS / median(_seconds() for _ in range(TRIES))


def _seconds() -> float:
    started = time.thread_time()
    for _ in range(REPEATS):
        piece()
    return time.thread_time() - started


def piece() -> str:
    """What a web application spends its time with: small objects, text, JSON, sorting, a hash.

    Never change it: all kept figures of work are counted in it.
    """
    people = [{"id": n, "name": f"Learner {n:04}", "roles": ["learner"], "score": n * 37 % 101} for n in range(60)]
    by_name = {str(person["name"]).lower(): person for person in people}
    ranked = sorted(by_name.values(), key=lambda person: (-int(str(person["score"])), str(person["name"])))
    text = json.dumps(ranked)
    words = text.replace('"', "").split(", ")
    again = json.loads(text)
    counted: dict[str, int] = {}
    for word in words:
        counted[word] = counted.get(word, 0) + len(word)
    total = sum(each["score"] for each in again) + sum(counted.values())
    return hashlib.sha256(f"{total}{text}".encode()).hexdigest()
