"""Whole numbers that people send, however long they are."""

from __future__ import annotations

from wtforms import Field, Form
from wtforms.validators import ValidationError


class Within:
    """A whole number from `least` to `most`; the library's own check breaks on numbers that are no floats."""

    def __init__(self, least: int, most: int, sentence: str) -> None:
        self.least, self.most, self.sentence = least, most, sentence
        self.field_flags = {"min": least, "max": most}

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is None or not self.least <= field.data <= self.most:
            raise ValidationError(self.sentence)
