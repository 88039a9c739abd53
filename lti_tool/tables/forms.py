"""A table as a file or pasted, as a form; and the button that saves what was looked at."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField

from lti_tool.tables.reading import Unreadable
from lti_tool.tables.words import sentence_of


class TableForm(FlaskForm):  # type: ignore[misc]
    """A file, or the rows themselves; a file goes first."""

    file = FileField(_l("File"))
    text = TextAreaField(_l("Or paste the rows"))

    def content(self) -> bytes:
        """What was sent; the file is let go of."""
        sent = b""
        if self.file.data:
            with self.file.data.stream as stream:
                sent = stream.read()
        return sent or str(self.text.data or "").encode("utf-8", "replace")

    def refuse(self, unreadable: Unreadable) -> None:
        field = self.file if self.file.data else self.text
        field.errors = [sentence_of(unreadable.trouble)]


class ApplyForm(FlaskForm):  # type: ignore[misc]
    """The rows as they were shown, sealed."""

    rows = HiddenField()

    def say_it_is_over(self) -> None:
        self.form_errors.append(
            _("What you looked at is too old, or did not arrive as it was shown. Bring the table again.")
        )

    def say_it_changed(self) -> None:
        self.form_errors.append(
            _("Meanwhile somebody else changed something. This is how it stands now: look at it again, then save.")
        )
