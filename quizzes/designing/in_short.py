"""How a quiz is set, in a line for each part of its settings: what the designer's page says before a part is opened."""

from __future__ import annotations

from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from lti_tool.pages import local_time
from quizzes.designing.labels import NAVIGATION, REVIEWS
from quizzes.designing.reviewing import preset_of
from quizzes.designing.settings import Settings


def passing(settings: Settings) -> str:
    if settings.is_practice:
        return str(_("Practice: not graded."))
    said = [_("Passed with %(percent)s or more.", percent=format_percent(settings.pass_percent / 100))]
    if settings.topic_percent:
        said.append(_("Ready with %(percent)s in each topic.", percent=format_percent(settings.topic_percent / 100)))
    return " ".join(said)


def opening(settings: Settings) -> str:
    said = []
    if settings.opens:
        said.append(_("Opens %(when)s.", when=local_time(settings.opens)))
    if settings.closes:
        said.append(_("Closes %(when)s.", when=local_time(settings.closes)))
    return " ".join([*(said or [_("Always open.")]), *([_("With an access code.")] if settings.access_code else [])])


def review(settings: Settings) -> str:
    """Which of the ready-made choices it is, or that boxes were ticked one by one."""
    preset = preset_of(settings.review)
    return f"{REVIEWS[preset]}." if preset else str(_("As you have chosen box by box."))


def pages(settings: Settings) -> str:
    if not settings.per_page:
        return str(_("All on one page."))
    many = ngettext("%(num)d question on a page.", "%(num)d questions on a page.", settings.per_page)
    return f"{many} {NAVIGATION[settings.navigation]}."
