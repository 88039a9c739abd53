"""How platforms differ, as switches. Moodle's were seen live in 4.5.6, Canvas's read in its source.

`strict` is no platform: it is the specifications read closely, where they leave no choice, and awkward
but legal where they do.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campus.people import Role
from campus.scoring import RULES, Rule

CONTEXT = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TEACHING_ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM_USER = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

Roles = Mapping[Role, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Flavor:
    """One way for a platform to be."""

    name: str
    label: str
    product_code: str
    """`product_family_code` of the tool_platform claim."""
    id_token_life: int
    launch_roles: Roles
    roster_roles: Roles
    has_role_scope: bool
    """Whether observers come with `role_scope_mentor`."""
    has_notices: bool
    """Whether tools can be told by notices what happens while nobody launches."""
    roster_text: Callable[[str], str]
    shows_suspended: bool
    """Whether suspended people stand in the roster, as Inactive, instead of vanishing."""
    pages_unasked: bool
    largest_page: int | None
    accepts_issuer_as_audience: bool
    grants_part_of_scopes: bool
    client_error_status: int
    tells_reasons: bool
    token_content_type: str
    wrong_scope_status: int
    wrong_media_status: int
    wrong_accept_status: int | None
    """What a GET without the right Accept gets; None takes any."""
    guards_courses: bool
    """Whether a line item answers only under its own course's address."""
    line_item_query: str
    score_status: int
    rule: Rule
    storage_target: str = ""
    """The frame of the course page that keeps values for tools; `_parent` is the page itself, empty is none."""


def _as_it_is(text: str) -> str:
    return text


def _like_moodle(text: str) -> str:
    """Tags stripped, the rest escaped for HTML, as Moodle's roster does."""
    return html.escape(re.sub(r"<[^>]*>", "", text)).replace("&#x27;", "&#039;")


STRICT_ROLES: Roles = {
    Role.INSTRUCTOR: (CONTEXT + "Instructor",),
    Role.ASSISTANT: (CONTEXT + "Instructor", TEACHING_ASSISTANT),
    Role.LEARNER: (CONTEXT + "Learner",),
    Role.OBSERVER: (CONTEXT + "Mentor",),
    Role.PREVIEW: (CONTEXT + "Learner", TEST_USER),
}
MOODLE_LAUNCH_ROLES: Roles = {
    Role.INSTRUCTOR: (CONTEXT + "Instructor",),
    Role.ASSISTANT: (CONTEXT + "Instructor",),
    Role.LEARNER: (CONTEXT + "Learner",),
    Role.OBSERVER: (CONTEXT + "Learner",),
    Role.PREVIEW: (CONTEXT + "Learner",),
}
# Launch and roster ask for different capabilities, so a non-editing teacher is a learner here.
MOODLE_ROSTER_ROLES: Roles = dict.fromkeys(Role, ("Learner",)) | {Role.INSTRUCTOR: ("Instructor",)}
CANVAS_ROLES: Roles = {
    Role.INSTRUCTOR: (INSTITUTION + "Instructor", CONTEXT + "Instructor", SYSTEM_USER),
    Role.ASSISTANT: (INSTITUTION + "Instructor", TEACHING_ASSISTANT, CONTEXT + "Instructor", SYSTEM_USER),
    Role.LEARNER: (INSTITUTION + "Student", CONTEXT + "Learner", SYSTEM_USER),
    Role.OBSERVER: (INSTITUTION + "Observer", CONTEXT + "Mentor", SYSTEM_USER),
    Role.PREVIEW: (INSTITUTION + "Student", CONTEXT + "Learner", TEST_USER, SYSTEM_USER),
}
CANVAS_ROSTER_ROLES: Roles = {
    role: tuple(uri for uri in uris if "/membership" in uri or uri == TEST_USER) for role, uris in CANVAS_ROLES.items()
}

STRICT = Flavor(
    name="strict",
    label="strict, the specifications read closely",
    product_code="campus",
    id_token_life=300,
    launch_roles=STRICT_ROLES,
    roster_roles=STRICT_ROLES,
    has_role_scope=True,
    has_notices=True,
    roster_text=_as_it_is,
    shows_suspended=True,
    pages_unasked=True,
    largest_page=None,
    accepts_issuer_as_audience=False,
    grants_part_of_scopes=False,
    client_error_status=401,
    tells_reasons=True,
    token_content_type="application/json",
    wrong_scope_status=403,
    wrong_media_status=415,
    wrong_accept_status=406,
    guards_courses=True,
    line_item_query="",
    score_status=204,
    rule=RULES["strict"],
    storage_target="_parent",
)
MOODLE = Flavor(
    name="moodle",
    label="like Moodle 4.5",
    product_code="moodle",
    id_token_life=60,
    launch_roles=MOODLE_LAUNCH_ROLES,
    roster_roles=MOODLE_ROSTER_ROLES,
    has_role_scope=False,
    has_notices=False,
    roster_text=_like_moodle,
    shows_suspended=False,
    pages_unasked=False,
    largest_page=None,
    accepts_issuer_as_audience=True,
    grants_part_of_scopes=True,
    client_error_status=400,
    tells_reasons=False,
    token_content_type="text/html; charset=utf-8",
    wrong_scope_status=401,
    wrong_media_status=400,
    wrong_accept_status=400,
    guards_courses=False,
    line_item_query="type_id=1",
    score_status=200,
    rule=RULES["moodle"],
)
CANVAS = Flavor(
    name="canvas",
    label="like Canvas",
    product_code="canvas",
    id_token_life=3600,
    launch_roles=CANVAS_ROLES,
    roster_roles=CANVAS_ROSTER_ROLES,
    has_role_scope=True,
    has_notices=True,
    roster_text=_as_it_is,
    shows_suspended=False,
    pages_unasked=True,
    largest_page=50,
    accepts_issuer_as_audience=False,
    grants_part_of_scopes=False,
    client_error_status=400,
    tells_reasons=True,
    token_content_type="application/json; charset=utf-8",
    wrong_scope_status=401,
    wrong_media_status=415,
    wrong_accept_status=None,
    guards_courses=True,
    line_item_query="",
    score_status=200,
    rule=RULES["canvas"],
    storage_target="post_message_forwarding",
)
FLAVORS: Mapping[str, Flavor] = {flavor.name: flavor for flavor in (STRICT, MOODLE, CANVAS)}
