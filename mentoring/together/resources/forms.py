"""What people send when they share something: a title, and a link or a file."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from lti_tool.db import new_public_id
from lti_tool.files.called import called
from lti_tool.files.kinds import Kind, judge
from lti_tool.uploads import MOST_BYTES, size_of
from mentoring.together.resources.links import may_stand
from mentoring.together.resources.models import LONGEST_DETAIL, LONGEST_TITLE, LONGEST_URL
from mentoring.together.resources.sharing import Found
from mentoring.together.resources.wording import TROUBLES

_TITLE = _l("Say what it is, so that others know whether to open it.")


class OneLine(StringField):
    """Words in one line: what steers is a blank, and several blanks are one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0] if valuelist else ""
        self.data = " ".join("".join(" " if ord(each) < 32 or ord(each) == 127 else each for each in said).split())


def _line(label: LazyString, most: int, *, needed: LazyString | None = None) -> OneLine:
    too_long = _l("%(what)s: %(most)d letters at most.", what=label, most=most)
    asked = [InputRequired(needed)] if needed else []
    return OneLine(label, validators=[*asked, Length(max=most, message=too_long)])


class ShareForm(FlaskForm):  # type: ignore[misc]
    title = _line(_l("Title"), LONGEST_TITLE, needed=_TITLE)
    detail = _line(_l("In one line, what it is good for (optional)"), LONGEST_DETAIL)
    url = _line(_l("Link"), LONGEST_URL)
    file = FileField(_l("Or a file"))
    token = HiddenField(default=new_public_id)

    kind: Kind | None = None
    """Of the file, as its bytes say."""

    def validate_title(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(str(_TITLE))

    def validate_url(self, field: StringField) -> None:
        if field.data and self._sent:
            raise ValidationError(_("Share a link or a file, one at a time. Clear this, or choose no file."))
        if not field.data and not self._sent:
            raise ValidationError(_("Give a link, or choose a file below."))
        if field.data and not may_stand(field.data):
            raise ValidationError(_("Give a link that begins with https:// or http://, such as https://example.org."))

    def validate_file(self, field: FileField) -> None:
        file = self._sent
        if file is None:
            return
        found = judge(file.stream, size_of(file), self.called, most=MOST_BYTES)
        if not isinstance(found, Kind):
            raise ValidationError(str(TROUBLES[found]))
        self.kind = found

    def validate_token(self, field: HiddenField) -> None:
        said = field.data or ""
        if not (0 < len(said) <= 32 and said.isascii() and said.isprintable()):
            field.data = new_public_id()

    @property
    def _sent(self) -> FileStorage | None:
        sent = self.file.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None

    @property
    def called(self) -> str:
        return called(self._sent.filename or "") if self._sent else ""

    def found(self) -> Found:
        """What was sent, as far as it is right."""
        return Found(
            title=self.title.data or "",
            detail=self.detail.data or "",
            url=self.url.data or "",
            file=self._sent,
            file_name=self.called,
            kind=self.kind.key if self.kind else "",
            token=self.token.data or new_public_id(),
        )
