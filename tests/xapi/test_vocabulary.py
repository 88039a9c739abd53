"""Each word stands once, under the profile that defines it."""

from xapi import vocabulary
from xapi.validation import errors
from xapi.vocabulary import PROFILE, ActivityType, Extension, Verb

WORDS = [word for word in vars(vocabulary).values() if isinstance(word, Verb | ActivityType | Extension)]


def test_each_iri_stands_once():
    iris = [word.iri for word in WORDS]

    assert vocabulary.ANSWERED.iri in iris
    assert len(set(iris)) == len(iris)


def test_what_is_ours_lies_under_our_profile_and_nothing_else_does():
    assert [word.iri for word in WORDS if word.profile == PROFILE] == [
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-programme",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-pairing",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-task",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-agreement",
        "https://w3id.org/lti-mentoring/xapi/activity-types/mentoring-check-in",
        "https://w3id.org/lti-mentoring/xapi/verbs/missed",
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
