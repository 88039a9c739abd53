"""What an attempt's page says of the questions still open."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

MOST_NAMED = 8
"""Open questions that are named; of more only the number is said."""


def open_words(questions: int) -> list[str]:
    """For each number of open questions from 0 what to say, with `{places}` where they are named."""
    return [_words(count) for count in range(questions + 1)]


def _words(count: int) -> str:
    if not count:
        return str(_("All questions are answered."))
    if count > MOST_NAMED:
        return str(ngettext("%(num)d question is still open.", "%(num)d questions are still open.", count))
    return str(
        ngettext("Question %(places)s is still open.", "Questions %(places)s are still open.", count, places="{places}")
    )
