"""Which elements and attributes results reports and usage data have, and in which order; by hand, from the papers.

Sources: 1EdTech, *QTI 2.1 / 2.2: Results Reporting* (section 5, `assessmentResult`) and *Usage Data* (section 9), and
*QTI 3.0: Results Reporting* and *Usage Data & Item Statistics*. Patterns are of names of children, each with a blank
behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from lxml import etree

IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]*")
CARDINALITIES = "single|multiple|ordered|record"
BASE_TYPES = "boolean|directedPair|duration|file|float|identifier|integer|intOrIdentifier|pair|point|string|uri|coords"
VARIABLES = "(responseVariable |templateVariable |outcomeVariable )*"
STATUS = "initial|pendingSubmission|pendingResponseProcessing|final"


@dataclass(frozen=True)
class Model:
    """An element: the pattern of its children, and those of its attributes."""

    children: str = ""
    required: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)
    has_text: bool = False


ANY, NUMBER, NAME, URI = r".+", r"-?\d+(\.\d+)?(e[-+]?\d+)?", IDENTIFIER.pattern, r"\S+"
WHEN, DAY = "WHEN", "DAY"
_VARIABLE = {"identifier": NAME, "cardinality": CARDINALITIES}
_RESULTS: Mapping[str, Model] = {
    "assessmentResult": Model("context (testResult )?(itemResult )*"),
    "context": Model("(sessionIdentifier )*", optional={"sourcedId": ANY}),
    "sessionIdentifier": Model(required={"sourceID": URI, "identifier": ANY}),
    "testResult": Model(VARIABLES, required={"identifier": ANY, "datestamp": WHEN}),
    "itemResult": Model(
        f"{VARIABLES}(candidateComment )?",
        required={"identifier": ANY, "datestamp": WHEN, "sessionStatus": STATUS},
        optional={"sequenceIndex": r"\d+"},
    ),
    "responseVariable": Model(
        "(correctResponse )?candidateResponse ",
        required=_VARIABLE,
        optional={"baseType": BASE_TYPES, "choiceSequence": ANY},
    ),
    "correctResponse": Model("(value )+", optional={"interpretation": ANY}),
    "candidateResponse": Model("(value )*"),
    "outcomeVariable": Model(
        "(value )*",
        required=_VARIABLE,
        optional={"baseType": BASE_TYPES, **dict.fromkeys(("normalMaximum", "normalMinimum", "masteryValue"), NUMBER)},
    ),
    "value": Model(optional={"fieldIdentifier": NAME, "baseType": BASE_TYPES}, has_text=True),
}
_USAGE: Mapping[str, Model] = {
    "usageData": Model("(ordinaryStatistic |categorizedStatistic )+", optional={"glossary": URI}),
    "ordinaryStatistic": Model(
        "(targetObject )+value ",
        required={"name": NAME, "context": URI},
        optional={
            "glossary": URI,
            "caseCount": r"\d+",
            "lastUpdated": DAY,
            **dict.fromkeys(("stdError", "stdDeviation"), NUMBER),
        },
    ),
    "targetObject": Model(required={"identifier": NAME}, optional={"partIdentifier": NAME}),
    "value": Model(has_text=True),
}
_NEWER: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "itemResult": {"required": {"sessionStatus": f"{STATUS}|pendingExternalScoring"}},
    "responseVariable": {"optional": {"answeredStatus": "unknown|presented|notPresented|answered|notAnswered"}},
    "targetObject": {"required": {"objectType": "item|choice|test|testPart|section|sharedStimulus|stimulus|option"}},
}
"""What QTI 3.0 has besides, or says otherwise."""


def faults(content: bytes, kind: str, version: str) -> list[str]:
    """What is not as the papers have it; `kind` is `result` or `usagedata`, `version` such as `v2p1`."""
    root = etree.fromstring(content)
    namespace = f"http://www.imsglobal.org/xsd/imsqti_{kind}_{version}"
    models = {"result": _RESULTS, "usagedata": _USAGE}[kind]
    first = next(iter(models))
    if root.tag != f"{{{namespace}}}{first}":
        return [f"the root is {root.tag}"]
    return [fault for each in root.iter() for fault in _faults_of(each, namespace, models, version)]


def _faults_of(element: etree._Element, namespace: str, models: Mapping[str, Model], version: str) -> Iterator[str]:
    name = etree.QName(element)
    model = models.get(name.localname)
    if name.namespace != namespace or model is None:
        yield f"{element.tag} is not known"
        return
    children = "".join(f"{etree.QName(each).localname} " for each in element)
    if not re.fullmatch(model.children, children):
        yield f"{name.localname} has the children {children}"
    if not model.has_text and (element.text or "").strip():
        yield f"{name.localname} has text"
    newer = _NEWER.get(name.localname, {}) if version == "v3p0" else {}
    required = {**model.required, **newer.get("required", {})}
    may = {**required, **model.optional, **newer.get("optional", {})}
    yield from (f"{name.localname} lacks {each}" for each in sorted(required.keys() - element.attrib.keys()))
    for attribute, said in element.attrib.items():
        if "}" in attribute:
            continue
        if attribute not in may or not _is(said, may[attribute]):
            yield f"{name.localname}: {attribute}={said}"


def _is(said: str, pattern: str) -> bool:
    if pattern in (WHEN, DAY):
        try:
            moment = datetime.fromisoformat(said) if pattern is WHEN else date.fromisoformat(said)
        except ValueError:
            return False
        return not isinstance(moment, datetime) or moment.tzinfo is not None
    return re.fullmatch(pattern, said) is not None
