"""What a check finds: a place in the statement, and why the value there is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LONGEST_KEY_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason to refuse a statement; the empty place is the statement itself."""

    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.place or 'statement'}: {self.why}"

    def within(self, part: str) -> "Fault":
        """The same fault, told from one level further out."""
        joint = "." if self.place and not self.place.startswith("[") else ""
        return Fault(part + joint + self.place, self.why)


Faults: TypeAlias = Sequence[Fault]
Check: TypeAlias = Callable[[object], Faults]

FINE: Faults = ()


def refuse(why: str, place: str = "") -> Faults:
    return (Fault(place, why),)


def shown(key: object) -> str:
    """A key as a fault names it: short, printable and safe to encode, whatever was sent."""
    if not isinstance(key, str):
        return f"<{type(key).__name__}>"
    short = key if len(key) <= LONGEST_KEY_SHOWN else key[:LONGEST_KEY_SHOWN] + "…"
    return short.encode("utf-8", "backslashreplace").decode()
