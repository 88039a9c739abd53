"""The people of a campaign by name: looked for, a page at a time, in as many statements for thousands as for ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment, Person
from lti_tool.names import plainly
from lti_tool.paging import Paging, paging
from reviews.campaigns.models import Campaign, Target

AT_ONCE = 50


@dataclass(frozen=True)
class Part:
    """What stands on one page."""

    targets: Sequence[Target]
    page: Paging
    search: str
    everybody: int
    """How many there are without looking for anybody."""

    @property
    def ids(self) -> list[int]:
        return [target.id for target in self.targets]


def search_words() -> str:
    """What the address looks for."""
    return " ".join(request.args.get("q", "").split())[:100]


def part_of(session: Session, campaign: Campaign, among: Select[Any] | None = None) -> Part:
    """Those of a campaign whom the address looks for with `q`, from its `from` on; `among` are ids of targets."""
    search = search_words()
    wanted = (
        select(Target.id, Person.name, Enrolment.number)
        .select_from(Target)
        .outerjoin(Enrolment, Enrolment.id == Target.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(Target.campaign_id == campaign.id)
    )
    if among is not None:
        wanted = wanted.where(Target.id.in_(among))
    rows = session.execute(wanted).all()
    words = plainly(search).split()
    found = [row for row in rows if all(word in plainly(_called(row)) for word in words)]
    found.sort(key=lambda row: (not row.name, plainly(row.name or ""), row.number or 0, row.id))
    page = paging(len(found), AT_ONCE)
    ids = [row.id for row in found[page.first : page.first + AT_ONCE]]
    return Part(_loaded(session, ids), page, search, len(rows))


def _called(row: Any) -> str:
    """What pages call them; what is about nobody is found by no name."""
    return row.name or (_("Participant %(number)s", number=row.number) if row.number is not None else "")


def _loaded(session: Session, ids: Sequence[int]) -> Sequence[Target]:
    people = joinedload(Enrolment.person).lazyload(Person.platform), joinedload(Enrolment.course)
    targets = session.scalars(
        select(Target)
        .where(Target.id.in_(ids))
        .options(joinedload(Target.enrolment).options(*people), joinedload(Target.coach).options(*people))
    )
    by_id = {target.id: target for target in targets}
    return [by_id[each] for each in ids]
