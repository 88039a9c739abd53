"""The embedded LRS takes statements, attachments and documents; one table has all that statements are looked for by."""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

Said = dict[str, Any]

AT_ONCE = 500
FARTHEST = 10
CONTEXT_PLACES = {"parent": 64, "grouping": 128, "category": 256, "other": 512}


def upgrade() -> None:
    op.create_table(
        "lrs_mention",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("via", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("verb", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["lrs_store.id"], name=op.f("fk_lrs_mention_store_id_lrs_store")),
        sa.PrimaryKeyConstraint(
            "store_id", "key", "seq", "via", name=op.f("pk_lrs_mention"), postgresql_include=["places", "verb"]
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lrs_activity",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["lrs_store.id"], name=op.f("fk_lrs_activity_store_id_lrs_store")),
        sa.PrimaryKeyConstraint("store_id", "key", name=op.f("pk_lrs_activity")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lrs_attachment",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("sha2", sa.String(length=128), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["lrs_store.id"], name=op.f("fk_lrs_attachment_store_id_lrs_store")),
        sa.PrimaryKeyConstraint("store_id", "sha2", name=op.f("pk_lrs_attachment")),
    )
    op.create_table(
        "lrs_document",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("registration", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.String(length=40), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["lrs_store.id"], name=op.f("fk_lrs_document_store_id_lrs_store")),
        sa.PrimaryKeyConstraint(
            "store_id", "kind", "activity", "agent", "registration", "key", name=op.f("pk_lrs_document")
        ),
    )
    op.create_index("ix_lrs_document_agent", "lrs_document", ["store_id", "agent"])
    _retell(op.get_bind())
    op.create_index("ix_lrs_mention_seq", "lrs_mention", ["store_id", "seq"])
    op.drop_table("lrs_statement_activity")
    op.drop_table("lrs_statement_agent")
    op.drop_index("ix_lrs_statement_registration", "lrs_statement")
    op.drop_index("ix_lrs_statement_verb", "lrs_statement")


# What statements mention, as `xapi.lrs.keys` had it when this was written.

statement = sa.table("lrs_statement", *map(sa.column, ("store_id", "seq", "statement_id", "ref", "body")))
mention = sa.table("lrs_mention", *map(sa.column, ("store_id", "key", "seq", "via", "places", "verb")))
activity = sa.table("lrs_activity", *map(sa.column, ("store_id", "key", "definition")))


def _retell(connection: sa.Connection) -> None:
    definitions: dict[tuple[int, str], Said] = {}
    last = (0, 0)
    while True:
        rows = connection.execute(
            sa.select(statement)
            .where(sa.tuple_(statement.c.store_id, statement.c.seq) > sa.tuple_(*last))
            .order_by(statement.c.store_id, statement.c.seq)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            break
        last = (rows[-1].store_id, rows[-1].seq)
        said = [(row, json.loads(row.body)) for row in rows]
        found = [each for row, body in said for each in _mentions(connection, row, body)]
        connection.execute(mention.insert(), found)
        for row, body in said:
            _learn(definitions, row.store_id, body)
    if definitions:
        connection.execute(
            activity.insert(),
            [
                {"store_id": store, "key": key, "definition": _text(definition)}
                for (store, key), definition in definitions.items()
            ],
        )


def _mentions(connection: sa.Connection, row: sa.Row[Any], body: Said) -> list[Said]:
    found = _rows(row, row.seq, body)
    seen, ref = {row.statement_id}, row.ref
    for _ in range(FARTHEST):
        if ref is None or ref in seen:
            break
        seen.add(ref)
        other = connection.execute(
            sa.select(statement).where(statement.c.store_id == row.store_id, statement.c.statement_id == ref)
        ).one_or_none()
        if other is None:
            break
        found += _rows(row, other.seq, json.loads(other.body))
        ref = other.ref
    return found


def _rows(row: sa.Row[Any], via: int, body: Said) -> list[Said]:
    verb = _key("verb", body["verb"]["id"])
    places = {verb: 2048}
    if registration := body.get("context", {}).get("registration"):
        places[_key("registration", registration.lower())] = 4096
    for place, agent in _agents(body):
        for one in (agent, *agent.get("member", ())):
            if key := _agent_key(one):
                places[key] = places.get(key, 0) | place
    for place, thing in _activities(body):
        key = _key("activity", thing["id"])
        places[key] = places.get(key, 0) | place
    short = int.from_bytes(verb[:8], "big", signed=True)
    return [
        {"store_id": row.store_id, "key": key, "seq": row.seq, "via": via, "places": value, "verb": short}
        for key, value in places.items()
    ]


def _key(*parts: str) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()[:16]


def _agent_key(agent: Said) -> bytes | None:
    if "account" in agent:
        return _key("account", agent["account"]["homePage"], agent["account"]["name"])
    if "mbox" in agent:
        return _key("mbox", agent["mbox"])
    if "mbox_sha1sum" in agent:
        return _key("mbox_sha1sum", agent["mbox_sha1sum"].lower())
    return _key("openid", agent["openid"]) if "openid" in agent else None


def _agents(body: Said) -> list[tuple[int, Said]]:
    found = [(1, body["actor"])]
    thing, context = body["object"], body.get("context", {})
    if thing.get("objectType") in ("Agent", "Group"):
        found.append((2, thing))
    if thing.get("objectType") == "SubStatement":
        found += [(1024, agent) for _, agent in _agents(thing)]
    found += [(place, body[name]) for name, place in (("authority", 4),) if name in body]
    found += [(place, context[name]) for name, place in (("instructor", 8), ("team", 16)) if name in context]
    found += [(32, each["agent"]) for each in context.get("contextAgents", ())]
    return found + [(32, each["group"]) for each in context.get("contextGroups", ())]


def _activities(body: Said) -> list[tuple[int, Said]]:
    thing = body["object"]
    kind = thing.get("objectType", "Activity")
    found = [(2, thing)] if kind == "Activity" else []
    if kind == "SubStatement":
        found += [(1024, each) for _, each in _activities(thing)]
    for name, things in body.get("context", {}).get("contextActivities", {}).items():
        found += [(CONTEXT_PLACES[name], each) for each in things]
    return found


def _learn(definitions: dict[tuple[int, str], Said], store: int, body: Said) -> None:
    for _, thing in _activities(body):
        if definition := thing.get("definition"):
            key = (store, hashlib.sha256(thing["id"].encode()).hexdigest())
            before = definitions.get(key, {})
            both = {**before, **definition}
            for name in ("name", "description", "extensions"):
                if name in before and name in definition:
                    both[name] = {**before[name], **definition[name]}
            definitions[key] = both


def _text(definition: Said) -> str:
    return json.dumps(definition, ensure_ascii=False, separators=(",", ":"))
