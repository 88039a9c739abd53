"""Data that came along with statements: kept once for each store, and given out with those who ask for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import String, bindparam, select

from lti_tool.bulk import Bulk
from lti_tool.prepared import Here, Prepared, among
from xapi.lrs.arriving import attachments_of
from xapi.lrs.models import Attachment, Opened
from xapi.lrs.parts import Part
from xapi.lrs.reading import Page

MOST_BYTES = 32 * 1024 * 1024
"""Of the attachments of one page; the next page goes on with the statements whose attachments would be too much."""


_new = Bulk(Attachment, "store_id", "sha2", "size", "data")
_known = Prepared(
    lambda dialect: select(Attachment.sha2, Attachment.size).where(
        Attachment.store_id == bindparam("store"), among(Attachment.sha2, "hashes", String())(dialect)
    )
)
_data = Prepared(
    select(Attachment.data).where(Attachment.store_id == bindparam("store"), Attachment.sha2 == bindparam("sha2"))
)


def keep(here: Here, store: Opened, data: Mapping[str, bytes]) -> None:
    """Keep this data under its hashes. The caller holds the store, so nobody else brings the same meanwhile."""
    if not data:
        return
    known = sizes_of(here, store, data)
    _new.insert(here, [(store.id, sha2, len(content), content) for sha2, content in data.items() if sha2 not in known])


def of_page(here: Here, store: Opened, page: Page) -> tuple[Page, list[Part]]:
    """As much of the page as goes along with its attachments, and these."""
    named = [[(each["sha2"].lower(), each) for each in attachments_of(json.loads(found.body))] for found in page.found]
    sizes = sizes_of(here, store, {sha2 for each in named for sha2, _ in each})
    wanted: dict[str, Mapping[str, Any]] = {}
    total = 0
    for place, each in enumerate(named):
        new = {sha2: said for sha2, said in each if sha2 in sizes and sha2 not in wanted}
        total += sum(sizes[sha2] for sha2 in new)
        if total > MOST_BYTES and place > 0:
            page = page.cut(place)
            break
        wanted |= new
    return page, [part(here, store, sha2, said) for sha2, said in wanted.items()]


def sizes_of(here: Here, store: Opened, hashes: Iterable[str]) -> dict[str, int]:
    """In bytes, of those whose data is here."""
    wanted = sorted(hashes)
    return {row[0]: row[1] for row in _known.rows(here, store=store.id, hashes=wanted)} if wanted else {}


def part(here: Here, store: Opened, sha2: str, said: Mapping[str, Any]) -> Part:
    """The data under this hash, in lower case, as an attachment says what it is."""
    row = _data.one(here, store=store.id, sha2=sha2)
    assert row is not None
    headers = {
        "Content-Type": said["contentType"],
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": said["sha2"],
    }
    return Part(headers, bytes(row[0]))
