"""What markers say about answers, as learners and markers read it."""

from __future__ import annotations

from markupsafe import Markup

from quizzes import rich
from quizzes.marks.models import Grading
from quizzes.questions import TextFormat


def comment_of(grading: Grading) -> Markup:
    """Sanitized; there are no pictures in it."""
    return rich.shown(grading.comment, TextFormat.MARKDOWN, lambda _public_id: None)
