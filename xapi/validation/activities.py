"""Activities, their definitions, and the questions that cmi.interaction describes."""

from collections.abc import Mapping

from xapi.validation.faults import FINE, Check, Fault, Faults
from xapi.validation.shapes import array, both, extensions, language_map, shape
from xapi.validation.values import iri, one_of, text

INTERACTION_TYPES = (
    "true-false", "choice", "fill-in", "long-fill-in", "matching",
    "performance", "sequencing", "likert", "numeric", "other",
)  # fmt: skip
COMPONENTS = {
    "choices": ("choice", "sequencing"),
    "scale": ("likert",),
    "source": ("matching",),
    "target": ("matching",),
    "steps": ("performance",),
}
"""Which lists of components belong to which interaction types."""

_component = shape({"id": text, "description": language_map}, required=("id",))


def _distinct_ids(value: object) -> Faults:
    assert isinstance(value, list | tuple)
    seen: set[str] = set()
    found: list[Fault] = []
    for n, component in enumerate(value):
        if component["id"] in seen:
            found.append(Fault(f"[{n}].id", "must be unique in its list"))
        seen.add(component["id"])
    return found


def _components_fit(value: Mapping[str, object]) -> Faults:
    kind = value.get("interactionType")
    lists = [name for name in COMPONENTS if name in value]
    if kind is None:
        needed = bool(lists) or "correctResponsesPattern" in value
        return [Fault("interactionType", "required as soon as there are answers")] if needed else FINE
    return [
        Fault(name, f"only with interactionType {' or '.join(COMPONENTS[name])}")
        for name in lists
        if kind not in COMPONENTS[name]
    ]


_components = both(array(_component), _distinct_ids)
_DEFINITION: dict[str, Check] = {
    "name": language_map,
    "description": language_map,
    "type": iri,
    "moreInfo": iri,
    "extensions": extensions,
    "interactionType": one_of(*INTERACTION_TYPES),
    "correctResponsesPattern": array(text),
    **dict.fromkeys(COMPONENTS, _components),
}

activity = shape(
    {"objectType": one_of("Activity"), "id": iri, "definition": shape(_DEFINITION, rules=(_components_fit,))},
    required=("id",),
)

_activities = array(activity)


def _one_or_more(value: object) -> Faults:
    """1.0.3 still takes a single activity where an array belongs; we never send one ourselves."""
    return activity(value) if isinstance(value, dict) else _activities(value)


context_activities = shape(dict.fromkeys(("parent", "grouping", "category", "other"), _one_or_more))
