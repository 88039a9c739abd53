"""What people are told, remembered instead of sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from lti_tool.mail import Words
from lti_tool.models import Enrolment


@dataclass
class Told:
    """A small fake of the door through which people are told: it remembers."""

    app: Flask
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, kind, subject."""
    words: list[Words] = field(default_factory=list)

    def tell(
        self,
        _session: Session,
        to: Enrolment,
        kind: str,
        say: Callable[[], Words],
        *,
        key: str,
        at: datetime,
    ) -> None:
        assert len(key) <= 128
        with self.app.test_request_context():
            words = say()
        self.said.append((to.name, kind, words.subject))
        self.words.append(words)

    @property
    def subjects(self) -> Sequence[tuple[str, str]]:
        return [(name, subject) for name, _kind, subject in self.said]
