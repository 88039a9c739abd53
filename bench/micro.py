"""What takes microseconds, alone in one process: a statement's validation, a draw, a token's verification."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from jwt.utils import base64url_decode

import mentoring
import quizzes
import xapi
from bench import speed
from bench.bench import Bench
from bench.figures import percentile, work
from bench.table import Check, Row
from campus.testing import CampusInHand, FlaskBrowser, begin, running_campus
from lti_tool import cli, platform_keys, platforms
from lti_tool.app import create_app
from lti_tool.arrivals import verifying
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.events import Where, Who
from quizzes.drawing import SEED_BYTES, Candidate, draw
from quizzes.events import OptionShown, QuestionAsked, QuizSubmitted
from xapi.translations import Statement, translate
from xapi.validation import emitter_errors, errors

TOOL = "http://localhost:8000"
"""Where this tool would stand; nothing listens or asks there."""
BATCHES = 20
POOL, DRAWN = 60, 20


def rows(bench: Bench) -> Iterator[Row | Check]:
    tries = bench.size.tries
    bench.say("Statements, draws and tokens")
    statement = answered()
    faults = errors(statement)
    yield Check(what="The measured statement is valid", has_passed=not faults, found=", ".join(map(str, faults)))
    yield timed("Validate one statement, as any LRS must", lambda: errors(statement), tries)
    yield timed("Validate one of ours, with our own rules", lambda: emitter_errors(statement), tries)
    pool = [Candidate(question=n, version=n, options=4) for n in range(1, POOL + 1)]
    seed = bytes(range(SEED_BYTES))
    yield timed(f"Draw {DRAWN} questions of {POOL}", lambda: draw(pool, DRAWN, seed), max(tries // 10, 5))
    yield from _tokens(tries)


def timed(what: str, act: Callable[[], object], tries: int, note: str = "") -> Row:
    """One row: the act alone, in batches, each told as the mean of its repetitions."""
    each = max(tries // BATCHES, 1)
    act()
    before = speed.index()
    measured = [_batch(act, each) for _ in range(BATCHES)]
    index = (before + speed.index()) / 2
    seconds, cpu = [wall for wall, _ in measured], 1000 * median(cpu for _, cpu in measured)
    return Row(
        what=what,
        rate=1 / median(seconds),
        p50=median(seconds),
        p95=percentile(seconds, 95),
        cpu_ms=cpu,
        work=work(cpu, index),
        note=note,
    )


def _batch(act: Callable[[], object], each: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    for _ in range(each):
        act()
    return (time.perf_counter() - wall) / each, (time.thread_time() - cpu) / each


def answered() -> Statement:
    """What our own translation makes of one answered question."""
    at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    options = tuple(OptionShown(id=f"o{n}", text=f"Answer {n}, in as many words as people use") for n in range(4))
    asked = QuestionAsked(
        question="abcdefghijklmnop",
        name="onboarding/fire-alarm",
        version=1,
        place=1,
        topic="safety",
        kind="single",
        text="The fire alarm sounds while you are in a meeting. What do you do first?",
        options=options,
        chosen=("o1",),
        right=("o1",),
        is_right=True,
        mark=1.0,
        maximum=1.0,
    )
    event = QuizSubmitted(
        at=at,
        who=Who(platform="ponmlkjihgfedcba", issuer="https://lms.example", subject="7"),
        where=Where(course="aaaabbbbccccdddd", title="Starting at work 101"),
        quiz="eeeeffffgggghhhh",
        title="Onboarding quiz",
        language="en",
        attempt="iiiijjjjkkkkllll",
        n=1,
        started=at - timedelta(minutes=9),
        submitted=at,
        ran_out=False,
        raw=1.0,
        maximum=1.0,
        pass_percent=60,
        has_passed=True,
        questions=(asked,),
    )
    return translate(event, "https://mentoring.example")[0]


def _tokens(tries: int) -> Iterator[Row]:
    """The same token three times: the bare signature, PyJWT, and all our checks with their two reads."""
    with _tool() as app, running_campus(tool=TOOL) as campus, app.app_context():
        _register(campus)
        client = app.test_client()
        form = begin(campus.visitor("leo"), "mentoring", FlaskBrowser(client)).fields
        state, token = form["state"], form["id_token"]
        cookies = {verifying.state_cookie(state): state}
        verifying.verify(form, cookies)
        key = platform_keys.find(campus.settings.jwks_url, jwt.get_unverified_header(token)["kid"])
        assert isinstance(key, RSAPublicKey)
        size = f"{len(token):,} characters"
        yield timed("Verify a bare RS256 signature", lambda: _bare(key, token), tries, size)
        yield timed("Decode the same token with PyJWT", lambda: _pyjwt(key, token), tries)
        yield timed(
            "Verify the same launch with all our checks",
            lambda: verifying.verify(form, cookies),
            tries,
            "login row and deployment read from SQLite",
        )
        db.engine.dispose()


def _bare(key: RSAPublicKey, token: str) -> None:
    signed, _, signature = token.rpartition(".")
    key.verify(base64url_decode(signature), signed.encode(), PKCS1v15(), SHA256())


def _pyjwt(key: RSAPublicKey, token: str) -> object:
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


@contextmanager
def _tool() -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name:
        url = f"sqlite:///{name}/mentoring.sqlite"
        config = Config(root=Path(name), database_url=url, public_url=TOOL, secret_key="only-for-the-bench-" + "x" * 40)
        app = create_app(config, (mentoring, quizzes, xapi))
        with app.app_context():
            cli.prepare_database()
        platform_keys.forget()
        yield app


def _register(campus: CampusInHand) -> None:
    said = campus.registration()
    with transaction() as session:
        platforms.add(
            session,
            name=said["name"],
            issuer=said["issuer"],
            client_id=said["client_id"],
            auth_url=said["auth_url"],
            token_url=said["token_url"],
            jwks_url=said["jwks_url"],
            deployment_id=said["deployment_id"],
        )
