"""A recording is what its bytes say, whatever it is called."""

from __future__ import annotations

import io
import random
import time

import pytest

from lti_tool import sounds
from tests import files, recordings

ALL = {
    "mp3": recordings.mp3(),
    "ogg": recordings.ogg(),
    "wav": recordings.wav(),
    "m4a": recordings.m4a(),
    "aac": recordings.aac(),
}


def kind_of(content: bytes) -> str | None:
    return sounds.kind_of(io.BytesIO(content))


@pytest.mark.parametrize("key", ALL)
def test_each_kind_is_known_by_its_bytes(key: str):
    assert kind_of(ALL[key]) == key


def test_they_are_known_behind_tags_and_in_their_other_forms():
    others = [
        recordings.mp3(tag=b"TIT2 A long title" * 40),
        recordings.ogg(b"\x01vorbis" + b"\0" * 23),
        recordings.wav(head=b"LIST\x04\0\0\0INFO"),
        recordings.wav(kind=3),
    ]

    assert [kind_of(each) for each in others] == ["mp3", "ogg", "wav", "wav"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3",
        b"<html><script>alert(1)</script></html>",
        b"ID3\x04\0\0\0\0\0\x05title<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xff\xfb\x90\x00<html>" + b" " * 900,
        b"RIFF\x10\0\0\0WAVE<html>",
        b"RIFF\x10\0\0\0WAVEdata\x04\0\0\0\0\0\0\0",
        b"OggS\0\x02" + b"\0" * 20 + b"\x01\x08OpusHead",
        b"\0\0\0\x10ftypM4A \0\0\0\0<html>",
        recordings.mp3(1),
        recordings.aac(1),
        recordings.ogg(b"\x80theora" + b"\0" * 20),
        recordings.ogg(streams=2),
        recordings.wav(kind=85),
        recordings.m4a(b"soun", b"vide"),
        recordings.m4a(b"text"),
        files.png(),
        files.webp(),
        files.office(),
        b"MZ" + b"\0" * 100,
        b"\0" * 4096,
        b"\xff" * 4096,
    ],
)
def test_what_only_says_that_it_is_one_is_none(content: bytes):
    assert kind_of(content) is None


def test_sizes_that_cannot_be_true_lead_nowhere():
    huge = b"\x7f\x7f\x7f\x7f"
    lies = [
        b"ID3\x04\0\0" + huge + b"x" * 20,
        b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + b"x" * 40,
        b"\0\0\0\x14ftypM4A \0\0\0\0mp42\xff\xff\xff\xffmoov",
        b"\0\0\0\x14ftypM4A \0\0\0\0mp42" + b"\0\0\0\x01moov" + b"\xff" * 8,
        b"\0\0\0\x08ftyp" * 40_000,
        b"RIFF\0\0\0\0WAVE" + b"LIST\0\0\0\0" * 40_000,
    ]
    begun = time.monotonic()

    assert [kind_of(each) for each in lies] == [None] * len(lies)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_nothing_is_raised(seed: int):
    chance = random.Random(seed)

    for _n in range(500):
        made = bytearray(chance.choice(list(ALL.values())))
        for _change in range(chance.choice((1, 3, 9))):
            made[chance.randrange(len(made))] = chance.randrange(256)
        assert kind_of(bytes(made[: chance.randrange(len(made) + 1)])) in {None, *ALL}
