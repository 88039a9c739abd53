"""Whether a profile makes sense: everything it refers to is there, nothing is there twice, no pattern holds itself.

What the checkers in use leave out (unknown verbs and templates, empty sequences, doubled ids), beside what they check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xapi.profile.paths import steps_of
from xapi.validation.values import is_iri

Document = Mapping[str, Any]
MANY, ONE = ("sequence", "alternates"), ("optional", "oneOrMore", "zeroOrMore")
_CONDITIONS = ("presence", "any", "all", "none")
_CONCEPTS = {
    "Verb",
    "ActivityType",
    "AttachmentUsageType",
    "ContextExtension",
    "ResultExtension",
    "ActivityExtension",
}


def faults_of(profile: Document, *, elsewhere: Mapping[str, str]) -> list[str]:
    """A sentence for each fault. `elsewhere` has the kind of each concept of other profiles, by its IRI."""
    return [
        *_of_profile(profile),
        *_of_ids(profile),
        *_of_concepts(profile, elsewhere),
        *_of_templates(profile, elsewhere),
        *_of_patterns(profile),
    ]


def _of_profile(profile: Document) -> Iterator[str]:
    for name in ("@context", "id", "type", "conformsTo", "prefLabel", "definition", "author", "versions"):
        if not profile.get(name):
            yield f"the profile has no {name}"
    versions = [version["id"] for version in profile.get("versions", ())]
    if profile.get("id") in versions:
        yield "a version has the IRI of the profile itself"
    for each in [*profile.get("concepts", ()), *profile.get("templates", ()), *profile.get("patterns", ())]:
        if each.get("inScheme") not in versions:
            yield f"{each.get('id')} is in no version of the profile"


def _of_ids(profile: Document) -> Iterator[str]:
    ids = [profile.get("id")] + [version.get("id") for version in profile.get("versions", ())]
    ids += [each.get("id") for part in ("concepts", "templates", "patterns") for each in profile.get(part, ())]
    for iri, times in Counter(ids).items():
        if not isinstance(iri, str) or not is_iri(iri):
            yield f"{iri} is no IRI"
        if times > 1:
            yield f"{iri} is there {times} times"


def _of_concepts(profile: Document, elsewhere: Mapping[str, str]) -> Iterator[str]:
    for concept in profile.get("concepts", ()):
        if concept.get("type") not in _CONCEPTS:
            yield f"{concept.get('id')} is of no known type"
        if concept.get("id") in elsewhere:
            yield f"{concept['id']} is defined by another profile"
        for name in ("prefLabel", "definition"):
            if not concept.get(name):
                yield f"{concept.get('id')} has no {name}"


def _of_templates(profile: Document, elsewhere: Mapping[str, str]) -> Iterator[str]:
    kinds = {**elsewhere, **{concept["id"]: concept["type"] for concept in profile.get("concepts", ())}}
    seen: dict[tuple[object, ...], str] = {}
    for template in profile.get("templates", ()):
        iri = template.get("id")
        for name in ("prefLabel", "definition"):
            if not template.get(name):
                yield f"{iri} has no {name}"
        for refers, kind in _referred(template):
            if kinds.get(refers) != kind:
                yield f"{iri} refers to {refers}, which is no {kind} of a profile"
        determining = tuple(
            str(template.get(name)) for name in ("verb", "objectActivityType", "contextParentActivityType")
        )
        if determining in seen:
            yield f"{iri} cannot be told from {seen[determining]}"
        seen[determining] = str(iri)
        for rule in template.get("rules", ()):
            yield from _of_rule(iri, rule)


def _referred(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "verb" in template:
        yield template["verb"], "Verb"
    if "objectActivityType" in template:
        yield template["objectActivityType"], "ActivityType"
    for iri in template.get("contextParentActivityType", ()):
        yield iri, "ActivityType"


def _of_rule(iri: object, rule: Mapping[str, Any]) -> Iterator[str]:
    if not any(rule.get(name) for name in _CONDITIONS):
        yield f"{iri}: the rule of {rule.get('location')} asks for nothing"
    if rule.get("presence", "included") not in ("included", "excluded", "recommended"):
        yield f"{iri}: {rule['presence']} is no presence"
    try:
        steps_of(str(rule.get("location")))
    except ValueError as problem:
        yield f"{iri}: {problem}"


def _of_patterns(profile: Document) -> Iterator[str]:
    patterns = {pattern["id"]: pattern for pattern in profile.get("patterns", ())}
    templates = {template["id"] for template in profile.get("templates", ())}
    for iri, pattern in patterns.items():
        ways = [how for how in (*MANY, *ONE) if how in pattern]
        if len(ways) != 1:
            yield f"{iri} says {len(ways)} times how its members come"
            continue
        members = _members(pattern)
        if not members:
            yield f"{iri} has no members"
        for member in members:
            if member not in patterns and member not in templates:
                yield f"{iri} refers to {member}, which is neither a template nor a pattern"
        if pattern.get("primary") and not (pattern.get("prefLabel") and pattern.get("definition")):
            yield f"{iri} is primary and says not what it is"
        if _holds_itself(iri, patterns):
            yield f"{iri} holds itself"
    used = {member for pattern in patterns.values() for member in _members(pattern)}
    for iri, pattern in patterns.items():
        if not pattern.get("primary") and iri not in used:
            yield f"{iri} is part of nothing"


def _members(pattern: Mapping[str, Any]) -> Sequence[str]:
    for how in MANY:
        if how in pattern:
            return list(pattern[how])
    return [pattern[how] for how in ONE if how in pattern]


def _holds_itself(iri: str, patterns: Mapping[str, Mapping[str, Any]]) -> bool:
    waiting, seen = [*_members(patterns[iri])], set[str]()
    while waiting:
        member = waiting.pop()
        if member == iri:
            return True
        if member in patterns and member not in seen:
            seen.add(member)
            waiting += _members(patterns[member])
    return False
