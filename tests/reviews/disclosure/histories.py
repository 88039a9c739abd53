"""Random stories of who answers when and what is published in between, with everything that anybody could have read.

One story has several subjects in one or two linked rounds; raters who rate several of them; groups that grow; raters
whose names are erased, or whose answers are; statements not observed; reports, figures of cohorts and of parts of them,
and of one subject's rounds, in any order and as often as chance says.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, count

from reviews.disclosure import (
    Anonymity,
    Asked,
    Competency,
    Group,
    Ledger,
    Member,
    Policy,
    Published,
    Response,
    Scale,
    Statement,
    figures,
    pool,
    publish,
)
from tests.reviews.disclosure.judging import Row, Unknown

GROUPS = ("peers", "reports", "mentees", "external")


@dataclass
class Part:
    """One subject in one round."""

    waiting: list[tuple[str, str]]
    """Who may still answer, and in which group."""
    responses: list[Response] = field(default_factory=list)
    raters: dict[str, set[str]] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    pools: list[frozenset[str]] = field(default_factory=list)
    """The comments of anonymous raters that each report showed, and earlier ones that were erased before it."""
    reports: list[Published] = field(default_factory=list)

    def member(self) -> Member:
        return Member(self.responses, self.ledger, {key: frozenset(names) for key, names in self.raters.items()})


class History:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.asked = self._asked()
        self.policy = Policy(means=self.chance.choice((3, 3, 3, 4)), comments=5, spreads=8)
        self.people: dict[int, str] = {}
        """Whose each unknown is, if it is an anonymous rater's."""
        self.rows: list[Row] = []
        self.usable: set[int] = set()
        """Unknowns of anonymous raters of whose statement there were enough in their own part when it was published."""
        self._numbers = count()
        self._erased: set[str] = set()
        self.parts = self._parts()
        erase = self.chance.choice((self._erase_name, self._erase_answer))
        acts = (self._report, self._report, self._report, self._cohort, self._cohort, self._rounds, erase)
        for act in self.chance.choices(acts, k=self.chance.randint(3, 6)):
            if self.chance.random() < 0.7:
                self._arrive()
            act()

    def _asked(self) -> Asked:
        chance = self.chance
        groups = [
            Group(key="self", anonymity=Anonymity.NAMED, is_self=True),
            Group(key="mentor", anonymity=Anonymity.ATTRIBUTED, weight=chance.randint(0, 2)),
            *(
                Group(key=key, anonymity=Anonymity.ANONYMOUS, weight=chance.randint(0, 3))
                for key in GROUPS[: chance.randint(1, 4)]
            ),
        ]
        named = iter("abcdef")
        competencies = [
            Competency(
                f"C{n}",
                tuple(
                    Statement(next(named), chance.randint(1, 3), chance.random() < 0.2)
                    for _ in range(chance.randint(1, 2))
                ),
            )
            for n in range(chance.choice((1, 1, 2)))
        ]
        return Asked(
            groups=tuple(groups), competencies=tuple(competencies), scale=Scale((1, 2, 3, 4, 5)), questions=("more",)
        )

    def _parts(self) -> list[list[Part]]:
        """Round by round, the same subjects; who rates a subject mostly does so again."""
        chance = self.chance
        everybody = [f"p{n}" for n in range(chance.randint(5, 16))]
        keys = [group.key for group in self.asked.groups]
        likely = [1, 1, *[3] * (len(keys) - 2)]
        subjects = [
            list(zip(raters, chance.choices(keys, likely, k=len(raters)), strict=True))
            for raters in (
                chance.sample(everybody, chance.randint(4, len(everybody) - 1))
                for _ in range(chance.choice((1, 2, 2, 3)))
            )
        ]
        return [
            [Part(chance.sample(raters, chance.randint(len(raters) // 2, len(raters)))) for raters in subjects]
            for _ in range(chance.choice((1, 1, 2)))
        ]

    def _all(self) -> list[Part]:
        return [part for members in self.parts for part in members]

    # What happens

    def _arrive(self) -> None:
        for part in self._all():
            for _ in range(min(len(part.waiting), self.chance.choice((0, 1, 2, 3, 4, 6, 9, 9)))):
                self._answer(part, *part.waiting.pop())

    def _answer(self, part: Part, name: str, group: str) -> None:
        ratings: dict[str, float | None] = {}
        for statement in self.asked.statements:
            if self.chance.random() < 0.15:
                ratings[statement.key] = None
                continue
            number = len(self.people)
            ratings[statement.key] = Unknown.named(number)
            self.people[number] = name if self.asked.group(group).is_anonymous else ""
        key = f"{next(self._numbers)}-{name}"
        comments = {"more": key} if self.chance.random() < 0.7 else {}
        part.responses.append(Response(key, group, ratings, comments))
        part.raters.setdefault(group, set()).add(name)

    def _erase_name(self) -> None:
        """The answer stays, as nobody knows whose it is."""
        named = sorted({name for part in self._all() for names in part.raters.values() for name in names})
        if named:
            gone = self.chance.choice(named)
            for part in self._all():
                part.waiting = [each for each in part.waiting if each[0] != gone]
                for names in part.raters.values():
                    names.discard(gone)

    def _erase_answer(self) -> None:
        for part in self._all():
            if part.responses and self.chance.random() < 0.5:
                gone = self.chance.choice(part.responses)
                part.responses.remove(gone)
                self._erased.add(gone.key)

    def _report(self) -> None:
        for part in self._all():
            if self.chance.random() < 0.8:
                self._count(part)
                shown = publish(self.asked, part.responses, self.policy, part.ledger)
                part.ledger = shown.ledger
                part.reports.append(shown)
                known = {each.key for each in part.responses if not self.asked.group(each.group).is_anonymous}
                read = frozenset(each.text for each in shown.words if each.text not in known)
                part.pools.append(read | frozenset().union(*part.pools) & self._erased)
                self._read(shown)

    def _cohort(self) -> None:
        """One round of all subjects, and of some of them."""
        self._pool(self.chance.choice(self.parts))

    def _rounds(self) -> None:
        """All rounds of one subject."""
        number = self.chance.randrange(len(self.parts[0]))
        self._pool([members[number] for members in self.parts])

    def _pool(self, parts: Sequence[Part]) -> None:
        for part in parts:
            self._count(part)
        members = pool(self.asked, [part.member() for part in parts], self.policy)
        for part, member in zip(parts, members, strict=True):
            part.ledger = member.ledger
        self._read(figures(self.asked, members, self.policy))
        self._read(figures(self.asked, self.chance.sample(members, self.chance.randint(1, len(members))), self.policy))

    def _count(self, part: Part) -> None:
        """What a report of this part would show if it were the first, small groups merged: the thresholds say no more.

        Nobody is counted twice, since each person answers once in a part.
        """
        anonymous = [each for each in part.responses if self.asked.group(each.group).is_anonymous]
        for statement in self.asked.statements:
            found = [rating for each in anonymous if isinstance(rating := each.ratings.get(statement.key), Unknown)]
            if len(found) >= self.policy.means:
                self.usable.update(*(rating.row for rating in found))

    def _read(self, shown: Published) -> None:
        for cells in (shown.statements, shown.competencies, shown.others_of_statements, shown.others):
            self.rows += [cell.mean.row for cell in cells if isinstance(cell.mean, Unknown)]

    # What came of it

    @property
    def anonymous(self) -> dict[int, str]:
        return {number: name for number, name in self.people.items() if name}

    @property
    def used(self) -> set[int]:
        """Those of the usable that stand in some published number, of their own part or of a pool."""
        return self.usable.intersection(set[int]().union(*self.rows))

    def tells_comments_apart(self) -> bool:
        """Whether comments of fewer writers than the policy says can be told from all others, but for erased ones.

        Those are gone from later reports: nothing can be done about whoever kept the earlier one.
        """
        return any(
            0 < len(one - other) < self.policy.comments
            for part in self._all()
            for one, other in combinations([frozenset(), *part.pools], 2)
            for one, other in ((one, other), (other, one))
        )

    def tells_spreads_apart(self) -> bool:
        return any(
            0 < sum(abs(a - b) for a, b in zip(one, other, strict=True)) < self.policy.spreads
            for part in self._all()
            for statement in self.asked.statements
            for one, other in combinations(
                [
                    (0,) * 5,
                    *(
                        spread.counts
                        for report in part.reports
                        for spread in report.spreads
                        if spread.statement == statement.key
                    ),
                ],
                2,
            )
        )
