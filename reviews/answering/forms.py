"""What a rater says when they decline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

LONGEST_REASON = 1000


class DeclineForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("Why?"),
        [
            DataRequired(_l("Say why in a few words, such as: we have hardly worked together.")),
            Length(max=LONGEST_REASON, message=_l("Use at most %(max)d characters.")),
        ],
    )

    @property
    def why(self) -> str:
        return str(self.reason.data).strip()


class OutsideDeclineForm(DeclineForm):
    """Of somebody without a session: the secret in the address is all the proof there can be."""

    class Meta:
        csrf = False
