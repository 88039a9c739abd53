"""How a token is read before anything in it is believed."""

from __future__ import annotations

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.arrivals import shapes
from lti_tool.arrivals.verdicts import Refused

SIGNS = "ABCDwxyz0189-_+/=. !é"


def letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(claims: str, header: str = '{"alg":"RS256","kid":"one"}') -> str:
    return ".".join([letters(header.encode()), letters(claims.encode("utf-8", "surrogatepass")), "c2ln"])


def nested(levels: int) -> str:
    """An object that holds an object or a list, and so on, so many levels in all."""
    text = "1"
    for level in range(levels, 0, -1):
        text = f'{{"a":{text}}}' if level % 2 else f"[{text}]"
    return text


@given(st.binary(max_size=40))
def test_bytes_are_read_as_they_were_written(raw: bytes):
    assert shapes.decoded(letters(raw)) == raw
    assert shapes.decoded(base64.urlsafe_b64encode(raw).decode()) == raw


@given(st.text(st.sampled_from(SIGNS), max_size=12))
def test_there_is_one_way_to_write_them(segment: str):
    with suppress(ValueError):
        raw = shapes.decoded(segment)
        assert segment in (letters(raw), base64.urlsafe_b64encode(raw).decode())


@pytest.mark.parametrize(
    "segment", ["QR", "QQ=", "QQ===", "Q", "+/+/", "QU I=", "====", "QUJD=", "QUJD====", "QQ==QQ=="]
)
def test_other_ways_are_refused(segment: str):
    with pytest.raises(ValueError, match=r"(?i)base64|padding"):
        shapes.decoded(segment)


def test_a_header_is_the_same_whenever_it_is_read():
    first, again = (shapes.parse(token(json.dumps({"n": n})))[0] for n in (1, 2))
    other, _claims = shapes.parse(token("{}", header='{"alg":"none"}'))

    assert first == again == {"alg": "RS256", "kid": "one"}
    assert other == {"alg": "none"}


def test_a_long_header_is_read_and_not_kept():
    long = json.dumps({"alg": "RS256", "kid": "k" * shapes.LONGEST_KEPT})
    before = shapes._header.cache_info().currsize

    assert shapes.parse(token("{}", header=long))[0]["kid"].endswith("kkk")
    assert shapes._header.cache_info().currsize == before


def test_nesting_has_an_end():
    shapes.parse(token(nested(shapes.DEEPEST)))

    for levels in (shapes.DEEPEST + 1, 500, 5000):
        with pytest.raises(Refused):
            shapes.parse(token(nested(levels)))


@pytest.mark.parametrize(
    "claims",
    ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '{"a":NaN}', '{"a":"\\ud800"}', '{"a":"\\uDfFf x"}', "[]", '"a"', "{", ""],
)
def test_what_is_no_honest_object_is_refused(claims: str):
    with pytest.raises(Refused):
        shapes.parse(token(claims))


def test_a_pair_of_surrogates_is_a_letter():
    assert shapes.parse(token('{"a":"\\ud83d\\ude00"}'))[1] == {"a": "😀"}
