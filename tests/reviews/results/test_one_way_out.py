"""Nothing leaves the answers but through the gate: nobody else reads their rows."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
ANSWERS = "reviews.answering.models"
MAY = {
    "reviews/answering/wing.py": "has the tables known",
    "reviews/answering/writing.py": "writes them",
    "reviews/feature.py": "has the tables known",
    "reviews/personal.py": "gives those to whom answers belong their own, and erases them",
    "reviews/retaining.py": "lets them go when their time is over",
    "reviews/results/gathering.py": "brings them to the gate, for freezing and pooling",
    "reviews/results/shortening.py": "takes a name or an insult out of a comment, and gives nothing back",
}
"""Who names the rows of answers, and why that is no way out."""
GATHERERS = {
    "reviews/results/cohort.py": "hands them to the gate for the cohort, and to figures of quality what it let through",
    "reviews/results/freezing.py": "hands them to the gate, and keeps what it lets through",
}
"""Who asks `gathering` for what was answered."""


def test_rows_of_answers_are_read_by_those_who_bring_them_to_the_gate_and_by_nobody_else():
    found = {name for name, tree in _modules() if ANSWERS in _imported(tree)}

    assert found - set(MAY) == set()


def test_what_was_gathered_goes_to_the_gate_and_nowhere_else():
    asking = {
        name
        for name, tree in _modules()
        if "reviews.results.gathering" in _imported(tree) and "gather" in _asked_of_gathering(tree)
    }

    assert asking == set(GATHERERS)


def test_no_output_has_a_relationship_to_walk_to_answers():
    """Neither a target nor a campaign leads to its answers, so no template can go there either."""
    from reviews.answering.models import Remark, Response
    from reviews.campaigns.models import Assignment, Campaign, RaterGroup, Target
    from reviews.results.models import ReportSnapshot

    leads = [
        f"{model.__name__}.{name}"
        for model in (Assignment, Campaign, RaterGroup, Target, ReportSnapshot)
        for name, each in model.__mapper__.relationships.items()
        if each.mapper.class_ in (Response, Remark)
    ]

    assert leads == []


def _modules():
    for package in ("reviews", "xapi", "lti_tool", "mentoring"):
        for path in (ROOT / package).rglob("*.py"):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def _imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


def _asked_of_gathering(tree: ast.Module) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "gathering"
    }
