"""For pytest: which tests run again on PostgreSQL, and in CI a test that is skipped has failed."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

DATABASES = {"template", "old_database"}
"""The fixtures of tests/conftest.py through which every test comes by its database."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true", help="only tests that touch the database named by TEST_DATABASE_URL"
    )
    parser.addoption("--soak", action="store_true", help="the long runs too, for which make soak has the time")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = _for_postgres(items) if config.getoption("only_database") else list(filter(_belongs_on_sqlite, items))
    if not config.getoption("soak"):
        chosen = [item for item in chosen if item.get_closest_marker("soak") is None]
    if len(chosen) < len(items):
        kept = set(chosen)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = chosen
    # The slow ones first, so that one worker does not sit with the last of them while the others are done.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _for_postgres(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """What touches the database; of a test with many cases the first, as the others ask the database the same."""
    found: dict[str, pytest.Item] = {}
    for item in filter(_belongs_on_postgres, items):
        name = item.nodeid if item.get_closest_marker("every_case") else item.nodeid.partition("[")[0]
        found.setdefault(name, item)
    return list(found.values())


def _belongs_on_postgres(item: pytest.Item) -> bool:
    """Browsers do not ask again what the tests of pages ask here."""
    if item.get_closest_marker("sqlite") or item.get_closest_marker("browser"):
        return False
    return (
        not DATABASES.isdisjoint(getattr(item, "fixturenames", ())) or item.get_closest_marker("postgres") is not None
    )


def _belongs_on_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgres") is None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and _nothing_may_be_left_out() and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", _complaint(report.longrepr)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and _nothing_may_be_left_out():
        report.outcome, report.longrepr = "failed", _complaint(report.longrepr)
    return report


_is_warm: list[bool] = []
"""Something in here once the first test has brought in whatever is loaded late."""


def pytest_sessionstart() -> None:
    """As in production, garbage is collected between things: here, between tests (see lti_tool.running.garbage)."""
    gc.disable()


def pytest_collection_finish() -> None:
    _keep_for_good()


def pytest_runtest_logfinish() -> None:
    if not _is_warm:
        _is_warm.append(True)
        _keep_for_good()
    elif gc.get_count()[0] > gc.get_threshold()[0]:
        gc.collect()


def _keep_for_good() -> None:
    """What is there now stays to the end, and looking through it after each test took as long as the test itself."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """One line for each reason for which tests were skipped."""
    reasons = Counter(_reason(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    for reason, times in sorted(reasons.items()):
        terminalreporter.write_line(f"Left out: {times} of these tests, because: {reason}")


def _nothing_may_be_left_out() -> bool:
    return os.environ.get("CI") == "true"


def _complaint(skipped: Any) -> str:
    return f"In CI no test may be skipped, and this one was: {_reason(skipped)}"


def _reason(skipped: Any) -> str:
    text = skipped[2] if isinstance(skipped, tuple) else str(skipped)
    return str(text).removeprefix("Skipped: ")
