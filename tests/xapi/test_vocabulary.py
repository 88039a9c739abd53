"""Each word stands once, under the profile that defines it.

`concepts.csv` is what the published profiles say of the words we take from them, copied from their JSON-LD in
github.com/adlnet/xapi-authored-profiles at 23819e200f4ed09ebe862334328e05e2cbab275c.
"""

from tests.xapi.words import published
from xapi import vocabulary
from xapi.validation import errors
from xapi.vocabulary import PROFILE, SPECIFICATION, ActivityType, Extension, Verb

WORDS = [word for word in vars(vocabulary).values() if isinstance(word, Verb | ActivityType | Extension)]


KINDS = {
    "Verb": "Verb",
    "ActivityType": "ActivityType",
    **dict.fromkeys(("ContextExtension", "ResultExtension"), "Extension"),
}


def test_each_word_of_another_profile_is_one_that_it_publishes():
    theirs = [word for word in WORDS if word.profile not in (PROFILE, SPECIFICATION)]

    found = {(profile, iri, KINDS[kind]) for profile, iri, kind, _label in published()}
    assert len(theirs) > 20
    assert [word for word in theirs if (word.profile, word.iri, type(word).__name__) not in found] == []


def test_each_verb_of_another_profile_has_its_label():
    labels = {iri: label for _profile, iri, kind, label in published() if kind == "Verb"}
    verbs = [word for word in WORDS if isinstance(word, Verb) and word.profile != PROFILE]

    assert {verb.iri: dict(verb.display) for verb in verbs} == {iri: {"en": label} for iri, label in labels.items()}


def test_each_iri_stands_once():
    iris = [word.iri for word in WORDS]

    assert vocabulary.ANSWERED.iri in iris
    assert len(set(iris)) == len(iris)


def test_what_is_ours_lies_under_our_profile_and_nothing_else_does():
    assert [word.iri for word in WORDS if word.profile == PROFILE] == [
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-programme",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-cohort",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-pairing",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-task",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-agreement",
        "https://w3id.org/lti-mentoring/xapi/activity-types/review-360",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-check-in",
        "https://w3id.org/lti-mentoring/xapi/verbs/missed",
        "https://w3id.org/lti-mentoring/xapi/verbs/stalled",
        "https://w3id.org/lti-mentoring/xapi/verbs/recovered",
    ]
    assert [word for word in WORDS if word.iri.startswith(PROFILE) and word.profile != PROFILE] == []


def test_every_word_makes_a_valid_statement():
    actor = {"account": {"homePage": "https://moodle.example.org", "name": "7"}}
    statements = [
        {
            "actor": actor,
            "verb": verb.as_json(),
            "object": {"id": "https://tool.example.org/a", "definition": {"type": kind.iri}},
            "context": {"extensions": {extension.iri: "1"}},
        }
        for verb in WORDS if isinstance(verb, Verb)
        for kind in WORDS if isinstance(kind, ActivityType)
        for extension in WORDS if isinstance(extension, Extension)
    ]  # fmt: skip

    assert len(statements) >= 8 * 5
    assert [statement for statement in statements if errors(statement)] == []


def test_a_verb_is_told_with_the_label_of_its_profile():
    assert vocabulary.WAS_ASSIGNED.as_json() == {
        "id": "https://w3id.org/xapi/acrossx/verbs/was-assigned",
        "display": {"en": "was-assigned"},
    }
