"""The absolute addresses of the campus's services, as the tool is told them."""

from __future__ import annotations

from campus.platform import Campus


def roster(here: Campus, course_id: str) -> str:
    return f"{here.settings.url}/services/{course_id}/memberships"


def notice_handlers(here: Campus) -> str:
    return f"{here.settings.url}/api/lti/notice-handlers/{here.tool.deployment_id}"


def line_items(here: Campus, course_id: str) -> str:
    return _with_query(here, f"{here.settings.url}/services/{course_id}/lineitems")


def line_item(here: Campus, course_id: str, line_item_id: int) -> str:
    return _with_query(here, f"{here.settings.url}/services/{course_id}/lineitems/{line_item_id}/lineitem")


def result(here: Campus, course_id: str, line_item_id: int, person_id: str) -> str:
    path = f"{here.settings.url}/services/{course_id}/lineitems/{line_item_id}/lineitem/results"
    address = _with_query(here, path)
    return f"{address}{'&' if '?' in address else '?'}user_id={person_id}"


def _with_query(here: Campus, address: str) -> str:
    """Moodle's line item addresses carry a query, so that /scores must go before it."""
    return f"{address}?{here.flavor.line_item_query}" if here.flavor.line_item_query else address


def groups(here: Campus, course_id: str) -> str:
    return f"{here.settings.url}/services/{course_id}/groups"
