"""The one file that knows LTI claim URLs: verified claims become a Launch in our own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote

from lti_tool.models import Role
from lti_tool.outgoing import addresses

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
# Names are put together here, once, and not in each launch.
CONTEXT = LTI + "context"
CUSTOM = LTI + "custom"
DEPLOYMENT_ID = LTI + "deployment_id"
FOR_USER = LTI + "for_user"
MESSAGE_TYPE = LTI + "message_type"
PRESENTATION = LTI + "launch_presentation"
RESOURCE_LINK = LTI + "resource_link"
ROLES = LTI + "roles"
ROLE_SCOPE_MENTOR = LTI + "role_scope_mentor"
TARGET_LINK_URI = LTI + "target_link_uri"
TOOL_PLATFORM = LTI + "tool_platform"
VERSION = LTI + "version"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DEEP_LINKING = DL + "deep_linking_settings"
NOTICES = LTI + "platformnotificationservice"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
STORAGE_TARGET = "lti_storage_target"
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"
SUBMISSION_REVIEW_REQUEST = "LtiSubmissionReviewRequest"
MESSAGES = (RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST, SUBMISSION_REVIEW_REQUEST)

LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINE_ITEM_READ_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
ROSTER_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUPS_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"

ASKED_CUSTOM = {
    "context_history": "$Context.id.history",
    "time_zone": "$Person.address.timezone",
    "canvas_sections": "$Canvas.course.sectionIds",
    "canvas_section_names": "$com.instructure.User.sectionNames",
    "acting_user": "$Canvas.masqueradingUser.id",
    "moodle_groups": "$Moodle.Person.userGroupIds",
}
"""Custom parameters that a registration asks for; a platform that does not know one sends `$Name` or nothing."""


NOTHING: Mapping[str, Any] = MappingProxyType({})


class CourseClaim(NamedTuple):
    id: str
    title: str
    label: str


class PersonClaim(NamedTuple):
    subject: str
    name: str = ""
    given_name: str = ""
    email: str = ""
    locale: str = ""
    time_zone: str = ""


class PlacementClaim(NamedTuple):
    id: str
    title: str


class GradebookClaim(NamedTuple):
    line_items: str | None
    line_item: str | None
    scopes: tuple[str, ...]


class DeepLinkingClaim(NamedTuple):
    """What the platform will take back (deep linking 2.0, section 4.4.1)."""

    return_url: str
    data: str | None
    """Echoed byte for byte, and only if the request had it."""
    accept_types: tuple[str, ...]
    accept_targets: tuple[str, ...]
    accept_multiple: bool
    accept_line_item: bool


class NoticesClaim(NamedTuple):
    """Where a platform is asked for notices, and which kinds it sends (platform notification service 1.0)."""

    url: str
    types: tuple[str, ...]


class Launch(NamedTuple):
    """A verified launch, in our own words."""

    message_type: str
    deployment_id: str
    target: str
    person: PersonClaim
    role: Role
    is_test: bool
    course: CourseClaim | None
    placement: PlacementClaim | None
    gradebook: GradebookClaim | None
    roster_url: str | None
    custom: Mapping[str, str] = NOTHING
    family: str = ""
    return_url: str = ""
    deep_linking: DeepLinkingClaim | None = None
    for_user: str = ""
    """Whose work a submission review opens: a subject."""
    observes: tuple[str, ...] = ()
    """Subjects an observer may follow (`role_scope_mentor`); honoured together with the observer's seat only."""
    history: tuple[str, ...] = ()
    """Context ids this course was copied from, newest first."""
    groups_url: str | None = None
    notices: NoticesClaim | None = None
    acted_by: str = ""
    """Who acts as this person, where the platform lets administrators do that and says so (Canvas masquerading)."""

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Launch:
        """Read claims that `verifying` has found well-formed; whatever is odd beyond that counts as absent."""
        roles = _texts(claims.get(ROLES))
        presentation = _object(claims, PRESENTATION)
        custom = _custom(claims)
        return cls(
            message_type=clean_text(claims.get(MESSAGE_TYPE)),
            deployment_id=clean_text(claims.get(DEPLOYMENT_ID)),
            target=clean_text(claims.get(TARGET_LINK_URI)),
            person=_person(claims, presentation, custom),
            role=role_in_course(roles),
            is_test=TEST_USER in roles,
            course=_course(claims),
            placement=_placement(claims),
            gradebook=_gradebook(claims),
            roster_url=web_address(_object(claims, NRPS).get("context_memberships_url")) or None,
            custom=custom,
            family=clean_text(_object(claims, TOOL_PLATFORM).get("product_family_code"))[:64].lower(),
            return_url=web_address(presentation.get("return_url")),
            deep_linking=_deep_linking(claims),
            for_user=clean_text(_object(claims, FOR_USER).get("user_id")),
            observes=_observes(claims),
            history=_history(custom),
            groups_url=web_address(_object(claims, GROUPS).get("context_groups_url")) or None,
            notices=_notices(claims),
            acted_by=custom.get("acting_user", "")[:255],
        )


ROLE_NAMES = {
    "Instructor": Role.INSTRUCTOR,
    "ContentDeveloper": Role.DESIGNER,
    "Learner": Role.LEARNER,
    "Mentor": Role.OBSERVER,
}
STRONGEST_FIRST = (Role.INSTRUCTOR, Role.ASSISTANT, Role.DESIGNER, Role.LEARNER, Role.OBSERVER)


