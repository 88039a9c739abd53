"""What an LMS posts: a plain form, read without the machinery for files."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from flask import Request

PLAIN = "application/x-www-form-urlencoded"


def posted(request: Request) -> Mapping[str, str]:
    """Each field as it was first sent. Raises RequestEntityTooLarge like the request itself."""
    if request.headers.get("Content-Type") != PLAIN:
        return request.form.to_dict()
    try:
        fields = parse_qsl(request.get_data().decode(), keep_blank_values=True)
    except ValueError:
        return {}  # Not UTF-8: as good as nothing.
    fields.reverse()
    return dict(fields)
