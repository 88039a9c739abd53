"""Items written by hand, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from quizzes.formats.model import Question
from quizzes.formats.qti.names import normalized
from quizzes.formats.qti.reading import questions_of
from quizzes.formats.reports import Finding, Reporter
from quizzes.formats.safe_xml import parsed

TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
MATCH, MAP, MAP_POINT = (
    f'<responseProcessing template="{TEMPLATES}{name}"/>'
    for name in ("match_correct", "map_response", "map_response_point")
)


def response(cardinality: str, base: str, *correct: str, more: str = "", name: str = "RESPONSE") -> str:
    values = "".join(f"<value>{each}</value>" for each in correct)
    said = f"<correctResponse>{values}</correctResponse>" if correct else ""
    about = f'identifier="{name}" cardinality="{cardinality}" baseType="{base}"'
    return f"<responseDeclaration {about}>{said}{more}</responseDeclaration>"


def ask(name: str, inner: str = "", more: str = "") -> str:
    """An interaction."""
    return f'<{name}Interaction responseIdentifier="RESPONSE" {more}>{inner}</{name}Interaction>'


def mapping(entries: Mapping[str, float], more: str = "") -> str:
    rows = "".join(f'<mapEntry mapKey="{key}" mappedValue="{worth}"/>' for key, worth in entries.items())
    return f'<mapping defaultValue="0" {more}>{rows}</mapping>'


def item(declared: str, body: str, processing: str = MATCH, more: str = "", after: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="Fire" adaptive="false" {more}>
{declared}
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" baseType="identifier"/>
<itemBody>{body}</itemBody>
{processing}{after}
</assessmentItem>""".encode()


def read(content: bytes, files: Mapping[str, bytes] | None = None) -> tuple[Question | None, list[Finding]]:
    report = Reporter()
    found = questions_of(normalized(parsed(content)), "i1.xml", lambda name: (files or {}).get(name), report)
    return (found[0] if found else None), list(report.done().findings)


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return made.getvalue()


def rules(*conditions: str) -> str:
    return f"<responseProcessing>{''.join(conditions)}</responseProcessing>"


def when(condition: str, score: str, otherwise: str = "") -> str:
    """A condition, and the score that it sets."""
    last = f"<responseElse>{scoring(otherwise)}</responseElse>" if otherwise else ""
    return f"<responseCondition><responseIf>{condition}{scoring(score)}</responseIf>{last}</responseCondition>"


def scoring(score: str) -> str:
    return f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{score}</baseValue></setOutcomeValue>'
