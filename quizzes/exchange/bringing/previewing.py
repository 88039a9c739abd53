"""A question of a file as a learner would meet it, before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from markupsafe import Markup

from quizzes import showing
from quizzes.bank import trying
from quizzes.bank.trying import Trial
from quizzes.exchange.bringing import staging
from quizzes.exchange.bringing.models import ImportedQuestion, QuestionImport
from quizzes.formats.model import Question as Told
from quizzes.kinds import Kind
from quizzes.questions import QuestionVersion


@dataclass(frozen=True, kw_only=True)
class Preview:
    told: Told
    text: Markup
    trial: Trial | None
    """With its fields; none where it cannot be asked yet."""

    @property
    def kind(self) -> Kind:
        return self.told.kind

    @property
    def topics(self) -> Sequence[str]:
        return self.told.category


def previewed(row: ImportedQuestion) -> Preview | None:
    """None once it was taken: then the bank shows it. The page says where pictures are, see `show_pictures`."""
    if not row.said:
        return None
    told = staging.read(row.said, {})
    version = QuestionVersion(
        kind=told.kind,
        text_format=told.text_format,
        body=told.body,
        difficulty=told.difficulty or 2,
        maximum=told.maximum,
    )
    text = showing.html_of(version, str(told.body.get("text", "")))
    return Preview(told=told, text=text, trial=trying.shown(version, row.n) if row.is_complete else None)


def show_pictures(brought: QuestionImport) -> None:
    """On this page, pictures and recordings are those of the file."""
    ids: dict[str, Any] = {"bank_id": brought.bank.public_id, "import_id": brought.public_id}
    g.pictures_at = lambda key: url_for("banks.imported_picture", course=g.me.course.public_id, picture_key=key, **ids)
