"""The profile as JSON-LD: what is written down here, and what was published of it, version by version.

A version that is published stays as it is, in a file of its own. The newest file is what this code says, and a test
holds the two together: whoever changes a template gives the version another number and writes another file
(`flask --app wsgi profile write`).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from xapi.profile import concepts
from xapi.profile.patterns import PATTERNS
from xapi.profile.templates import TEMPLATES
from xapi.vocabulary import PROFILE, PROFILE_VERSION

NEWEST = PROFILE_VERSION.rpartition("/")[2]
PUBLISHED = {"v1.0": "2026-11-30T00:00:00Z"}
"""When each version was published, the oldest first."""
_FOLDER = Path(__file__).parent / "versions"


def document() -> dict[str, Any]:
    """What this code says the newest version is."""
    return {
        "@context": "https://w3id.org/xapi/profiles/context",
        "id": PROFILE,
        "type": "Profile",
        "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": {"en": "Mentoring in courses"},
        "definition": {
            "en": "Mentoring among the people of a course, its onboarding quizzes and its 360-degree reviews: from "
            "the assignment of a mentor to the last goal, without anybody's name, words or identity as a rater."
        },
        "author": {"type": "Organization", "name": "LTI Mentoring"},
        "versions": _versions(),
        "concepts": concepts.as_json(),
        "templates": [template.as_json() for template in TEMPLATES],
        "patterns": [pattern.as_json() for pattern in PATTERNS],
    }


def _versions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, when in PUBLISHED.items():
        version: dict[str, Any] = {"id": f"{PROFILE}/{name}", "generatedAtTime": when}
        if found:
            version["wasRevisionOf"] = [found[-1]["id"]]
        found.append(version)
    return found[::-1]


def written() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def path_of(version: str) -> Path:
    return _FOLDER / f"{version}.jsonld"


@cache
def published(version: str) -> str | None:
    """The text of this version; None if there is none."""
    return path_of(version).read_text(encoding="utf-8") if version in PUBLISHED else None
