"""Garbage is collected when a request has ended, and not before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from flask import Flask

from lti_tool.running import garbage


class Knot:
    """Part of a cycle, so that only a collection frees it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """The generation of every collection from here on."""
    seen: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            seen.append(about["generation"])

    gc.collect()
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


@pytest.fixture
def automatic() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


def test_a_request_that_leaves_much_behind_is_cleaned_up_after_and_not_during(app: Flask, collections: list[int]):
    garbage.take_over()

    with app.app_context():
        kept = [Knot() for _each in range(5000)]
        del kept
        during = list(collections)

    assert (during, collections) == ([], [0])


def test_little_is_left_for_later(app: Flask, collections: list[int]):
    garbage.take_over()

    garbage.between()

    assert collections == []


@pytest.mark.usefixtures("automatic")
def test_where_nobody_took_over_python_does_as_it_always_does(app: Flask, collections: list[int]):
    kept = [Knot() for _each in range(5000)]
    before = len(collections)

    garbage.between()

    assert (len(kept), len(collections)) == (5000, before)
    assert before > 0
