"""What stays closed to whoever acts in somebody's name: they see what that person sees, but for what nobody else is to
read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from flask import g
from flask.typing import ResponseReturnValue

from lti_tool.models import Enrolment
from lti_tool.pages import render

Rest = ParamSpec("Rest")
Page = Callable[Concatenate[Enrolment, Rest], ResponseReturnValue]


def only_themselves(closed: str) -> Callable[[Page[Rest]], Callable[..., ResponseReturnValue]]:
    """Open a page to nobody but the person it belongs to; the template says to others why it is closed."""

    def guard(page: Page[Rest]) -> Callable[..., ResponseReturnValue]:
        show: Callable[..., ResponseReturnValue] = page

        @wraps(page)
        def shown(me: Enrolment, **rest: Any) -> ResponseReturnValue:
            if g.is_acted:
                return render(closed, me=me), 403
            return show(me, **rest)

        return shown

    return guard
