"""What comes next, as ticks."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from lti_tool.fields import ticked
from mentoring.mentorships.models import Part
from mentoring.mentorships.sections import Look
from mentoring.together.closure.models import ClosureAnswer, Next

AGAIN: dict[Part, LazyString] = {
    Part.MENTEE: _l("I would like to be matched with another mentor"),
    Part.MENTOR: _l("I would mentor somebody else"),
    Part.PEER: _l("I would like to be in another circle"),
}


class NextForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `next_form` makes."""

    wishes: Any

    @property
    def said(self) -> list[Next]:
        return [Next(each) for each in self.wishes.data or ()]


def choices(look: Look) -> dict[str, LazyString]:
    """What can come next for this person."""
    found: dict[str, LazyString] = {
        Next.CARRY_ON.value: _l("I would like to stay in touch, without the program"),
        Next.AGAIN.value: AGAIN[look.part or Part.PEER],
    }
    if look.part is Part.MENTEE:
        found[Next.MENTOR.value] = _l("I would mentor somebody myself")
    return found


def next_form(*, look: Look, said: ClosureAnswer | None) -> NextForm:
    fields = {"wishes": ticked(_l("What comes next for you?"), choices(look))}
    form = type("NextForm", (NextForm,), fields)(data={"wishes": said.wishes if said else []})
    assert isinstance(form, NextForm)
    return form
