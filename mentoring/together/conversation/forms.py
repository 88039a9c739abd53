"""What people send when they write."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lti_tool.db import new_public_id

LONGEST = 4000
_EMPTY = _l("Write something first.")
_TOO_LONG = _l("Keep it to 4,000 characters. Shorten it here; nothing of it is lost.")
_STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class MessageForm(FlaskForm):  # type: ignore[misc]
    message = TextAreaField(
        _l("Your message"), validators=[InputRequired(_EMPTY), Length(max=LONGEST, message=_TOO_LONG)]
    )
    token = HiddenField(default=new_public_id)

    def validate_message(self, _field: TextAreaField) -> None:
        if not self.words:
            raise ValidationError(str(_EMPTY))

    def validate_token(self, field: HiddenField) -> None:
        said = field.data or ""
        if not (0 < len(said) <= 32 and said.isascii() and said.isprintable()):
            field.data = new_public_id()

    @property
    def words(self) -> str:
        """Without what steers terminals, and with line breaks of one kind."""
        said = (self.message.data or "").replace("\r\n", "\n").replace("\r", "\n")
        return _STEERING.sub(" ", said).strip()
