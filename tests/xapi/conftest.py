"""Judges for the tests of xAPI: absent ones are named and skipped, except where CI=true."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from tests import judges
from tests.judges import JudgeMissing, RealLrs, leave_out


@pytest.fixture(scope="session")
def judge() -> Callable[[Sequence[object]], list[list[str]]]:
    """Asks npm @learninglocker/xapi-validation; gives its warnings statement by statement."""
    try:
        judges.node_for(judges.VALIDATOR)
    except JudgeMissing as missing:
        leave_out(missing)
    return judges.judge


@pytest.fixture
def real_lrs() -> Iterator[RealLrs]:
    """A new and empty npm xapi-statements."""
    try:
        judges.node_for(judges.LRS)
    except JudgeMissing as missing:
        leave_out(missing)
    with judges.real_lrs() as lrs:
        yield lrs
