"""Who reads everything that was ever published, and can do sums: what do they learn of fewer than k raters?

Ratings are handed to the gate as unknowns, and what comes out says itself which sum of which unknowns it is. Nothing of
the gate's own book-keeping is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm

Row = Mapping[int, int]
"""A published number, as what each unknown in it is multiplied by."""

THREE = 3.0


class Unknown(float):
    """A rating that nobody knows, and any sum of such; to whoever only looks it is a three."""

    parts: dict[int, int]
    over: int

    @classmethod
    def named(cls, name: int) -> Unknown:
        return cls._of({name: 1}, 1)

    @classmethod
    def _of(cls, parts: dict[int, int], over: int) -> Unknown:
        made = cls(THREE)
        made.parts, made.over = parts, over
        return made

    def __add__(self, other: float) -> Unknown:
        """Known numbers are forgotten: whoever reads can take them off."""
        if not isinstance(other, Unknown):
            return self
        over = lcm(self.over, other.over)
        mine, theirs = over // self.over, over // other.over
        parts = {name: factor * mine for name, factor in self.parts.items()}
        for name, factor in other.parts.items():
            parts[name] = parts.get(name, 0) + factor * theirs
        return Unknown._of(parts, over)

    __radd__ = __add__

    def __mul__(self, factor: float) -> Unknown:
        above, below = factor.as_integer_ratio()
        return Unknown._of({name: each * above for name, each in self.parts.items()}, self.over * below)

    __rmul__ = __mul__

    def __truediv__(self, other: float) -> Unknown:
        above, below = other.as_integer_ratio()
        return Unknown._of({name: each * below for name, each in self.parts.items()}, self.over * above)

    def __rsub__(self, _other: float) -> Unknown:
        return self * -1

    def __le__(self, _other: float) -> bool:
        """It is never at an end of the scale: the worst case, in which means are exact."""
        return False

    __ge__ = __le__

    @property
    def row(self) -> dict[int, int]:
        return {name: factor for name, factor in self.parts.items() if factor}


def plainly_gives_away(rows: Sequence[Row], people: Mapping[int, str], k: int) -> bool:
    """Over rationals, as it is written: whether some combination of the rows stands for 1 to k - 1 people.

    `people` says whose each unknown is; others are known to the reader, and so nothing in the way. There is such a
    combination for a set of people if and only if the rows have a smaller rank without their unknowns.
    """
    columns = list(people)
    matrix = [[Fraction(row.get(column, 0)) for column in columns] for row in rows]
    everybody = sorted(set(people.values()))
    rank = _rank(matrix)
    for few in combinations(everybody, min(k - 1, len(everybody))):
        rest = [n for n, column in enumerate(columns) if people[column] not in few]
        if _rank([[row[n] for n in rest] for row in matrix]) < rank:
            return True
    return False


def _rank(matrix: Sequence[Sequence[Fraction]]) -> int:
    rows, rank = [list(row) for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(rank, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for n in range(rank + 1, len(rows)):
            if rows[n][column]:
                factor = rows[n][column] / rows[rank][column]
                rows[n] = [a - factor * b for a, b in zip(rows[n], rows[rank], strict=True)]
        rank += 1
    return rank


def gives_away(rows: Iterable[Row], people: Mapping[int, str], k: int) -> bool:
    """The same, faster.

    Unknowns that no row tells apart are in every combination alike, so they are one, and its people are all of theirs.
    Those of k people or more have to vanish, so they are eliminated first; what is left after that is about few people,
    and mostly nothing is left.
    """
    distinct = {_lowest_terms(row) for row in rows}
    columns: dict[int, list[tuple[int, int]]] = {}
    for number, row in enumerate(distinct):
        for name, factor in row:
            if name in people:
                columns.setdefault(name, []).append((number, factor))
    alike: dict[tuple[tuple[int, int], ...], set[str]] = {}
    for name, column in columns.items():
        alike.setdefault(tuple(column), set()).add(people[name])
    atoms = sorted(alike, key=lambda column: -len(alike[column]))
    large = sum(len(alike[column]) >= k for column in atoms)
    matrix: dict[int, dict[int, int]] = {}
    for place, atom in enumerate(atoms):
        for number, factor in atom:
            matrix.setdefault(number, {})[place] = factor
    left = [row for pivot, row in _echelon(matrix.values()).items() if pivot >= large]
    few = sorted(set().union(*(alike[atoms[place]] for row in left for place in row)))
    return bool(left) and any(
        len(
            _echelon(
                {place: factor for place, factor in row.items() if not alike[atoms[place]] <= set(some)} for row in left
            )
        )
        < len(left)
        for some in combinations(few, min(k - 1, len(few)))
    )


def _lowest_terms(row: Row) -> tuple[tuple[int, int], ...]:
    divisor = gcd(*row.values())
    return tuple((name, row[name] // divisor) for name in sorted(row)) if divisor else ()


def _echelon(rows: Iterable[Mapping[int, int]]) -> dict[int, Mapping[int, int]]:
    """Independent rows that span the same, by their first columns, which are all different; in whole numbers."""
    found: dict[int, Mapping[int, int]] = {}
    for row in rows:
        left = dict(row)
        while left:
            first = min(left)
            pivot = found.get(first)
            if pivot is None:
                divisor = gcd(*left.values())
                found[first] = {place: factor // divisor for place, factor in left.items()}
                break
            ours, theirs = left[first], pivot[first]
            common = gcd(ours, theirs)
            ours, theirs = ours // common, theirs // common
            left = {place: factor * theirs for place, factor in left.items()}
            for place, factor in pivot.items():
                changed = left.get(place, 0) - factor * ours
                if changed:
                    left[place] = changed
                else:
                    left.pop(place, None)
    return found
