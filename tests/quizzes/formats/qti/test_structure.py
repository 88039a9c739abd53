"""Figures and results as files have the elements and attributes that the papers of 1EdTech name, in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quizzes.formats.qti.writing.reporting import VERSIONS
from quizzes.formats.qti.writing.responses import variables
from quizzes.formats.qti.writing.results import report
from quizzes.formats.qti.writing.usage import usage_data
from quizzes.formats.usage import Glossary, Statistic
from quizzes.kinds import Kind
from tests.quizzes.formats.qti.structure import faults
from tests.quizzes.formats.qti.test_quizzes_written import ANSWER, RESULT
from tests.quizzes.one_of_each import BODIES

FIGURE = Statistic(
    name="P-value",
    item="safety-1",
    value=0.5,
    cases=40,
    context="https://tool.example/quiz",
    updated=date(2026, 11, 23),
)
FIGURES = (
    FIGURE,
    replace(FIGURE, name="AIS", deviation=0.25),
    replace(FIGURE, name="NumberChoosingResponse", glossary=Glossary.CHOICE, choice="c1", value=20.0),
    replace(FIGURE, name="MetBy", glossary=Glossary.OURS, item="1 starts with a number"),
)
OF_ALL_KINDS = replace(
    RESULT,
    items=[
        replace(
            ANSWER,
            place=place,
            answered=variables(kind, body, {}),
            right=(),
            shown=[],
            is_marked=kind is not Kind.ESSAY,
        )
        for place, (kind, body) in enumerate(BODIES.items(), start=1)
    ],
)
HIDDEN = replace(RESULT, score=None, maximum=None, enough=None, items=[replace(ANSWER, right=(), score=None)])


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("result", [RESULT, OF_ALL_KINDS, HIDDEN, replace(RESULT, items=[])])
def test_a_result_is_made_as_its_paper_says(name: str, result):
    assert faults(report(result, VERSIONS[name]), "result", VERSIONS[name].number) == []


@pytest.mark.parametrize("name", VERSIONS)
def test_figures_are_made_as_their_paper_says(name: str):
    assert faults(usage_data(FIGURES, VERSIONS[name]), "usagedata", VERSIONS[name].number) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b' sessionStatus="final"', b"", "itemResult lacks sessionStatus"),
        (b' sessionStatus="final"', b' sessionStatus="done"', "itemResult: sessionStatus=done"),
        (b'datestamp="2026-11-23T09:10:00Z"', b'datestamp="yesterday"', "testResult: datestamp=yesterday"),
        (b' cardinality="single"', b"", "responseVariable lacks cardinality"),
        (b"candidateResponse", b"answer", "is not known"),
        (b"<correctResponse>", b"<candidateResponse/><correctResponse>", "responseVariable has the children candidate"),
        (b"imsqti_result_v2p1", b"imsqti_result_v2p0", "the root is"),
    ],
)
def test_what_is_not_as_the_paper_says_is_found(right: bytes, wrong: bytes, fault: str):
    written = report(RESULT, VERSIONS["qti21"])
    assert right in written

    found = faults(written.replace(right, wrong), "result", "v2p1")

    assert any(fault in each for each in found), found


def test_figures_without_what_they_are_about_are_found():
    written = usage_data(FIGURES, VERSIONS["qti21"])

    found = faults(
        written.replace(b' identifier="safety-1"', b"").replace(b' context="', b' where="'), "usagedata", "v2p1"
    )

    assert "targetObject lacks identifier" in found
    assert "ordinaryStatistic lacks context" in found
