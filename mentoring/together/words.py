"""What people write at length: as they wrote it, but for what no page, file or database shows."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from mentoring.mentorships.forms import Said

LONGEST = 10_000
_TOO_LONG = _l("That is longer than 10,000 characters. Shorten it here, or make two of it; nothing of it is lost.")


class Words(Said):
    """A long text that has to be there."""

    def __init__(self, label: LazyString, *, without: LazyString, **rest: Any) -> None:
        super().__init__(label, without=without, filters=[as_lines], **rest)
        self.validators = [InputRequired(without), Length(max=LONGEST, message=_TOO_LONG)]


def as_lines(text: str | None) -> str | None:
    """The same text with one kind of line ends and without control signs."""
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc")
