"""Topics of a bank by the titles on the way to them, as files name them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank import sorting
from quizzes.bank.sorting import DEEPEST, LONGEST_TITLE
from quizzes.formats.model import Path, Place
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.questions import Bank, Category

NO_NAMES: Mapping[str, Path] = {}
_NAME = re.compile(r"[\w.:-]{1,64}")


class Topics:
    """Finds the topics of a bank, and makes those that there are not yet."""

    def __init__(
        self, session: Session, bank: Bank, usual: Category, report: Reporter, names: Mapping[str, Path] = NO_NAMES
    ) -> None:
        """`names` are what the file knows topics by; it may grow while the file is read."""
        self._session, self._bank, self._usual, self._report = session, bank, usual, report
        self._names = names
        self._by_path: dict[Path, Category] = {}
        self._within = _within(session, bank)

    def at(self, path: Path, place: Place) -> Category:
        """The usual one for those that name none, and for those that the bank has no room for."""
        if path not in self._by_path:
            self._by_path[path] = self._made(path, place)
        return self._by_path[path]

    def _made(self, path: Path, place: Place) -> Category:
        here: Category | None = None
        fitting = self._fitting(path, place)
        for place_in_path, title in enumerate(fitting, start=1):
            key = (here.id if here else None, title.casefold())
            if key not in self._within:
                name = self._name(fitting[:place_in_path])
                try:
                    self._within[key] = sorting.add_category(self._session, self._bank, title, here, name=name)
                except (sorting.TooMany, sorting.CannotMove):
                    self._report.loss(Odd.NOT_KEPT, place, part=Part.CATEGORY, what="/".join(path))
                    break
            here = self._within[key]
        return here or self._usual

    def _name(self, path: Path) -> str:
        """What the file knows this topic by, so that a later file finds it."""
        found = next((name for name, named in self._names.items() if named == path), "")
        return found if _NAME.fullmatch(found) else ""

    def _fitting(self, path: Path, place: Place) -> Path:
        """No deeper than banks go, and with titles no longer than theirs."""
        fitting = (*path[: DEEPEST - 1], " / ".join(path[DEEPEST - 1 :])) if len(path) > DEEPEST else path
        fitting = tuple(title[:LONGEST_TITLE].strip() for title in fitting)
        if fitting != path:
            self._report.note(Odd.KEPT_AS, place, part=Part.CATEGORY, what="/".join(path), now="/".join(fitting))
        return fitting


def _within(session: Session, bank: Bank) -> dict[tuple[int | None, str], Category]:
    found = session.scalars(select(Category).where(Category.bank_id == bank.id).order_by(Category.id.desc()))
    return {(each.parent_id, each.title.casefold()): each for each in found}


def paths_of(session: Session, bank: Bank) -> Mapping[int, Path]:
    """The way to each topic, by its id."""
    found = {each.id: each for each in session.scalars(select(Category).where(Category.bank_id == bank.id))}
    paths: dict[int, Path] = {}

    def path(category: Category, left: int) -> Path:
        if category.id not in paths:
            parent = found.get(category.parent_id or 0) if left else None
            paths[category.id] = (*(path(parent, left - 1) if parent else ()), category.title)
        return paths[category.id]

    return {number: path(category, DEEPEST) for number, category in found.items()}
