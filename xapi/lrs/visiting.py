"""Who asks: a credential, the store that it opens, and what it may do there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.exceptions import Forbidden

from xapi.lrs.credentials import Admitted, Opening
from xapi.lrs.keys import agent_key

READS_ALL = ("statements/read", "all/read", "all")
READS_ITS_OWN = "statements/read/mine"
WRITES = ("statements/write", "all")
DEFINES = ("define", "all")
KEEPS_STATES = ("state", "all")
KEEPS_PROFILES = ("profile", "all")
SCOPES = ("statements/write", READS_ITS_OWN, "statements/read", "state", "define", "profile", "all/read", "all")
"""Those of xAPI 1.0.3, part 3, section 4.2."""


@dataclass(frozen=True)
class Visitor:
    admitted: Admitted
    home: str
    """What accounts of this LRS are at home in."""

    @property
    def store(self) -> Opening:
        return self.admitted.store

    @property
    def course(self) -> str | None:
        """The activity id of the only course that the visitor may see and write to."""
        return self.admitted.course

    @cached_property
    def authority(self) -> dict[str, Any]:
        """Who vouches for what the visitor writes: its key, which names nobody."""
        return {"objectType": "Agent", "account": {"homePage": self.home, "name": self.admitted.key}}

    @property
    def sees_only_by(self) -> bytes | None:
        """The authority whose statements alone it may read, as `keys.agent_key` makes it; None for everybody's."""
        if self._has(READS_ALL):
            return None
        return agent_key(self.authority)

    @property
    def may_define(self) -> bool:
        return self._has(DEFINES)

    def must_read(self) -> None:
        self._must((*READS_ALL, READS_ITS_OWN), "statements/read")

    def must_write(self) -> None:
        self._must(WRITES, "statements/write")

    def must_know_activities(self) -> None:
        self._must((*READS_ALL, READS_ITS_OWN, *DEFINES, *KEEPS_PROFILES, *KEEPS_STATES), "statements/read")

    def must_reach_documents(self, scopes: tuple[str, ...], *, to_read: bool) -> None:
        """Raises Forbidden. Documents belong to no course, so who may see one course only sees none of them."""
        self._must((*scopes, "all/read") if to_read else scopes, scopes[0])
        if self.course is not None:
            raise Forbidden("This credential is for one course, and documents belong to none.")

    def _must(self, scopes: tuple[str, ...], named: str) -> None:
        if not self._has(scopes):
            raise Forbidden(f"This credential lacks the scope {named}. Ask for one that has it.")

    def _has(self, scopes: tuple[str, ...]) -> bool:
        return not set(scopes).isdisjoint(self.admitted.scopes)
