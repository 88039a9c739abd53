from __future__ import annotations

import json

from reviews.instruments.checking import faults
from reviews.instruments.content import Content
from reviews.instruments.ready_made import ready_made


def test_those_that_come_with_the_tool_are_sound(app):
    with app.test_request_context():
        found = {key: [fault.sentence for fault in faults(each.content)] for key, each in ready_made().items()}

    assert found
    assert found == {key: [] for key in found}


def test_what_a_database_keeps_reads_the_same():
    for each in ready_made().values():
        assert Content.of(json.loads(json.dumps(each.content.as_json()))) == each.content
