"""`kill -9` at any commit or request of a delivery to an LRS outside, and again: everything once, in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.journeys.crasher import AFTER_THE_HOLD, Crasher
from tests.journeys.outside_lrs import outside_lrs
from tests.xapi.outside import connect, letters, stored_ids, tell
from xapi.delivery import FEWEST_BYTES

pytestmark = pytest.mark.slow

STATEMENTS = 30
"""For one delivery: three requests for those, and five more to find the bad one."""


@pytest.fixture
def crash(database_url: str, tmp_path: Path) -> Iterator[Crasher]:
    crasher = Crasher(database_url, tmp_path)
    yield crasher
    crasher.close()


def test_no_kill_loses_doubles_or_overtakes_a_statement(session: Session, cast: Cast, crash: Crasher):
    course, endings, bad = cast.course(), Counter[int](), set[str]()
    with outside_lrs() as lrs:
        connect(lrs.url, most_bytes=FEWEST_BYTES)

        for last in count(1):
            before = len(stored_ids(session))
            tell(cast.enrol(course, f"Learner {last}").who, STATEMENTS)
            bad.add(stored_ids(session)[before + 17])
            lrs.refuses = bad
            ended, said = crash(last=last, each_statement=False)
            assert ended in (0, -9), said
            again, problem = crash(later=AFTER_THE_HOLD, each_statement=False)
            assert again == 0, (last, problem)
            assert list(lrs.stored) == [each for each in stored_ids(session) if each not in bad], last
            assert Counter(state for state, _error in letters(session)) == {
                "delivered": last * (STATEMENTS - 1),
                "dead": last,
            }
            endings[ended] += 1
            if ended == 0:
                break

    assert endings[-9] >= 20, "the delivery has at least that many steps"
