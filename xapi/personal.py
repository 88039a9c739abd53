"""What learning record stores hold about a person: given out, and erased.

What they did is voided here and at every LRS outside that had it, and of the statement here a tombstone stays: its id,
when it was stored, its verb. Where they only stand beside what somebody else did, as their mentor, that one's statement
stays and names nobody in their place.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool import outbox, personal_data
from lti_tool.models import Person
from lti_tool.personal_data import Keeper, Plain
from xapi.consent.models import MailConsent
from xapi.endpoints import Endpoint
from xapi.identities import Agent, renamed
from xapi.lrs import storing
from xapi.lrs.keys import agent_key
from xapi.lrs.models import Attachment, Document, Mention, Store, StoredStatement
from xapi.retelling import authority
from xapi.validation.statements import VOIDED

ORDER = 40
"""After those who end what somebody is in, which is told; before the account goes by which they are found here."""
AT_ONCE = 500
VOIDINGS = uuid.uuid5(uuid.NAMESPACE_URL, "https://w3id.org/lti-mentoring/xapi/erasures")
NOBODY = "erased"
"""The name of the account that stands where somebody is named no more."""


def init_app(app: Flask) -> None:
    personal_data.register(app, Keeper(key="statements", order=ORDER, export=export, erase=erase))


def export(session: Session, person: Person) -> Plain:
    """What they did, as it is told; of whom they stand beside, only how many statements there are."""
    mine, others = [], 0
    for row in _naming(session, person):
        said = json.loads(row.body)
        if _is_about(said, person):
            mine.append(said)
        else:
            others += 1
    wanted = select(Document).where(*_documents_of(session, person))
    documents = session.scalars(wanted.order_by(Document.kind, Document.name)).all()
    consents = session.execute(
        select(Endpoint.label, MailConsent.is_given, MailConsent.said)
        .join(Endpoint, Endpoint.id == MailConsent.endpoint_id)
        .where(MailConsent.person_id == person.id)
        .order_by(MailConsent.id)
    )
    return {
        "statements": mine,
        "named_in_statements_of_others": others,
        "mail_consents": [
            {"store": label, "agreed": is_given, "said": said.isoformat()} for label, is_given, said in consents
        ],
        "documents": [{"kind": each.kind, "name": each.name, "bytes": len(each.content)} for each in documents],
    }


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    session.execute(delete(MailConsent).where(MailConsent.person_id == person.id))
    store = _store_of(session, person)
    if store is None:
        return ["Not told: anything of them to a learning record store."]
    told = _naming(session, person)
    kept = {row.seq: said for row in told if (said := _without(json.loads(row.body), person)) is not None}
    theirs = [row for row in told if row.seq not in kept]
    _void(session, store, [row.statement_id for row in theirs if row.verb != VOIDED and not row.voided], at)
    for row in theirs:
        _bury(session, row)
    for row in told:
        if row.seq in kept:
            _write(session, row, body=_as_text(kept[row.seq]))
    session.execute(delete(Mention).where(Mention.store_id == store.id, Mention.key.in_(_keys(person))))
    documents = session.execute(delete(Document).where(*_documents_of(session, person)))
    return [
        f"Erased: {len(theirs)} statements in the learning record store here, each voided; stores outside are told so.",
        f"Kept: {len(kept)} statements of others, which name nobody in their place; stores outside still have the "
        "account.",
        f"Erased: {documents.rowcount} documents that consumers kept about them.",  # type: ignore[attr-defined]
    ]


def _store_of(session: Session, person: Person) -> Store | None:
    return session.scalar(select(Store).where(Store.platform_id == person.platform_id))


def _account(person: Person) -> dict[str, str]:
    return {"homePage": person.platform.issuer, "name": person.subject}


def _keys(person: Person) -> list[bytes]:
    """What statements about them are found by: the account, and the mail address that a consumer may have used."""
    agents: list[dict[str, Any]] = [{"account": _account(person)}]
    agents += [{"mbox": f"mailto:{person.email}"}] if person.email else []
    return [key for each in agents if (key := agent_key(each)) is not None]


def _naming(session: Session, person: Person) -> Sequence[StoredStatement]:
    """Statements that name them, whatever for."""
    wanted = (
        select(StoredStatement)
        .join(Mention, (Mention.store_id == StoredStatement.store_id) & (Mention.via == StoredStatement.seq))
        .join(Store, Store.id == StoredStatement.store_id)
        .where(Store.platform_id == person.platform_id, Mention.key.in_(_keys(person)))
        .distinct()
        .order_by(StoredStatement.seq)
    )
    return session.scalars(wanted).unique().all()


def _documents_of(session: Session, person: Person) -> tuple[Any, ...]:
    store = _store_of(session, person)
    agents = [key.hex() for key in _keys(person)]
    return Document.store_id == (store.id if store else None), Document.agent.in_(agents)


def _is_about(statement: Mapping[str, Any], person: Person) -> bool:
    """Whether they did it, or it was done to them."""
    agents = [statement["actor"], *statement["actor"].get("member", ()), statement["object"]]
    mail = f"mailto:{person.email}" if person.email else None
    return any(
        each.get("account") == _account(person) or (mail is not None and each.get("mbox") == mail) for each in agents
    )


def _void(session: Session, store: Store, ids: Collection[str], at: datetime) -> None:
    voidings = [
        {
            "id": str(uuid.uuid5(VOIDINGS, statement_id)),
            "actor": authority(),
            "verb": {"id": VOIDED, "display": {"en": "voided"}},
            "object": {"objectType": "StatementRef", "id": statement_id},
            "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        for statement_id in ids
    ]
    for first in range(0, len(voidings), AT_ONCE):
        storing.store(session, store, voidings[first : first + AT_ONCE], authority(), at)
    everywhere = or_(Endpoint.platform_id.is_(None), Endpoint.platform_id == store.platform_id)
    for endpoint in session.scalars(select(Endpoint).where(Endpoint.is_active, everywhere).order_by(Endpoint.id)).all():
        for voiding in voidings:
            outbox.post(session, endpoint.lane, {"store": store.id, "statement": voiding["id"]})


def _bury(session: Session, row: StoredStatement) -> None:
    """Leave a tombstone, which nothing leads to but its id."""
    said = json.loads(row.body)
    stone: dict[str, Any] = {
        **{part: said[part] for part in ("id", "verb", "timestamp", "stored", "version", "authority")},
        "actor": authority(),
        "object": {"objectType": "Activity", "id": f"{current_app.config['IRI_BASE']}/xapi/activities/erased"},
    }
    if said["object"].get("objectType") == "StatementRef":
        stone["object"] = said["object"]
    session.execute(delete(Mention).where(Mention.store_id == row.store_id, Mention.via == row.seq))
    _write(session, row, body=_as_text(stone), registration=None, voided=row.verb != VOIDED)
    _let_go_of_attachments(session, row.store_id, {each["sha2"] for each in said.get("attachments", ())})


def _as_text(statement: Mapping[str, Any]) -> str:
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":"))


def _write(session: Session, row: StoredStatement, **values: Any) -> None:
    one = StoredStatement.store_id == row.store_id, StoredStatement.seq == row.seq
    changed = update(StoredStatement).where(*one).values(values)
    session.execute(changed.execution_options(synchronize_session=False))


def _let_go_of_attachments(session: Session, store: int, hashes: Collection[str]) -> None:
    """Of those that no other statement names."""
    for sha2 in hashes:
        named = select(StoredStatement.seq).where(
            StoredStatement.store_id == store, StoredStatement.body.contains(sha2, autoescape=True)
        )
        if session.scalar(named.limit(1)) is None:
            session.execute(delete(Attachment).where(Attachment.store_id == store, Attachment.sha2 == sha2))


def _without(statement: dict[str, Any], person: Person) -> dict[str, Any] | None:
    """A statement of somebody else with nobody in their place; None for one of theirs, and where it cannot be done."""
    if _is_about(statement, person):
        return None

    def name(home_page: str, subject: str) -> Agent:
        account = {"homePage": home_page, "name": subject}
        if account == _account(person):
            account = {"homePage": current_app.config["IRI_BASE"], "name": NOBODY}
        return {"account": account}

    said = renamed(statement, name, ours=current_app.config["IRI_BASE"])
    return None if _names(said, person) else said


def _names(value: Any, person: Person) -> bool:
    """Whether they are named anywhere in it."""
    if isinstance(value, dict):
        is_them = value == _account(person) or (person.email and value.get("mbox") == f"mailto:{person.email}")
        return bool(is_them) or any(_names(part, person) for part in value.values())
    return isinstance(value, list) and any(_names(part, person) for part in value)
