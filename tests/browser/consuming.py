"""Somebody outside with a key of the course that may only read: what they read, and what they make of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import requests
from flask import Flask
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.models import Course
from tests.browser.aside import Inside
from tests.xapi.progress import outside
from xapi.profile import matching, ordering


def progress_from_outside(app: Flask, inside: Inside, tool_url: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures of the one course there is, and every statement they were made of, over HTTP alone."""
    platform, course = inside.do(_the_course)
    words = ["lrs", "credential", "add", "--platform", platform, "--course", course, "--label", "Outside"]
    shown = inside.do(lambda: app.test_cli_runner().invoke(args=words, catch_exceptions=False).output)
    said = dict(line.split(None, 1) for line in shown.splitlines())
    mount = said["address"].removesuffix("/statements").removeprefix(app.config["PUBLIC_URL"])
    signed = base64.b64encode(f"{said['key']}:{said['secret']}".encode()).decode()

    def fetch(address: str) -> dict[str, Any]:
        whole = tool_url + (address if address.startswith(mount) else mount + address)
        headers = {"Authorization": f"Basic {signed}", "X-Experience-API-Version": "1.0.3"}
        answer = requests.get(whole, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    iri = f"{app.config['IRI_BASE']}/xapi/activities/course/{course}"
    return outside.figures(fetch, iri), outside.everything(fetch, iri)


def _the_course() -> tuple[str, str]:
    course = db.session.scalars(select(Course)).one()
    return course.platform.public_id, course.public_id


def templates_of(statements: Sequence[Mapping[str, Any]]) -> set[str]:
    """Which templates of the profile these match; fails if one matches none, or a run is of no pattern."""
    found = {each["id"]: matching.template_of(each) for each in statements}
    strays = [each["verb"]["id"] for each in statements if found[each["id"]] is None]
    assert strays == []
    runs: dict[str, list[Mapping[str, Any]]] = {}
    for each in statements:
        if registration := each["context"].get("registration"):
            runs.setdefault(registration, []).append(each)
    out_of_order = [run for run in runs.values() if ordering.pattern_of(run) is None]
    assert out_of_order == []
    return {template.key for template in found.values() if template is not None}
