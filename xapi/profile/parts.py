"""What a profile is made of beside concepts: templates with rules, and patterns (xAPI Profiles 1.0, sections 7, 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xapi.vocabulary import PROFILE, PROFILE_VERSION, ActivityType, Verb

ROOMS = ("courses", "mentoring", "quizzes", "reviews")
_ROOM_OF = {"course": "courses", "question": "quizzes", "attempt": "quizzes", "review": "reviews"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What must hold at one place of a statement."""

    location: str
    """A JSONPath of names, `[*]` and `['names in quotes']`, from `$`; see `paths`."""
    presence: str = ""
    """`included`, `excluded` or `recommended`; empty where only values are spoken of."""
    any: Sequence[str] = ()
    """One of these must be among the values."""
    all: Sequence[str] = ()
    """Each value must be one of these."""
    none: Sequence[str] = ()
    """No value may be one of these."""
    note: str = ""
    """For people."""

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "location": self.location,
            "presence": self.presence,
            "any": list(self.any),
            "all": list(self.all),
            "none": list(self.none),
        }
        if self.note:
            said["scopeNote"] = {"en": self.note}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, kw_only=True)
class Template:
    """A kind of statement: it is one if verb, type of the object and type of a parent are these."""

    key: str
    label: str
    definition: str
    verb: Verb
    kind: ActivityType | None = None
    """Of the object; none where the object is somebody."""
    parent: ActivityType | None = None
    rules: Sequence[Rule] = ()

    @property
    def iri(self) -> str:
        return f"{PROFILE}/templates/{self.key}"

    @property
    def room(self) -> str:
        """Of what it tells: one of ROOMS."""
        return _ROOM_OF.get(self.key.partition("-")[0], "mentoring")

    def as_json(self) -> dict[str, Any]:
        said = {
            "id": self.iri,
            "type": "StatementTemplate",
            "inScheme": PROFILE_VERSION,
            "prefLabel": {"en": self.label},
            "definition": {"en": self.definition},
            "verb": self.verb.iri,
        }
        if self.kind is not None:
            said["objectActivityType"] = self.kind.iri
        if self.parent is not None:
            said["contextParentActivityType"] = [self.parent.iri]
        return {**said, "rules": [rule.as_json() for rule in self.rules]}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """In which order statements come: of these members one after the other, one of them, or one of them repeated."""

    key: str
    how: str
    """`sequence`, `alternates`, `optional`, `oneOrMore` or `zeroOrMore`; the last three have one member."""
    members: Sequence[str]
    """IRIs of templates and patterns."""
    label: str = ""
    definition: str = ""
    is_primary: bool = field(default=False)
    """Whether it is a whole run: all statements of one registration."""

    @property
    def iri(self) -> str:
        return f"{PROFILE}/patterns/{self.key}"

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"id": self.iri, "type": "Pattern", "inScheme": PROFILE_VERSION}
        if self.label:
            said |= {"prefLabel": {"en": self.label}, "definition": {"en": self.definition}}
        many = self.how in ("sequence", "alternates")
        members = list(self.members) if many else self.members[0]
        return {**said, "primary": self.is_primary, self.how: members}
