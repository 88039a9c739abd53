"""Stores from before there was one table of mentions find what they found, as if everything had been told today."""

import json
from typing import Any

from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from lti_tool.migrating import alembic_config, migrate
from tests.xapi.lrs.conftest import THEN, make_store
from tests.xapi.lrs.telling import AUTHORITY, COURSE, LEO, MAYA, QUIZ, ZOE, about, activity, told, voiding
from xapi.lrs import storing
from xapi.lrs.models import KnownActivity, Mention, Store

NAMED = {"objectType": "Activity", "id": QUIZ, "definition": {"name": {"en": "Quiz"}}}
STATEMENTS: list[dict[str, Any]] = [
    told("one", object=NAMED, context={"registration": "16AD7A5B-bb2b-4a9d-8c2e-00000000000a", "instructor": MAYA}),
    told("comment", actor=MAYA, object=about("one")),
    told("reply", object=about("comment")),
    told("hen", object=about("egg")),
    told("egg", object=about("hen")),
    told("group", actor={"objectType": "Group", "mbox": "mailto:c@e.org", "member": [LEO, ZOE]}, object=ZOE),
    told(
        "planned",
        actor={"mbox_sha1sum": "CD9B00a5611f94eaa7b1661edab976068e364975"},
        object={
            "objectType": "SubStatement",
            "actor": {"openid": "https://id.example/leo"},
            "verb": {"id": "https://e.org/v"},
            "object": activity(QUIZ),
            "context": {"team": {"objectType": "Group", "member": [MAYA]}},
        },
    ),
    told(
        "grouped",
        object={**NAMED, "definition": {"name": {"fr": "Jeu"}, "type": "https://e.org/t"}},
        context={"contextActivities": {name: [activity(COURSE)] for name in ("parent", "grouping", "other")}},
    ),
    voiding("voiding", "group"),
]


def mentions(session: Session, store: int) -> list[tuple[object, ...]]:
    columns = (Mention.key, Mention.seq, Mention.via, Mention.places, Mention.verb)
    return sorted(tuple(row) for row in session.execute(select(*columns).where(Mention.store_id == store)))


def definitions(session: Session, store: int) -> dict[str, Any]:
    rows = session.execute(select(KnownActivity.key, KnownActivity.definition).where(KnownActivity.store_id == store))
    return {row.key: json.loads(row.definition) for row in rows}


def test_what_was_stored_before_is_found_as_if_it_were_told_today(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0043")
    with Session(old_database) as session:
        old = make_store(session, "old")
        for seq, statement in enumerate(STATEMENTS, 1):
            thing = statement["object"]
            row = {
                "store": old.id,
                "seq": seq,
                "id": statement["id"],
                "at": THEN.isoformat(),
                "verb": statement["verb"]["id"],
                "ref": thing["id"] if thing["objectType"] == "StatementRef" else None,
                "voided": False,
                "body": json.dumps({**statement, "authority": AUTHORITY}),
            }
            session.execute(
                text(
                    "INSERT INTO lrs_statement"
                    " (store_id, seq, statement_id, stored, timestamp, verb, ref, voided, body)"
                    " VALUES (:store, :seq, :id, :at, :at, :verb, :ref, :voided, :body)"
                ),
                row,
            )
        session.commit()

    migrate(old_database)

    with Session(old_database) as session:
        new = make_store(session, "new")
        storing.store(session, new, STATEMENTS, AUTHORITY, THEN)
        session.commit()
        stores = session.scalars(select(Store.id).order_by(Store.id)).all()
        found = [(mentions(session, store), definitions(session, store)) for store in stores]
        assert found[0] == found[1]
        assert len(found[0][0]) > 40
        assert list(found[0][1].values()) == [
            {"name": {"en": "Quiz", "fr": "Jeu"}, "type": "https://e.org/t"},
        ]
