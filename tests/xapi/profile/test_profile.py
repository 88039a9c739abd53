"""The profile says what we tell, is sound, and stays as it was published."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from tests.xapi.words import published
from xapi import vocabulary as v
from xapi.profile import document, examples, matching, ordering, soundness, templates
from xapi.profile.parts import Rule
from xapi.profile.paths import values_at
from xapi.profile.patterns import PATTERNS
from xapi.profile.templates import TEMPLATES
from xapi.translations import TRANSLATIONS, translate
from xapi.validation import emitter_errors

GOAL_SET, LIFE = f"{v.PROFILE}/templates/goal-set", f"{v.PROFILE}/patterns/life-of-a-mentorship"
ELSEWHERE = {iri: kind for _profile, iri, kind, _label in published()} | {v.INTERACTION.iri: "ActivityType"}


def faults(profile: dict[str, Any]) -> list[str]:
    return soundness.faults_of(profile, elsewhere=ELSEWHERE)


def test_the_profile_is_sound():
    assert faults(document.document()) == []


def test_what_was_published_is_what_the_code_says():
    text = document.published(document.NEWEST)

    assert text == document.written(), "Give the version another number; a published one stays as it is."
    assert json.loads(text)["versions"][0]["id"] == v.PROFILE_VERSION


def test_every_version_that_was_published_is_there_and_no_other():
    files = sorted(path.stem for path in document.path_of("v").parent.glob("*.jsonld"))

    assert files == sorted(document.PUBLISHED)
    assert document.published("v9.9") is None
    assert document.published("../document") is None


def test_every_word_of_ours_is_defined_and_nothing_else():
    words = [word for word in vars(v).values() if isinstance(word, v.Verb | v.ActivityType | v.Extension)]
    ours = {word.iri for word in words if word.profile == v.PROFILE}

    assert {concept["id"] for concept in document.document()["concepts"]} == ours


def spoiled(*path: object, to: object = None) -> dict[str, Any]:
    profile = copy.deepcopy(document.document())
    *way, last = path
    part: Any = profile
    for step in way:
        part = part[step]
    if to is None:
        del part[last]
    else:
        part[last] = to
    return profile


def number_of(key: str) -> int:
    return next(n for n, pattern in enumerate(PATTERNS) if pattern.key == key)


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (spoiled("author"), "the profile has no author"),
        (spoiled("concepts", 0, "prefLabel"), "has no prefLabel"),
        (spoiled("concepts", 0, "type", to="Word"), "is of no known type"),
        (spoiled("concepts", 0, "id", to=v.ATTENDED.iri), "is defined by another profile"),
        (spoiled("concepts", 0, "id", to=f"{v.PROFILE}/templates/goal-set"), "is there 2 times"),
        (spoiled("concepts", 0, "id", to="missed"), "missed is no IRI"),
        (spoiled("concepts", 0, "inScheme", to=f"{v.PROFILE}/v0.1"), "is in no version of the profile"),
        (spoiled("templates", 0, "verb", to="http://adlnet.gov/expapi/verbs/nodded"), "which is no Verb of a profile"),
        (spoiled("templates", 0, "objectActivityType", to=v.ATTENDED.iri), "which is no ActivityType of a profile"),
        (spoiled("templates", 0, "rules", 0, to={"location": "$.actor"}), "asks for nothing"),
        (spoiled("templates", 0, "rules", 0, "location", to="actor"), "a path begins with $"),
        (spoiled("templates", 0, "rules", 0, "location", to="$.actor[?(@.a)]"), "not understood from [?(@.a)]"),
        (spoiled("templates", 0, "rules", 0, "presence", to="always"), "always is no presence"),
        (spoiled("templates", 1, to=document.document()["templates"][0]), "cannot be told from"),
        (spoiled("patterns", number_of("beginning"), "sequence", to=[]), "has no members"),
        (spoiled("patterns", number_of("beginning"), "optional", to="x"), "says 2 times how its members come"),
        (spoiled("patterns", number_of("said-yes"), "alternates", 0, to=f"{v.PROFILE}/templates/none"), "neither"),
        (spoiled("patterns", number_of("said-yes"), "alternates", 0, to=LIFE), "holds itself"),
        (spoiled("patterns", number_of("attempt"), "prefLabel"), "is primary and says not what it is"),
        (spoiled("patterns", number_of("attempt"), "sequence", to=[GOAL_SET]), "part of nothing"),
    ],
    ids=lambda said: said if isinstance(said, str) else "",
)  # fmt: skip
def test_a_fault_of_a_profile_is_found(profile: dict[str, Any], said: str):
    assert any(said in fault for fault in faults(profile)), faults(profile)


def test_each_kind_of_statement_has_a_template_and_each_template_an_example():
    assert set(examples.examples()) == {template.key for template in TEMPLATES}
    for kind in TRANSLATIONS:
        for event in examples.made_up(kind):
            told = translate(event, examples.BASE)
            assert told, kind.__name__
            for statement in told:
                assert [*emitter_errors(statement), *matching.faults_of(statement)] == [], kind.__name__


@pytest.mark.parametrize("key", [template.key for template in TEMPLATES])
def test_an_example_belongs_to_its_own_template_only(key: str):
    statement = examples.examples()[key]
    fitting = [each for each in TEMPLATES if matching.template_of(statement, [each]) is not None]

    assert [each.key for each in fitting] == [key]


@pytest.mark.parametrize(
    ("key", "path", "value", "said"),
    [
        ("goal-set", "actor.name", "Leo", "$.actor.name must not be there"),
        ("goal-set", "timestamp", None, "$.timestamp is missing"),
        ("goal-set", "context.registration", None, "$.context.registration is missing"),
        ("goal-set", "context.contextActivities.category", None, "category[*].id is missing"),
        ("goal-set", "context.contextActivities.category", [{"id": "https://example.org/v2"}], "has none of"),
        ("goal-set", "context.contextActivities.parent", None, "parent[*].definition.type is missing"),
        ("goal-progressed", "result.extensions", None, "is missing"),
        ("review-progressed", "context.registration", "x", "$.context.registration must not be there"),
        ("meeting-scheduled", "context.extensions", None, "is missing"),
        ("task-done", "result.response", "Yes, I wrote to them.", "$.result.response must not be there"),
        ("goal-set", "verb.id", "http://adlnet.gov/expapi/verbs/nodded", "no template of the profile"),
    ],
)
def test_a_statement_that_breaks_a_rule_is_no_statement_of_ours(key: str, path: str, value: object, said: str):
    statement = copy.deepcopy(dict(examples.examples()[key]))
    *way, last = path.split(".")
    part: Any = statement
    for step in way:
        part = part.setdefault(step, {})
    part[last] = value
    if value is None:
        del part[last]

    assert [fault for fault in matching.faults_of(statement) if said in fault], matching.faults_of(statement)


GOAL = examples.examples()["goal-set"]
NAMED = {**GOAL, "result": {"response": "I know whom to ask", "completion": True}}
AROUND = "$.context.contextActivities.grouping[*].definition.type"
OTHER_TYPE = "https://example.org/types/other"


def around(*kinds: str) -> dict[str, Any]:
    """A goal within things of these kinds."""
    things = [{"id": f"https://example.org/{n}", "definition": {"type": kind}} for n, kind in enumerate(kinds)]
    context = {**GOAL["context"], "contextActivities": {"grouping": things}}
    return {**GOAL, "context": context}


@pytest.mark.parametrize(
    ("rule", "good", "bad", "said"),
    [
        (Rule(location="$.result.completion", presence="included"), NAMED, GOAL, "is missing"),
        (Rule(location="$.result.response", presence="excluded"), GOAL, NAMED, "must not be there"),
        (
            Rule(location="$.result.response", presence="recommended", all=("No.",)),
            GOAL,
            NAMED,
            "has others than No.",
        ),
        (
            Rule(location="$.result.response", presence="recommended", none=("I know whom to ask",)),
            GOAL,
            NAMED,
            "has one of I know whom to ask",
        ),
        (Rule(location=AROUND, any=(v.COURSE.iri, OTHER_TYPE)), GOAL, around(OTHER_TYPE + "s"), "has none of"),
        (Rule(location=AROUND, all=(OTHER_TYPE,)), around(OTHER_TYPE), around(OTHER_TYPE, v.COURSE.iri), "has others"),
        (Rule(location=AROUND, none=(OTHER_TYPE,)), GOAL, around(v.COURSE.iri, OTHER_TYPE), "has one of"),
    ],
    ids=lambda said: said.as_json() if isinstance(said, Rule) else "",
)  # fmt: skip
def test_each_kind_of_rule_refuses_what_is_valid_and_breaks_it(rule: Rule, good: Any, bad: Any, said: str):
    kinds = [replace(templates.GOAL_SET, rules=[rule])]

    assert (emitter_errors(good), emitter_errors(bad)) == ([], [])
    assert matching.faults_of(good, kinds) == []
    [fault] = matching.faults_of(bad, kinds)
    assert fault.startswith(f"goal-set: {rule.location} {said}")


def run(*keys: str) -> list[Any]:
    return [examples.examples()[key] for key in keys]


BEGINNING = ("mentorship-assigned", "mentorship-was-assigned")


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("life-of-a-mentorship", BEGINNING),
        ("life-of-a-mentorship", ("mentorship-accepted", "mentorship-was-assigned", "mentorship-began")),
        ("life-of-a-mentorship", (*BEGINNING, "mentorship-paused", "mentorship-resumed", "mentorship-completed")),
        ("life-of-a-mentorship", (*BEGINNING, "meeting-scheduled", "goal-set", "mentorship-ended", "goal-reached")),
        ("life-of-a-mentorship", (*BEGINNING, "mentorship-rematched")),
        ("life-of-a-mentorship", (*BEGINNING, "mentorship-was-assigned", *BEGINNING, "meeting-attended")),
        ("life-of-a-mentorship", (*BEGINNING, "mentorship-cancelled")),
        ("nothing-came-of-it", ("mentorship-declined",)),
        ("nothing-came-of-it", ("mentorship-expired",)),
        ("nothing-came-of-it", ("mentorship-cancelled",)),
        ("attempt", ("question-answered", "question-answered", "attempt-completed", "attempt-passed")),
        ("attempt", ("question-answered",)),
        ("attempt", ("attempt-completed", "attempt-failed", "question-answered", "attempt-passed")),
        (None, ("mentorship-was-assigned",)),
        (None, (*BEGINNING, "mentorship-completed", "mentorship-began")),
        (None, ("mentorship-declined", "mentorship-assigned")),
        (None, ("attempt-passed", "attempt-completed")),
        (None, ("attempt-completed", "attempt-passed", "attempt-completed")),
        (None, ("attempt-completed",)),
        (None, (*BEGINNING, "attempt-completed")),
    ],
)
def test_runs_follow_their_pattern(pattern: str | None, keys: tuple[str, ...]):
    found = ordering.pattern_of(run(*keys))

    assert (found.key if found else None) == pattern


def test_paths_find_what_is_there():
    statement = {"a": {"b": [{"c": 1}, {"d": 2}, "e"]}, "x": {"https://example.org/a.b": 3}}

    assert values_at("$.a.b[*].c")(statement) == [1]
    assert values_at("$.x['https://example.org/a.b']")(statement) == [3]
    assert values_at("$.a.c")(statement) == []
    assert values_at("$.a[*]")(statement) == []
    assert values_at("$")(statement) == [statement]
