"""Every event of the house is retold to learning record stores, or says why not."""

from __future__ import annotations

from collections.abc import Iterator

import lti_tool.events
import mentoring.events
import quizzes.events
import reviews.events
from lti_tool.events import Event
from xapi.translations import NOT_TOLD, TRANSLATIONS

ROOMS = (lti_tool.events, mentoring.events, quizzes.events, reviews.events)


def kinds(kind: type[Event]) -> Iterator[type[Event]]:
    for each in kind.__subclasses__():
        yield from kinds(each) if each.__subclasses__() else (each,)


def test_every_event_has_a_translation_or_a_stated_reason():
    house = {each for each in kinds(Event) if each.__module__ in {room.__name__ for room in ROOMS}}
    assert len(house) > 30

    assert sorted(each.__name__ for each in house - set(TRANSLATIONS) - set(NOT_TOLD)) == []
    assert sorted(each.__name__ for each in set(TRANSLATIONS) & set(NOT_TOLD)) == []
    assert sorted(each.__name__ for each in (set(TRANSLATIONS) | set(NOT_TOLD)) - house) == []


def test_reasons_are_sentences():
    assert [each.__name__ for each, reason in NOT_TOLD.items() if not reason.endswith(".") or len(reason) < 20] == []
