"""What every page is given: the visitor, the navigation, times in their zone; and a fragment for htmx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from flask import Flask, current_app, g, has_request_context, render_template, request, url_for
from flask_babel import Babel, force_locale, get_locale, get_timezone, refresh
from flask_babel import gettext as _

from lti_tool import panels
from lti_tool.headers import framed_by
from lti_tool.models import Enrolment, Person
from lti_tool.names import in_sentence
from lti_tool.panels import NavigationItem

LANGUAGES = ("en",)
"""The languages there is a catalogue for."""

babel = Babel()


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=_language, timezone_selector=_time_zone)
    app.context_processor(_given)


def render(template: str, *, me: Enrolment | None, fragment: str = "", **context: Any) -> str:
    """The page for a browser; for htmx the fragment, which is a part the full page includes."""
    if fragment and request.headers.get("HX-Request") == "true":
        return render_template(fragment, me=me, **context)
    return render_template(template, me=me, **context)


def _given() -> dict[str, Any]:
    me: Enrolment | None = g.get("me")
    locale = get_locale()
    return {
        "me": me,
        "is_acted": g.get("is_acted", False),
        **_navigation(me),
        "home_url": url_for("courses.home", course=me.course.public_id) if me else None,
        "locale": str(locale).replace("_", "-"),
        "text_direction": locale.text_direction if locale else "ltr",
        "local_day": local_day,
        "local_time": local_time,
        "in_sentence": in_sentence,
        "asset": asset,
        "framed_by": framed_by,
    }


def _navigation(me: Enrolment | None) -> dict[str, list[dict[str, object]]]:
    if me is None:
        return {"navigation": [], "more_navigation": []}
    often, seldom = panels.navigation_for(me)
    return {"navigation": [_link(item, me) for item in often], "more_navigation": [_link(item, me) for item in seldom]}


def _link(item: NavigationItem, me: Enrolment) -> dict[str, object]:
    return {
        "label": item.label,
        "url": url_for(item.endpoint, course=me.course.public_id),
        "is_current": item.leads_to(request.blueprint or ""),
    }


def local_day(moment: datetime) -> str:
    """The day of a moment where the reader is: *Nov 23, 2026*."""
    return str(format_date(moment.astimezone(get_timezone()).date(), "medium", locale=get_locale()))


def local_time(moment: datetime) -> str:
    """A moment in the reader's own zone and manner, with the zone named: *Nov 23, 2026, 10:31 AM UTC*."""
    zone, locale = get_timezone(), get_locale()
    there = moment.astimezone(zone)
    text: str = _(
        "%(date)s, %(time)s %(zone)s",
        date=format_date(there.date(), "medium", locale=locale),
        time=format_time(there, "short", tzinfo=zone, locale=locale).replace("\u202f", "\u00a0"),
        zone=_zone_name(there),
    )
    return text


def _zone_name(there: datetime) -> str:
    """What the zone of a moment is called: *CEST*, or *UTC+03:30* where people have no short name for it."""
    name = there.tzname() or "UTC"
    return f"UTC{there.isoformat()[-6:]}" if name[0] in "+-" else name


def asset(name: str) -> str:
    """The address of a static file, changing with every release so that browsers may keep it."""
    return url_for("static", filename=name, v=current_app.config["RELEASE"])


def _language() -> str:
    me: Enrolment | None = g.get("me")
    spoken = me.person.locale if me else g.get("locale", "")
    wanted = [spoken] if spoken else []
    if has_request_context():
        wanted += request.accept_languages.values()
    return language_among(wanted)


def language_among(wanted: Iterable[str]) -> str:
    """The first of these there is a catalogue for, else English."""
    for each in wanted:
        try:
            language = Locale.parse(each.replace("-", "_").split("@")[0]).language
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


_ZONES = frozenset(available_timezones())


def _time_zone() -> ZoneInfo:
    reader: Enrolment | None = g.get("reader") or g.get("me")
    return zone_of(reader.person if reader else None)


def zone_of(person: Person | None) -> ZoneInfo:
    """Where somebody's clocks are: as they chose, else as their LMS says, else UTC."""
    said = [person.own_time_zone, person.time_zone] if person else []
    return ZoneInfo(next((name for name in said if name in _ZONES), "UTC"))


@contextmanager
def read_by(reader: Enrolment) -> Iterator[None]:
    """What is said in here is for somebody else than the visitor: in their language, with times in their zone."""
    before = g.get("reader")
    with force_locale(language_among([reader.person.locale])):
        g.reader = reader
        refresh()
        try:
            yield
        finally:
            g.reader = before
            refresh()
