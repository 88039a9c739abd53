"""What takes microseconds, alone in one process: a statement's validation, a draw, a token's verification."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import joserfc.jwt
import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from joserfc.jwk import RSAKey
from jwt.utils import base64url_decode

import mentoring
import quizzes
import reviews
import xapi
from bench import speed
from bench.bench import Bench
from bench.figures import duration, percentile, work
from bench.table import Check, Row
from campus.testing import CampusInHand, FlaskBrowser, begin, running_campus
from lti_tool import cli, platform_keys, platforms
from lti_tool.app import create_app
from lti_tool.arrivals import states, verifying
from lti_tool.claims import Launch
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.events import Where, Who
from quizzes.drawing import SEED_BYTES, Candidate, by_outline, draw, outline
from quizzes.events import QuestionAsked, QuizSubmitted
from quizzes.kinds.base import Component, Interaction, Option
from tests.xapi.samples import corpus
from xapi.endpoints import VERSIONS
from xapi.translations import Statement, translate
from xapi.validation import Version, emitter_errors, errors

TOOL = "http://localhost:8000"
"""Where this tool would stand; nothing listens or asks there."""
BATCHES = 20
MOST_OF_OUR_OWN = 150e-6
"""Seconds that all our checks may take beyond the signature itself."""
MOST_OF_A_STATEMENT = 50e-6
"""Seconds that the validation of a statement may take, for half of those a conformance suite sends."""
POOL, LARGE_POOL, DRAWN = 60, 200, 20


def rows(bench: Bench) -> Iterator[Row | Check]:
    tries = bench.size.tries
    bench.say("Statements, draws and tokens")
    statement = answered()
    faults = errors(statement)
    yield Check(what="The measured statement is valid", has_passed=not faults, found=", ".join(map(str, faults)))
    yield timed("Validate one statement, as any LRS must", lambda: errors(statement), tries)
    yield timed("Validate one of ours, with our own rules", lambda: emitter_errors(statement), tries)
    for version in VERSIONS:
        yield from _corpus(bench, version)
    pool = [Candidate(question=n, version=n, options=4) for n in range(1, POOL + 1)]
    seed = bytes(range(SEED_BYTES))
    yield timed(f"Draw {DRAWN} questions of {POOL}", lambda: draw(pool, DRAWN, seed), max(tries // 10, 5))
    quiz = _outline()
    yield timed(
        f"Draw {DRAWN} questions of {LARGE_POOL} by an outline",
        lambda: by_outline.draw(quiz, seed),
        max(tries // 10, 5),
        note="two overlapping rules, three bands, ten sets of enemies, options in two groups",
    )
    yield from _tokens(bench)


def _corpus(bench: Bench, version: Version) -> Iterator[Row | Check]:
    """Each statement of a conformance suite, valid or not, by itself."""
    each = 3 if bench.size.is_quick else 50
    statements = [line["statement"] for line in corpus(version)]
    timed = by_turns({"all": lambda: [errors(statement, version) for statement in statements]}, BATCHES)["all"]
    took = [_batch(partial(errors, statement, version), each) for statement in statements]
    p50 = percentile([wall for wall, _cpu in took], 50)
    what = f"Validate each of {len(statements)} statements of the corpus, {version}"
    yield Row(
        what=what,
        rate=len(statements) / median(timed.wall),
        p50=p50,
        p95=percentile([wall for wall, _cpu in took], 95),
        cpu_ms=1000 * median(timed.cpu) / len(statements),
        work=work(1000 * median(timed.cpu) / len(statements), timed.index),
    )
    if not bench.size.is_quick:
        promise = f"A statement of xAPI {version} is validated in {duration(MOST_OF_A_STATEMENT)}"
        yield Check(what=promise, has_passed=p50 <= MOST_OF_A_STATEMENT, found=duration(p50))


def _outline() -> outline.Outline:
    pool = [
        outline.Candidate(question=n, version=n, options=6, groups=((0, 1, 2), (3, 4, 5)), difficulty=n % 3)
        for n in range(LARGE_POOL)
    ]
    bands = [outline.Band(lowest=level, highest=level) for level in range(3)]
    rules = [
        outline.Rule(name="any", count=DRAWN - 5, pool=pool, bands=bands),
        outline.Rule(name="some", count=5, pool=pool[: LARGE_POOL // 4]),
    ]
    return outline.Outline([outline.Section(rules)], [frozenset({n, n + 1, n + 3}) for n in range(0, 100, 10)])


def timed(what: str, act: Callable[[], object], tries: int, note: str = "") -> Row:
    """One row: the act alone, in batches, each told as the mean of its repetitions."""
    return by_turns({what: act}, tries)[what].row(what, note)


@dataclass(frozen=True)
class Timed:
    """One act, measured in batches: the seconds of one repetition in each."""

    wall: Sequence[float]
    cpu: Sequence[float]
    index: float
    """The speed of the machine meanwhile."""

    def row(self, what: str, note: str = "") -> Row:
        cpu_ms = 1000 * median(self.cpu)
        return Row(
            what=what,
            rate=1 / median(self.wall),
            p50=median(self.wall),
            p95=percentile(self.wall, 95),
            cpu_ms=cpu_ms,
            work=work(cpu_ms, self.index),
            note=note,
        )

    def beyond(self, other: Timed) -> Timed:
        """What this takes longer than something smaller that was measured by turns with it."""
        return Timed(
            [mine - its for mine, its in zip(self.wall, other.wall, strict=True)],
            [mine - its for mine, its in zip(self.cpu, other.cpu, strict=True)],
            self.index,
        )


def by_turns(acts: Mapping[str, Callable[[], object]], tries: int) -> dict[str, Timed]:
    """A batch of each, then again, so that all of them meet the machine at the same speed."""
    each = max(tries // BATCHES, 1)
    for act in acts.values():
        act()
    # As the web server does before it begins: what is loaded stays and is not looked through for garbage.
    gc.collect()
    gc.freeze()
    before = speed.index()
    measured = [{name: _batch(act, each) for name, act in acts.items()} for _ in range(BATCHES)]
    index = (before + speed.index()) / 2
    return {
        name: Timed([batch[name][0] for batch in measured], [batch[name][1] for batch in measured], index)
        for name in acts
    }


def _batch(act: Callable[[], object], each: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    for _ in range(each):
        act()
    return (time.perf_counter() - wall) / each, (time.thread_time() - cpu) / each


def answered() -> Statement:
    """What our own translation makes of one answered question."""
    at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    options = tuple(Option(id=f"o{n}", text=f"Answer {n}, in as many words as people use") for n in range(4))
    asked = QuestionAsked(
        question="abcdefghijklmnop",
        name="onboarding/fire-alarm",
        version=1,
        place=1,
        topic="safety",
        kind="single",
        text="The fire alarm sounds while you are in a meeting. What do you do first?",
        is_right=True,
        is_marked=True,
        mark=1.0,
        maximum=1.0,
        interaction=Interaction(
            type="choice", pattern=("o1",), response="o1", components=(Component("choices", options),)
        ),
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


def _tokens(bench: Bench) -> Iterator[Row | Check]:
    """The same token by turns: its signature alone, two libraries that could read it, and all our checks."""
    with _tool() as app, running_campus(tool=TOOL) as campus, app.app_context():
        _register(campus)
        client = app.test_client()
        form = begin(campus.visitor("leo"), "mentoring", FlaskBrowser(client)).fields
        state, token = form["state"], form["id_token"]
        cookies = {verifying.state_cookie(state): state}
        verifying.verify(form, cookies)
        key = platform_keys.find(campus.settings.jwks_url, jwt.get_unverified_header(token)["kid"])
        assert isinstance(key, RSAPublicKey)
        verified = verifying.verify(form, cookies)
        found_before = (verified.platform, verified.deployment)
        found = by_turns(
            {
                "bare": partial(_bare, key, token),
                "PyJWT": partial(_pyjwt, key, token),
                "joserfc": partial(_joserfc, _as_joserfc(key), token),
                "ours": partial(_ours, state, token, cookies, lambda _login, _deployment: found_before),
                "read": partial(Launch.from_claims, verified.claims),
                "whole": partial(verifying.verify, form, cookies),
            },
            bench.size.tries,
        )
        yield from _told(found, f"{len(token):,} characters", MOST_OF_OUR_OWN if not bench.size.is_quick else None)
        db.engine.dispose()


def _told(found: Mapping[str, Timed], size: str, most: float | None) -> Iterator[Row | Check]:
    own = found["ours"].beyond(found["bare"])
    yield found["bare"].row(
        "Verify a bare RS256 signature",
        f"{size}; this serves: our own checks have read the token already, and no other algorithm can be asked for",
    )
    yield found["PyJWT"].row("Decode the same token with PyJWT", "looks at every character of it in Python")
    yield found["joserfc"].row("Decode the same token with joserfc", "quicker, but reads again what we have read")
    yield found["ours"].row("Verify the same launch with all our checks", "without the question to the database")
    yield own.row("Our own checks on top of the bare signature", f"at most {1e6 * MOST_OF_OUR_OWN:.0f} µs")
    yield found["read"].row("Read a verified launch into our own words", "after its verification")
    yield found["whole"].row("The whole verification of a launch", "platform, deployment and spending read from SQLite")
    if most:
        took = min(found["ours"].cpu) - min(found["bare"].cpu)
        beside = min(found["ours"].cpu) - min(found["joserfc"].cpu)
        yield Check(
            what=f"Verifying a launch: at most {1e6 * most:.0f} µs of our own on top of the bare signature",
            has_passed=took <= most,
            found=f"{1e6 * took:.0f} µs of CPU time in the best of {BATCHES} batches, {1e6 * median(own.cpu):.0f} µs"
            f" in the median; {1e6 * beside:.0f} µs on top of joserfc's decoding",
        )


def _bare(key: RSAPublicKey, token: str) -> None:
    signed, _, signature = token.rpartition(".")
    key.verify(base64url_decode(signature), signed.encode(), PKCS1v15(), SHA256())


def _pyjwt(key: RSAPublicKey, token: str) -> object:
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def _as_joserfc(key: RSAPublicKey) -> RSAKey:
    return RSAKey.import_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _joserfc(key: RSAKey, token: str) -> object:
    return joserfc.jwt.decode(token, key, algorithms=["RS256"])


def _ours(state: str, token: str, cookies: Mapping[str, str], bound: verifying.Bound) -> object:
    """What `verifying.verify` does, without the question to the database."""
    login = states.unseal(state)
    assert login is not None
    assert verifying.is_tied(state, cookies)
    return verifying.judge(token, login, bound=bound)


@contextmanager
def _tool() -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name:
        url = f"sqlite:///{name}/mentoring.sqlite"
        config = Config(root=Path(name), database_url=url, public_url=TOOL, secret_key="only-for-the-bench-" + "x" * 40)
        app = create_app(config, (mentoring, quizzes, reviews, xapi))
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