def role_in_course(roles: Sequence[str]) -> Role:
    """The seat these roles give in this course.

    Context roles alone decide, institution and system roles never raise anybody; a sub-role counts as its
    principal role; short names are expanded (core specification, appendix A.2.3). `Mentor` is the
    platform's observer. Whoever is a teaching assistant is one even where Canvas adds Instructor.
    """
    seats = {seat for role in roles if (seat := _seat(role)) is not None}
    if Role.ASSISTANT in seats:
        seats.discard(Role.INSTRUCTOR)
    return next((seat for seat in STRONGEST_FIRST if seat in seats), Role.GUEST)


@lru_cache(maxsize=512)
def _seat(role: str) -> Role | None:
    if role in ROLE_NAMES:
        return ROLE_NAMES[role]
    if role.startswith(MEMBERSHIP + "#"):
        return ROLE_NAMES.get(role.removeprefix(MEMBERSHIP + "#"))
    if role.startswith(MEMBERSHIP + "/"):
        principal, _, sub_role = role.removeprefix(MEMBERSHIP + "/").partition("#")
        if principal == "Instructor" and sub_role.startswith("TeachingAssistant"):
            return Role.ASSISTANT
        return ROLE_NAMES.get(principal)
    return None


def _person(claims: Mapping[str, Any], presentation: Mapping[str, Any], custom: Mapping[str, str]) -> PersonClaim:
    name = short_text(claims.get("name"))
    given, family = short_text(claims.get("given_name")), short_text(claims.get("family_name"))
    return PersonClaim(
        subject=clean_text(claims.get("sub")),
        name=(name or f"{given} {family}").strip()[:LONGEST_NAME],
        given_name=given,
        email=short_text(claims.get("email")),
        locale=clean_text(presentation.get("locale"))[:32] or clean_text(claims.get("locale"))[:32],
        time_zone=custom.get("time_zone", "")[:64],
    )


def _course(claims: Mapping[str, Any]) -> CourseClaim | None:
    context = _object(claims, CONTEXT)
    if not (course_id := clean_text(context.get("id"))):
        return None
    label, title = short_text(context.get("label")), short_text(context.get("title"))
    return CourseClaim(id=course_id, title=title or label, label=label)


def _placement(claims: Mapping[str, Any]) -> PlacementClaim | None:
    link = _object(claims, RESOURCE_LINK)
    link_id = clean_text(link.get("id"))
    return PlacementClaim(id=link_id, title=short_text(link.get("title"))) if link_id else None


def _gradebook(claims: Mapping[str, Any]) -> GradebookClaim | None:
    endpoint = _object(claims, AGS)
    if not endpoint:
        return None
    return GradebookClaim(
        line_items=web_address(endpoint.get("lineitems")) or None,
        line_item=web_address(endpoint.get("lineitem")) or None,
        scopes=tuple(_texts(endpoint.get("scope"))),
    )


MOST_OBSERVED = 200
MOST_HISTORY = 50


def _observes(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """A list of ids, or one text with commas between them, as some platforms send it."""
    if not (said := claims.get(ROLE_SCOPE_MENTOR)):
        return ()
    ids = said.split(",") if isinstance(said, str) else _texts(said)
    return tuple(dict.fromkeys(subject for each in ids[:MOST_OBSERVED] if (subject := clean_text(each)[:255])))


def _history(custom: Mapping[str, str]) -> tuple[str, ...]:
    if not (said := custom.get("context_history")):
        return ()
    ids = said.split(",")[:MOST_HISTORY]
    # `$Context.id.history` of the core specification: each id URL-encoded, the newest first.
    return tuple(dict.fromkeys(each for raw in ids if (each := clean_text(unquote(raw))[:255])))


def _notices(claims: Mapping[str, Any]) -> NoticesClaim | None:
    service = _object(claims, NOTICES)
    url = web_address(service.get("platform_notification_service_url"))
    types = tuple(_texts(service.get("notice_types_supported")))
    return NoticesClaim(url=url, types=types) if url else None


def _deep_linking(claims: Mapping[str, Any]) -> DeepLinkingClaim | None:
    settings = _object(claims, DEEP_LINKING)
    if not settings:
        return None
    data = settings.get("data")
    return DeepLinkingClaim(
        return_url=web_address(settings.get("deep_link_return_url")),
        data=data if isinstance(data, str) else None,
        accept_types=tuple(_texts(settings.get("accept_types"))),
        accept_targets=tuple(_texts(settings.get("accept_presentation_document_targets"))),
        accept_multiple=settings.get("accept_multiple") is not False,
        accept_line_item=settings.get("accept_lineitem") is not False,
    )


def _custom(claims: Mapping[str, Any]) -> dict[str, str]:
    """Custom parameters that are texts; one that still reads `$Name` was not filled in and counts as absent."""
    return {
        name: clean_text(value)
        for name, value in _object(claims, CUSTOM).items()
        if isinstance(value, str) and not value.startswith("$")
    }


def _object(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = claims.get(name)
    return value if isinstance(value, dict) else NOTHING


LONGEST_NAME = 255


def short_text(value: object) -> str:
    """A name or title: what is longer than any honest one is cut."""
    return clean_text(value)[:LONGEST_NAME].strip()


def clean_text(value: object) -> str:
    """A text without what no database stores (NUL, lone surrogates); anything else counts as absent."""
    if not isinstance(value, str):
        return ""
    if not value.isascii():
        value = value.encode("utf-8", "ignore").decode()
    return value.replace("\x00", "").strip()


def clean_id(value: object) -> str:
    """An id that may be a number or a text; anything else counts as absent."""
    return clean_text(str(value))[:255] if isinstance(value, str | int) else ""


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def web_address(value: object) -> str:
    """A whole http or https address; anything else counts as absent."""
    text = clean_text(value)
    return text if addresses.split(text) is not None else ""
