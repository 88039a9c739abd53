"""The embedded LRS over HTTP, one client: telling by the batch and one by one, and pages of a store of a million.

npm xapi-statements, which keeps everything in memory, is told and asked the same beside it.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sqlalchemy import func, select

import mentoring
import quizzes
import reviews
import xapi
from bench import filling
from bench.bench import Bench
from bench.figures import duration, percentile
from bench.servers import Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db
from lti_tool.models import Platform
from tests import judges
from xapi.lrs.models import StoredStatement

BATCH = 500
PAGE = 100
FASTEST_TOLD = 4000
"""Statements a second that a client may count on, in batches."""
LONGEST_SINGLE = 0.010
LONGEST_PAGE = 0.015
"""Seconds, 95 of 100 times."""
HOME = "https://campus.example"
TOOL = "https://tool.example/xapi"
VERBS = {
    "http://adlnet.gov/expapi/verbs/answered": 700,
    "http://adlnet.gov/expapi/verbs/completed": 100,
    "http://adlnet.gov/expapi/verbs/progressed": 80,
    "http://adlnet.gov/expapi/verbs/attended": 60,
    "http://adlnet.gov/expapi/verbs/passed": 40,
    "http://adlnet.gov/expapi/verbs/failed": 18,
    "http://id.tincanapi.com/verb/reviewed": 2,
}
LEARNERS, MENTORS, COURSES, QUESTIONS = 2000, 100, 20, 300


# What is told.


def statement(random: Random) -> dict[str, Any]:
    """One of a learner who is always in the same course and has the same mentor."""
    learner = random.randrange(LEARNERS)
    verb = random.choices(list(VERBS), list(VERBS.values()))[0]
    return {
        "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "actor": person(f"learner{learner}"),
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": {
            "objectType": "Activity",
            "id": question(random.randrange(QUESTIONS)),
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "choice",
                "correctResponsesPattern": ["a"],
                "choices": [{"id": each} for each in "abcd"],
            },
        },
        "result": {
            "score": {"scaled": random.randrange(101) / 100},
            "success": True,
            "response": "b",
            "duration": "PT41S",
        },
        "context": {
            "registration": registration(learner),
            "instructor": person(f"mentor{learner % MENTORS}"),
            "platform": "Campus",
            "language": "en",
            "contextActivities": {
                "parent": [{"objectType": "Activity", "id": f"{TOOL}/quizzes/{random.randrange(40)}"}],
                "grouping": [{"objectType": "Activity", "id": course(learner % COURSES)}],
                "category": [{"objectType": "Activity", "id": f"{TOOL}/profile/v1"}],
            },
        },
        "timestamp": "2026-11-22T12:00:00.123Z",
    }


def person(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": HOME, "name": name}}


def question(n: int) -> str:
    return f"{TOOL}/questions/{n}"


def course(n: int) -> str:
    return f"{TOOL}/courses/{n}"


def registration(learner: int) -> str:
    return str(uuid.UUID(int=learner + 1, version=4))


# Who tells and asks.


@dataclass
class Client:
    """One connection that stays open."""

    address: str
    """The mount."""
    authorization: str
    more: Mapping[str, str]

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self._path = parts.path
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)

    def ask(self, method: str, rest: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": self.authorization, "X-Experience-API-Version": "1.0.3", **self.more}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, self._path + rest, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        assert answer.status == 200, f"{method} {rest[:200]} answered {answer.status}: {said[:300]!r}"
        return said


def client_of(stage: Stage) -> Client:
    platform = stage.flask("platform", "list").split()[0]
    said = stage.flask("lrs", "credential", "add", "--platform", platform, "--label", "bench", "--scope", "all")
    key, secret = (re.findall(rf"^{name} +(\S+)$", said, re.MULTILINE)[0] for name in ("key", "secret"))
    parts = urlsplit(stage.tool)
    signed = "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()
    return Client(f"http://127.0.0.1:{parts.port}/lrs/1.0.3", signed, {"Host": parts.netloc})


# How much is measured.


@dataclass(frozen=True)
class Amount:
    stored: int
    batches: int
    singles: int
    questions: int
    """Asked of each filter, and of each pair."""
    is_measured: bool = True
    """Whether the figures are held against the promises."""


FULL = Amount(stored=1_000_000, batches=40, singles=400, questions=40)
QUICK = Amount(stored=2_000, batches=2, singles=10, questions=3, is_measured=False)


def rows(bench: Bench) -> Iterator[Row | Check]:
    amount = QUICK if bench.size.is_quick else FULL
    with ExitStack() as opened:
        stage = opened.enter_context(sqlite_stage(Setup(people=1, browsers=1, workers=1)))
        yield from _ours(bench, stage, amount)
    with ExitStack() as opened:
        if server := bench.scratch_postgres(opened):
            stage = opened.enter_context(postgres_stage(server, Setup(people=1, browsers=1, workers=1)))
            yield from _ours(bench, stage, amount)
    yield from _theirs(bench, amount)


def _ours(bench: Bench, stage: Stage, amount: Amount) -> Iterator[Row | Check]:
    bench.say(f"Statements on {stage.name}: filling the store with {amount.stored:,}")
    client = client_of(stage)
    app = create_app(Config.from_env(stage.env), (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        platform = db.session.scalars(select(Platform.public_id)).one()
        filling.fill(platform, amount.stored, statement)
        db.session.close()
        bench.say(f"Statements on {stage.name}: telling")
        telling = [*_tell(stage, client, amount)]
        there = db.session.scalar(select(func.count()).select_from(StoredStatement)) or 0
        db.engine.dispose()
    yield from telling
    wanted = amount.stored + BATCH * (amount.batches + 1) + amount.singles + 1
    yield Check(
        what=f"Statements, {stage.name}: everything told is there, once", has_passed=there == wanted, found=f"{there:,}"
    )
    bench.say(f"Statements on {stage.name}: asking")
    yield from _ask(stage, client, amount)


def _tell(stage: Stage, client: Client, amount: Amount) -> Iterator[Row | Check]:
    random = Random(11)
    batches = [_batch(random, BATCH) for _ in range(amount.batches + 1)]
    singles = [_batch(random, 1) for _ in range(amount.singles + 1)]
    yield from _told(stage, client, amount, batches, BATCH, f"{stage.name}: 500 at once")
    yield from _told(stage, client, amount, singles, 1, f"{stage.name}: one by one")


def _batch(random: Random, size: int) -> bytes:
    return json.dumps([statement(random) for _ in range(size)]).encode()


def _within(what: str, found: float, most: float) -> Check:
    return Check(what=f"{what} {duration(most)}", has_passed=found <= most, found=duration(found))


def _told(
    stage: Stage, client: Client, amount: Amount, bodies: Sequence[bytes], size: int, what: str
) -> Iterator[Row | Check]:
    client.ask("POST", "/statements", bodies[0])
    before = stage.spent()
    took = [_seconds(lambda body=body: client.ask("POST", "/statements", body)) for body in bodies[1:]]  # type: ignore[misc]
    spent = stage.spent() - before
    count = size * len(took)
    rate = count / sum(took)
    yield Row(
        what=f"{what}, each a statement",
        rate=rate,
        p50=percentile(took, 50),
        p95=percentile(took, 95),
        cpu_ms=1000 * (spent.web + spent.database) / count,
        note=f"CPU: {1000 * spent.web / count:.3f} ms web, {1000 * spent.database / count:.3f} ms database",
    )
    if not amount.is_measured:
        return
    if size > 1:
        yield Check(
            what=f"{what}: at least {FASTEST_TOLD:,} a second", has_passed=rate >= FASTEST_TOLD, found=f"{rate:,.0f}/s"
        )
    else:
        yield _within(f"{what}: 95 % within", percentile(took, 95), LONGEST_SINGLE)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


# Pages.

Filter = Callable[[Random], dict[str, str]]

FILTERS: dict[str, Filter] = {
    "agent": lambda random: {"agent": json.dumps(person(f"learner{random.randrange(LEARNERS)}"))},
    "related agent": lambda random: {
        "agent": json.dumps(person(f"mentor{random.randrange(MENTORS)}")),
        "related_agents": "true",
    },
    "verb": lambda random: {"verb": random.choice(list(VERBS))},
    "activity": lambda random: {"activity": question(random.randrange(QUESTIONS))},
    "related activity": lambda random: {
        "activity": random.choice([course(random.randrange(COURSES)), f"{TOOL}/profile/v1"]),
        "related_activities": "true",
    },
    "registration": lambda random: {"registration": registration(random.randrange(LEARNERS))},
    "since": lambda random: {"since": _moment(random.uniform(0.0, 0.9))},
    "until": lambda random: {"until": _moment(random.uniform(0.1, 1.0))},
    "ascending": lambda _random: {"ascending": "true"},
}


def _moment(share: float) -> str:
    """A time by which this share of the store was filled."""
    begin, end = filling.BEGIN, datetime.now(UTC)
    return (begin + min(share, 1) * min(end - begin, timedelta(days=64))).isoformat().replace("+00:00", "Z")


def _questions(names: Sequence[str], count: int) -> list[str]:
    random = Random("+".join(names))
    found = []
    for _ in range(count):
        said = {"limit": str(PAGE)}
        for name in names:
            said |= FILTERS[name](random)
        found.append("/statements?" + urlencode(said, quote_via=quote))
    return found


def _ask(stage: Stage, client: Client, amount: Amount) -> Iterator[Row | Check]:
    client.ask("GET", f"/statements?limit={PAGE}")
    slow: list[tuple[float, str]] = []
    for name in ["nothing", *FILTERS]:
        names = [name] if name in FILTERS else []
        took = _asked(client, _questions(names, amount.questions))
        slow.append((percentile(took, 95), name))
        yield Row(what=f"{stage.name}: page of 100, {name}", p50=percentile(took, 50), p95=percentile(took, 95))
    pairs = []
    for one, other in combinations(FILTERS, 2):
        if one.split()[-1] == other.split()[-1]:
            continue  # Both ask by the same parameter.
        took = _asked(client, _questions([one, other], amount.questions))
        pairs.append((percentile(took, 95), percentile(took, 50), f"{one} + {other}"))
    for p95, p50, name in sorted(pairs, reverse=True)[:5]:
        yield Row(what=f"{stage.name}: page of 100, {name}", p50=p50, p95=p95, note="among the five slowest pairs")
    slow += [(p95, name) for p95, _, name in pairs]
    late = [f"{name}: {1000 * p95:.1f} ms" for p95, name in sorted(slow, reverse=True) if p95 > LONGEST_PAGE]
    if amount.is_measured:
        yield Check(
            what=f"{stage.name}: pages of 100 of each filter, alone and in pairs: 95 % in {duration(LONGEST_PAGE)}",
            has_passed=not late,
            found=f"{len(late)} of {len(slow)} are not" + (f": {'; '.join(late[:4])}" if late else ""),
        )


def _asked(client: Client, questions: Sequence[str]) -> list[float]:
    return [_seconds(lambda question=question: client.ask("GET", question)) for question in questions]  # type: ignore[misc]


# Beside it.


def _theirs(bench: Bench, amount: Amount) -> Iterator[Row | Check]:
    bench.say("Statements: npm xapi-statements")
    small = replace(amount, batches=min(amount.batches, 10), singles=min(amount.singles, 100))
    random = Random(11)
    try:
        with judges.real_lrs() as lrs:
            client = Client(lrs.endpoint.rstrip("/"), "Basic " + base64.b64encode(b"any:body").decode(), {})
            for size, count in ((BATCH, small.batches), (1, small.singles)):
                bodies = [_batch(random, size) for _ in range(count + 1)]
                client.ask("POST", "/statements", bodies[0])
                took = [_seconds(lambda body=body: client.ask("POST", "/statements", body)) for body in bodies[1:]]  # type: ignore[misc]
                yield Row(
                    what=f"npm xapi-statements, in memory: {'500 at once' if size > 1 else 'one by one'}, each",
                    rate=size * count / sum(took),
                    p50=percentile(took, 50),
                    p95=percentile(took, 95),
                )
            for name in ("verb", "registration"):
                took = _asked(client, _questions([name], amount.questions))
                yield Row(
                    what=f"npm xapi-statements, in memory: page of 100, {name}",
                    p50=percentile(took, 50),
                    p95=percentile(took, 95),
                    note=f"of {BATCH * (small.batches + 1) + small.singles + 1:,} statements",
                )
    except judges.JudgeMissing as missing:
        bench.leave_out(f"npm xapi-statements. {missing}")
