"""TIME: tokens of another day, and platforms whose clocks are a little off."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from lti_tool import clock
from tests.lti_tool.hostile.trying import Claims, Forge, Trying, bent
from tests.lti_tool.launching import Away, private_key
from tests.lti_tool.outcomes import Outcome, refused

WRONG_TIME = refused("wrong_time", 401)
TEN_YEARS, DAY = 315_360_000, 86_400


def spelled(**times: str) -> Forge:
    """Times as these very characters, which a JSON writer would not write."""

    def forge(body: Claims) -> str:
        text = json.dumps({name: value for name, value in body.items() if name not in times})[:-1]
        text += "".join(f', "{name}": {value}' for name, value in times.items()) + "}"
        return jwt.api_jws.encode(text.encode(), private_key("one"), algorithm="RS256", headers={"kid": "one"})

    return forge


WRONG: dict[str, tuple[Forge, Outcome]] = {
    "TIME-01": (bent(exp=None), WRONG_TIME),
    "TIME-02": (bent(iat=None), WRONG_TIME),
    "TIME-03": (bent(exp=None, iat=1_000_000_000), WRONG_TIME),
    "TIME-04": (bent(exp=Away(TEN_YEARS)), WRONG_TIME),
    "TIME-05": (bent(iat=Away(-DAY)), WRONG_TIME),
    "TIME-05 by two minutes": (bent(iat=Away(-12 * 60)), WRONG_TIME),
    "TIME-06 by five minutes": (bent(iat=Away(300), exp=Away(360)), WRONG_TIME),
    "TIME-07 by two minutes": (bent(iat=Away(-180), exp=Away(-120)), WRONG_TIME),
    "TIME-08": (bent(exp="soon"), WRONG_TIME),
    "TIME-08 of digits": (bent(exp="4102444800"), WRONG_TIME),
    "TIME-08 true": (bent(exp=True), WRONG_TIME),
    "TIME-08 a list": (bent(exp=[1]), WRONG_TIME),
    "TIME-10 NaN": (spelled(exp="NaN"), refused("bad_token")),
    "TIME-10 endless": (spelled(exp="1e400"), WRONG_TIME),
    "TIME-10 endless iat": (spelled(iat="-1e400"), WRONG_TIME),
    "TIME-10 huge": (spelled(exp="9" * 4000), WRONG_TIME),
    "TIME-10 too huge to be read": (spelled(exp="9" * 5000), refused("bad_token")),
    "TIME-10 negative": (bent(exp=-5), WRONG_TIME),
    "TIME-10 just too large for a date": (spelled(exp="99999999999"), WRONG_TIME),
    "TIME-11": (bent(iat=Away(30), exp=Away(20)), WRONG_TIME),
    "not before tomorrow": (bent(nbf=Away(DAY)), WRONG_TIME),
}


@pytest.mark.parametrize(("forge", "expected"), WRONG.values(), ids=list(WRONG))
def test_a_token_of_the_wrong_time_is_refused(trying: Trying, forge: Forge, expected: Outcome):
    assert trying.token(forge) == expected


CLOSE: dict[str, dict[str, Any]] = {
    "TIME-06": {"iat": Away(5), "exp": Away(65)},
    "TIME-07": {"iat": Away(-63), "exp": Away(-3)},
    "a day's life": {"exp": Away(DAY)},
    "nine minutes old": {"iat": Away(-540)},
}


@pytest.mark.parametrize("changes", CLOSE.values(), ids=list(CLOSE))
def test_clocks_may_differ_by_a_minute(trying: Trying, changes: dict[str, Any]):
    assert trying.launch(**changes) == "ok"


def test_a_time_with_a_fraction_is_a_time(trying: Trying):
    """TIME-10: RFC 7519, section 2, allows it, so a fraction alone is no reason to refuse."""
    at = clock.now().timestamp() // 1 + 0.5

    assert trying.launch(iat=at, exp=at + 60) == "ok"
    assert trying.launch(iat=at, exp=at - 120) == "wrong_time"
