"""The claims of a resource launch, in the shape each platform gives them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campus import addresses, gradebook, groups
from campus.people import Course, Enrolment, Placement, Role
from campus.platform import Campus
from campus.services import AGS_SCOPES, NOTICES

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
OUTCOMES = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
CANVAS = "https://www.instructure.com/"
HELLO_WORLD, CONTEXT_COPY = "LtiHelloWorldNotice", "LtiContextCopyNotice"
NOTICE_KINDS = (HELLO_WORLD, "LtiAssetProcessorSubmissionNotice", CONTEXT_COPY)
COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"


@dataclass(frozen=True)
class Opening:
    """One person opening one placement of one course."""

    here: Campus
    seat: Enrolment
    course: Course
    placement: Placement
    document_target: str
    nonce: str


def resource_launch(opening: Opening) -> dict[str, Any]:
    here = opening.here
    claims = {**_envelope(opening), **_person(opening), **_place(opening), **_services(opening)}
    claims |= TOUCHES[here.flavor.name](opening)
    return claims | (_notices(here) if here.flavor.has_notices else {})


def _envelope(opening: Opening) -> dict[str, Any]:
    here, now = opening.here, int(opening.here.settings.now().timestamp())
    return {
        "iss": here.settings.url,
        "aud": here.tool.client_id,
        "iat": now,
        "exp": now + here.flavor.id_token_life,
        "nonce": opening.nonce,
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": here.tool.deployment_id,
        LTI + "target_link_uri": here.tool.launch_url,
    }


def _person(opening: Opening) -> dict[str, Any]:
    person = opening.seat.person
    names = {
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
    }
    return {
        "sub": person.id,
        **{claim: value for claim, value in names.items() if value is not None and claim in opening.here.tool.claims},
        LTI + "roles": list(opening.here.flavor.launch_roles[opening.seat.role]),
    }


def _place(opening: Opening) -> dict[str, Any]:
    settings, course, placement = opening.here.settings, opening.course, opening.placement
    return {
        LTI + "context": {
            "id": course.id,
            "label": course.label,
            "title": course.title,
            "type": [COURSE_OFFERING],
        },
        LTI + "resource_link": {"id": placement.id, "title": placement.title, "description": placement.about},
        LTI + "launch_presentation": {
            "document_target": opening.document_target,
            "locale": opening.seat.person.locale,
            "return_url": f"{settings.url}/courses/{course.id}",
        },
        LTI + "tool_platform": {
            "guid": "campus-7f3a",
            "name": "Campus",
            "description": "A pretend LMS",
            "product_family_code": opening.here.flavor.product_code,
            "version": "1",
        },
        LTI + "lis": {
            "person_sourcedid": f"SIS-{opening.seat.person.key}",
            "course_section_sourcedid": f"SIS-{course.label}",
        },
        LTI + "custom": {
            name: _filled_in(value, opening) for name, value in {**opening.here.tool.custom, **placement.custom}.items()
        },
    }


def _filled_in(value: str, opening: Opening) -> str:
    """A custom value with its variable replaced; a variable nobody knows stays as it is written."""
    time_zone = "99" if opening.here.flavor.name == "moodle" else opening.seat.person.time_zone
    known = {
        "$Person.address.timezone": time_zone,
        "$User.id": opening.seat.person.id,
        "$Context.id": opening.course.id,
        "$ResourceLink.id": opening.placement.id,
        "$Context.id.history": ",".join(opening.here.register.history(opening.course.id)),
    }
    known |= groups.variables(opening.here, opening.course.id, opening.seat.person.id)
    return known.get(value, value)


def _services(opening: Opening) -> dict[str, Any]:
    endpoint: dict[str, Any] = {
        "scope": [scope for scope in AGS_SCOPES if opening.here.tool.may(scope)],
        "lineitems": addresses.line_items(opening.here, opening.course.id),
    }
    # `lineitem` is there only where a placement has exactly one column (AGS 2.0; seen in Moodle too).
    columns = gradebook.columns_of_placement(opening.here.store, opening.placement.id)
    if len(columns) == 1:
        endpoint["lineitem"] = addresses.line_item(opening.here, opening.course.id, columns[0].id)
    roster = {
        "context_memberships_url": addresses.roster(opening.here, opening.course.id),
        "service_versions": ["2.0"],
    }
    return {AGS: endpoint, NRPS: roster}


def _notices(here: Campus) -> dict[str, Any]:
    """Where tools say which notices they want, and which there are."""
    return {
        LTI + "platformnotificationservice": {
            "service_versions": ["1.0"],
            "platform_notification_service_url": addresses.notice_handlers(here),
            "scope": [NOTICES],
            "notice_types_supported": list(NOTICE_KINDS),
        }
    }


def _strict(opening: Opening) -> dict[str, Any]:
    client_id = opening.here.tool.client_id
    return {
        "aud": [client_id],
        "azp": client_id,
        "locale": opening.seat.person.locale,
        **_role_scope(opening),
        **groups.claim(opening.here, opening.course.id),
    }


def _moodle(opening: Opening) -> dict[str, Any]:
    course, person = opening.course, opening.seat.person
    ext = {"user_username": person.key, "lms": "moodle-2"} if person.name else {"lms": "moodle-2"}
    data = {"instanceid": opening.placement.id, "userid": person.id, "typeid": "1", "launchid": 1}
    return {
        LTI + "context": {
            "id": course.id,
            "label": course.label,
            "title": course.title,
            "type": ["CourseSection"],
        },
        LTI + "ext": ext,
        NRPS: {
            "context_memberships_url": addresses.roster(opening.here, course.id),
            "service_versions": ["1.0", "2.0"],
        },
        OUTCOMES: {
            "lis_result_sourcedid": json.dumps({"data": data, "hash": "0" * 64}),
            "lis_outcome_service_url": opening.here.settings.url + "/services/outcomes-not-offered",
        },
    }


def _canvas(opening: Opening) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "azp": opening.here.tool.client_id,
        "locale": opening.seat.person.locale,
        CANVAS + "placement": "assignment_selection" if opening.placement.key == "quiz" else "course_navigation",
        "errors": {"errors": {}},
    }
    if opening.seat.observes:
        claims[CANVAS + "lti_student_id"] = opening.seat.observes
    return claims | _role_scope(opening)


def _role_scope(opening: Opening) -> dict[str, Any]:
    """Whom an observer may watch; an observer without anybody gets the role and no claim."""
    seat = opening.seat
    if seat.role != Role.OBSERVER or not seat.observes:
        return {}
    return {LTI + "role_scope_mentor": [seat.observes]}


TOUCHES: dict[str, Callable[[Opening], dict[str, Any]]] = {
    "strict": _strict,
    "moodle": _moodle,
    "canvas": _canvas,
}
