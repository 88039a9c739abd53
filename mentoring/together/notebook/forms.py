"""An entry of a notebook as a form: one text, and perhaps where it grew from and who may read it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from mentoring.mentorships.models import Mentorship
from mentoring.together.notebook.companions import Known
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.notebook.writing import Entry
from mentoring.together.words import Words


class EntryForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `entry_form` makes."""

    text = Words(_l("What did you learn?"), without=_l("Write something; one sentence is enough."))
    grew_from = SelectField(  # type: ignore[call-arg]
        _l("Where it grew from"),
        invalid_choice_message=_l("Choose one of your mentorships, or none."),
        validators=[Optional()],
    )
    share_with = SelectField(  # type: ignore[call-arg]
        _l("Who may read it"),
        invalid_choice_message=_l("Choose a mentorship that you are in, or keep it to yourself."),
        validators=[Optional()],
    )

    known: Sequence[Known]

    @property
    def says_more(self) -> bool:
        return any(name in self and (self[name].data or self[name].errors) for name in ("grew_from", "share_with"))

    def entry(self) -> Entry:
        return Entry(text=self.text.words, grew_from=self._chosen("grew_from"), share_with=self._chosen("share_with"))

    def _chosen(self, name: str) -> Mentorship | None:
        key = self[name].data if name in self else ""
        return next((each.mentorship for each in self.known if each.key == key), None)


def entry_form(*, known: Sequence[Known], entry: NotebookEntry | None = None, is_sent: bool = True) -> EntryForm:
    """Filled with the entry as it is; what there is no choice of is not asked."""
    said = {} if entry is None else _said(entry, known)
    form = EntryForm(data=said) if is_sent else EntryForm(formdata=None, data=said)
    form.known = known
    mine = [each for each in known if each.is_mine]
    form.grew_from.choices = [SelectChoice("", _("No mentorship")), *(SelectChoice(e.key, e.name) for e in known)]
    form.share_with.choices = [SelectChoice("", _("Only I")), *(SelectChoice(e.key, e.name) for e in mine)]
    if not known:
        del form.grew_from
    if not mine:
        del form.share_with
    return form


def _said(entry: NotebookEntry, known: Sequence[Known]) -> dict[str, str]:
    by_id = {each.mentorship.id: each for each in known}
    grew_from, shared = by_id.get(entry.grew_from_id or 0), by_id.get(entry.shared_with_id or 0)
    return {
        "text": entry.text,
        "grew_from": grew_from.key if grew_from else "",
        "share_with": shared.key if shared and shared.is_mine else "",
    }
