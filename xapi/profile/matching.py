"""Whether a statement is what it claims to be: of one of our kinds, and as the template of that kind has it.

Which template a statement belongs to follows from its verb, the type of its object and those of its parents, as
xAPI Profiles 1.0 (section 7, determining properties) says; no two templates of ours have the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xapi.profile.parts import Rule, Template
from xapi.profile.paths import values_at
from xapi.profile.templates import TEMPLATES

Statement = Mapping[str, Any]

_KIND = values_at("$.object.definition.type")
_PARENTS = values_at("$.context.contextActivities.parent[*].definition.type")


def template_of(statement: Statement, templates: Iterable[Template] = TEMPLATES) -> Template | None:
    """The template that a statement belongs to; of several the one that asks for most."""
    verb, kind, parents = statement["verb"]["id"], next(iter(_KIND(statement)), None), _PARENTS(statement)
    fitting = [
        each
        for each in templates
        if each.verb.iri == verb
        and (each.kind is None or each.kind.iri == kind)
        and (each.parent is None or each.parent.iri in parents)
    ]
    return max(fitting, key=lambda each: (each.kind is not None) + (each.parent is not None), default=None)


def faults_of(statement: Statement, templates: Iterable[Template] = TEMPLATES) -> list[str]:
    """What keeps a valid statement from being one of our profile, a sentence each; empty if nothing does."""
    template = template_of(statement, templates)
    if template is None:
        return ["no template of the profile has this verb with such an object"]
    return [
        f"{template.key}: {rule.location} {problem}"
        for rule in template.rules
        if (problem := _problem(rule, values_at(rule.location)(statement)))
    ]


def _problem(rule: Rule, values: Sequence[Any]) -> str:
    if not values:
        return "is missing" if rule.presence == "included" else ""
    if rule.presence == "excluded":
        return "must not be there"
    if rule.any and not any(value in rule.any for value in values):
        return f"has none of {', '.join(rule.any)}"
    if rule.all and not all(value in rule.all for value in values):
        return f"has others than {', '.join(rule.all)}"
    if rule.none and any(value in rule.none for value in values):
        return f"has one of {', '.join(rule.none)}"
    return ""
