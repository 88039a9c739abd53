"""What must be refused and what must be accepted, by name; the numbered ones are older than the validator."""

from typing import Any

from tests.xapi.samples import (
    AGENT,
    ATTACHMENT,
    BASE,
    GROUP,
    QUIZ,
    REFERENCE,
    SUB_STATEMENT,
    VOIDED,
    about,
    changed,
    without,
)

SHA1 = "cd9b00a5611f94eaa7b1661edab976068e364975"
SHA2 = str(ATTACHMENT["sha2"])
ACCOUNT = {"homePage": "https://moodle.example.org", "name": "7"}
E_ORG = "https://e.org/a"


def definition(**parts: object) -> dict[str, Any]:
    return changed(("object.definition", parts))


def attached(**parts: object) -> dict[str, Any]:
    return changed(("attachments", [{**ATTACHMENT, **parts}]))


def sub(**parts: object) -> dict[str, Any]:
    return about({**SUB_STATEMENT, **parts})


def extended(value: object) -> dict[str, Any]:
    return changed(("context.extensions", {E_ORG: value}))


BAD_FORTY: dict[str, dict[str, Any]] = {
    "01 no verb": without("verb"),
    "02 no actor": without("actor"),
    "03 no object": without("object"),
    "04 verb id is a word": changed(("verb.id", "answered")),
    "05 object id is words": changed(("object.id", "quiz 7")),
    "06 duration in words": changed(("result.duration", "1 minute")),
    "07 mbox without mailto": changed(("actor", {"mbox": "a@example.org"})),
    "08 mailto without address": changed(("actor", {"mbox": "mailto:not-an-address"})),
    "09 two identifiers": changed(("actor", {"mbox": "mailto:a@example.org", "openid": "https://id.example.org/a"})),
    "10 agent without identifier": changed(("actor", {"objectType": "Agent", "name": "x"})),
    "11 nameless group without members": changed(("actor", {"objectType": "Group", "name": "x"})),
    "12 scaled above one": changed(("result.score.scaled", 1.5)),
    "13 raw above max": changed(("result.score.raw", 11)),
    "14 min above max": changed(("result.score", {"min": 10, "max": 1, "raw": 5})),
    "15 display in english_US!": changed(("verb.display", {"english_US!": "answered"})),
    "16 language is no tag": changed(("context.language", "xx_not a tag")),
    "17 response is null": changed(("result.response", None)),
    "18 voids an activity": changed(("verb.id", VOIDED)),
    "19 registration is no UUID": changed(("context.registration", "abc")),
    "20 revision with an agent": about(AGENT, revision="1"),
    "21 platform with a reference": about(REFERENCE, platform="x"),
    "22 id is no UUID": changed(("id", "abc")),
    "23 unknown property": changed(("foo", 1)),
    "24 timestamp in words": changed(("timestamp", "yesterday")),
    "25 negative zero offset": changed(("timestamp", "2026-11-22T12:00:00-00:00")),
    "26 success is a string": changed(("result.success", "true")),
    "27 extension key is a word": changed(("context.extensions", {"pairing": 1})),
    "28 fifth context activity": changed(("context.contextActivities", {"child": [{"id": E_ORG}]})),
    "29 sub-statement with id": sub(id=BASE["id"]),
    "30 sub-statement in a sub-statement": sub(object=SUB_STATEMENT),
    "31 unknown interaction type": changed(("object.definition.interactionType", "quizz")),
    "32 component ids twice": changed(("object.definition.choices", [{"id": "a"}, {"id": "a"}])),
    "33 objectType in lower case": changed(("object.objectType", "activity")),
    "34 short mbox_sha1sum": changed(("actor", {"mbox_sha1sum": "abc"})),
    "35 homePage is a word": changed(("actor", {"account": {"homePage": "moodle", "name": "1"}})),
    "36 account without name": changed(("actor", {"account": {"homePage": "https://m.example.org"}})),
    "37 team is an agent": changed(("context", {"team": AGENT})),
    "38 version 0.9": changed(("version", "0.9")),
    "39 scaled is a string": changed(("result.score.scaled", "0.5")),
    "40 attachment without sha2": changed(
        ("attachments", [{key: ATTACHMENT[key] for key in ATTACHMENT if key != "sha2"}])
    ),
}

GOOD_23: dict[str, dict[str, Any]] = {
    "base": BASE,
    "mbox": changed(("actor", {"mbox": "mailto:leo@example.org"})),
    "mbox_sha1sum": changed(("actor", {"mbox_sha1sum": SHA1})),
    "openid": changed(("actor", {"openid": "https://id.example.org/leo"})),
    "identified group": changed(("actor", {"objectType": "Group", "account": ACCOUNT})),
    "nameless group of one": changed(("actor", GROUP)),
    "about an agent": about(AGENT),
    "about a statement": about(REFERENCE),
    "empty response": changed(("result.response", "")),
    "empty extensions": changed(("context.extensions", {})),
    "language und": changed(("context.language", "und")),
    "voiding without display or id": {
        key: value
        for key, value in {**about(REFERENCE), "verb": {"id": VOIDED}}.items()
        if key in ("actor", "verb", "object")
    },
    "about a sub-statement": about(SUB_STATEMENT),
    "instructor and team": changed(("context.instructor", AGENT), ("context.team", GROUP)),
    "letters beyond ASCII": changed(("verb.id", "http://example.org/verbs/évalué")),
    "activity is a urn": changed(("object.id", "urn:uuid:16ad7a5b-bb2b-4a9d-8c2e-000000000001")),
    "single context activity": changed(("context.contextActivities.parent", QUIZ)),
    "null in an extension": extended(None),
    "timestamp with offset": changed(("timestamp", "2026-11-22T12:00:00+02:00")),
    "duration with everything": changed(("result.duration", "P1Y2M10DT2H30M")),
    "duration in weeks": changed(("result.duration", "P4W")),
    "language zh-Hant-TW": changed(("context.language", "zh-Hant-TW")),
    "raw score alone": changed(("result.score", {"raw": 5})),
}

_GOOD_TAGS = """ar-EG ase de de-DE en en-GB es-MX hy-AM ja kn-IN pa-IN sr-Cyrl sr-Latn-RS zh-Hans-CN zh-Hant
    cmn tlh fr-CA i-klingon x-private en-a-bbb-x-a-ccc sl-rozaj-biske de-1996 EN-gb zh-min-nan es-419"""
_BAD_TAGS = "a12345678 something s-something en-something-AU zh-something-ccc a-DE de-419-DE en_GB en- -en e x"
_GOOD_DURATIONS = """PT1H0M0S PT1H0M0.1S PT4H35M59.14S PT16559.14S P3Y P3Y1M29DT4H35M59.14S P4W
    P1DT12H36M0.12567S PT0S P1.5W PT1,5S PT1.5H P0D"""
_BAD_DURATIONS = "PA1H0M0S P4W1D 12345 P PT P1DT P1H PT1.5H3M pt1s -P1D P1Y-1M P1S PT1M1H"
_GOOD_TIMES = """2013-05-18T05:32:34.804Z 2008-09-15T15:53:00.601+00:00 2023-05-04T12:00:00-05:00
    2031-11-22T12:00:00Z 2024-02-29T23:59:59Z 2026-11-22T12:00:00.123456789Z 2026-11-22T12:00:00+14:00
    2026-11-22T12:00:00-00:30"""
_BAD_TIMES = """01/011/2015 2008-09-15T15:53:00.601-00 2008-09-15T15:53:00.601-0000
    2008-09-15T15:53:00.601-00:00 2023-02-29T00:00:00Z 2023-13-01T00:00:00Z
    0000-01-01T00:00:00Z 2023-01-01T24:00:00Z 2023-01-01T23:60:00Z
    2023-01-01T23:59:60Z 2023-01-01T00:00:00+24:00 2023-01-01t00:00:00z 20230101T000000Z 2023-W10-1 2023-01
    2023-01-01T00:00:00.Z 2023-01-01T00:00:00Z0"""
_LENIENT_TIMES = "2023-01-01T00:00:00 2023-01-01 2023-01-01T00:00Z 2023-01-01T00:00:00+02 2023-01-01T00:00:00,5Z"
_GOOD_IRIS = "a:b HTTP://e.org tag:e.org,2026:x https://e.org/%C3%A9 https://例え.example/道 a+b.c-d:e"
_BAD_IRIS = """ab=c://should.fail.com //e.org e.org 1a:b :b a: https://e.org/<x> https://e.org/{x} https://e.org/a|b
    https://e.org/%zz https://e.org/%"""
_GOOD_MAILS = "mailto:a@localhost mailto:maya.o'neil+x@example.org mailto:maya@räksmörgås.example"
_BAD_MAILS = """http://should.fail.com mailto:should.fail.com mailto:@e.org mailto:a@ mailto:a@b@c
    mailto:a@e.org?subject=x mailto:a@e.org,b@e.org MAILTO:a@e.org a@e.org"""

EDGE_GOOD: dict[str, dict[str, Any]] = {
    **{f"language {tag}": changed(("context.language", tag)) for tag in _GOOD_TAGS.split()},
    **{f"display in {tag}": changed(("verb.display", {tag: "x"})) for tag in _GOOD_TAGS.split()},
    **{f"duration {value}": changed(("result.duration", value)) for value in _GOOD_DURATIONS.split()},
    **{f"time {value}": changed(("timestamp", value)) for value in _GOOD_TIMES.split()},
    **{f"IRI {value}": changed(("object.id", value)) for value in _GOOD_IRIS.split()},
    **{f"mail {value}": changed(("actor", {"mbox": value})) for value in _GOOD_MAILS.split()},
    **{f"scaled {value}": changed(("result.score", {"scaled": value})) for value in (-1, 1, 0, 0.12123434)},
    **{f"version {value}": changed(("version", value)) for value in ("1.0", "1.0.3", "1.0.9")},
    "UUID in upper case": changed(("id", "6B2F7A1E-9A7D-4D57-9A5C-0B3A3C6D8E01")),
    "UUID of zeros": changed(("id", "00000000-0000-0000-0000-000000000000")),
    "no id": without("id"),
    "no timestamp": without("timestamp"),
    "no context": without("context"),
    "empty context": changed(("context", {})),
    "empty result": changed(("result", {})),
    "empty score": changed(("result.score", {})),
    "empty display": changed(("verb.display", {})),
    "empty definition": definition(),
    "empty attachments": changed(("attachments", [])),
    "empty context activities": changed(("context.contextActivities", {"parent": []})),
    "raw at a bound of zero": changed(("result.score", {"raw": 0, "min": 0, "max": 1})),
    "raw below zero without bounds": changed(("result.score", {"raw": -3.5})),
    "raw at the upper bound": changed(("result.score", {"raw": 10, "max": 10})),
    "score beyond single precision": changed(("result.score", {"raw": 1e300})),
    "actor without objectType": changed(("actor", {"account": ACCOUNT})),
    "account with empty name": changed(("actor", {"account": {**ACCOUNT, "name": ""}})),
    "mbox_sha1sum in upper case": changed(("actor", {"mbox_sha1sum": SHA1.upper()})),
    "identified group with members": changed(("actor", {**GROUP, "mbox": "mailto:team@example.org", "name": "Team"})),
    "identified group with no members": changed(("actor", {"objectType": "Group", "account": ACCOUNT, "member": []})),
    "about a group": about(GROUP),
    "object without objectType": changed(("object", {"id": E_ORG})),
    "agent with a context": about(AGENT, language="en"),
    "authority is an agent": changed(("authority", AGENT)),
    "authority is a pair": changed(
        ("authority", {"objectType": "Group", "member": [AGENT, {"mbox": "mailto:b@e.org"}]})
    ),
    "instructor is a group": changed(("context.instructor", GROUP)),
    "context points to a statement": changed(("context.statement", REFERENCE)),
    "stored is given": changed(("stored", "2011-07-15T00:00:00.000Z")),
    "sub-statement with everything": sub(
        result=BASE["result"],
        context=BASE["context"],
        timestamp="2031-01-01T00:00:00Z",
        attachments=[ATTACHMENT],
    ),
    "sub-statement about an agent": sub(object=AGENT),
    "likert with scale": definition(interactionType="likert", scale=[{"id": "1"}, {"id": "2"}]),
    "matching with two lists": definition(interactionType="matching", source=[{"id": "1"}], target=[{"id": "1"}]),
    "performance with steps": definition(interactionType="performance", steps=[{"id": "1"}]),
    "sequencing with choices": definition(interactionType="sequencing", choices=[{"id": "1"}]),
    "component with empty id": definition(interactionType="choice", choices=[{"id": ""}]),
    "numeric without lists": definition(interactionType="numeric", correctResponsesPattern=["4[:]"]),
    "attachment": attached(),
    "attachment with everything": attached(description={"en": "x"}, fileUrl="https://e.org/f"),
    "attachment of nothing": attached(length=0),
    "attachment with sha224": attached(sha2="a" * 56),
    "attachment with sha384": attached(sha2="a" * 96),
    "attachment with sha512": attached(sha2="A" * 128),
    "extension holds anything": extended({"a": [1, "", None, {"b": {}}, True, 1e-300, "\u0000", "🙂"]}),
    "extension is deep": extended([[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]),
    "text beyond the BMP": changed(("result.response", "🙂 \u202e")),
}

EDGE_BAD: dict[str, dict[str, Any]] = {
    **{f"language {tag}": changed(("context.language", tag)) for tag in [*_BAD_TAGS.split(), "", "en\n"]},
    **{f"display in {tag}": changed(("verb.display", {tag: "x"})) for tag in [*_BAD_TAGS.split(), ""]},
    **{f"duration {value}": changed(("result.duration", value)) for value in _BAD_DURATIONS.split()},
    **{f"time {value}": changed(("timestamp", value)) for value in _BAD_TIMES.split()},
    **{f"IRI {value}": changed(("object.id", value)) for value in _BAD_IRIS.split()},
    "IRI with a space": changed(("object.id", "https://e.org/a b")),
    "IRI with a hard space": changed(("object.id", "https://e.org/\u00a0")),
    "IRI with a control character": changed(("object.id", "https://e.org/\u0085")),
    **{f"mail {value}": changed(("actor", {"mbox": value})) for value in _BAD_MAILS.split()},
    **{f"scaled {value}": changed(("result.score", {"scaled": value})) for value in (-1.00001, 1.01)},
    **{f"version {value}": changed(("version", value)) for value in ("0.9.9", "1.1.0", "1", "1.0.", "1.0.3-x", 1.0)},
    "UUID in braces": changed(("id", "{6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01}")),
    "UUID with a digit too many": changed(("id", "6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e012")),
    "UUID with an m": changed(("id", "mb2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01")),
    "UUID without dashes": changed(("id", "6b2f7a1e9a7d4d579a5c0b3a3c6d8e01")),
    "UUID with a newline": changed(("id", BASE["id"] + "\n")),
    "timestamp in Arabic digits": changed(("timestamp", "\u0662\u0660\u0662\u0663-01-01T00:00:00Z")),
    "timestamp is a number": changed(("timestamp", 1732276800)),
    "stored is no time": changed(("stored", "now")),
    "raw below a min of zero": changed(("result.score", {"raw": -1, "min": 0})),
    "raw above a max of zero": changed(("result.score", {"raw": 1, "max": 0})),
    "min equals max": changed(("result.score", {"min": 1, "max": 1})),
    "score is a bool": changed(("result.score.raw", True)),
    "completion is a number": changed(("result.completion", 1)),
    "response is a list": changed(("result.response", ["a"])),
    "unknown in score": changed(("result.score.median", 5)),
    "unknown in result": changed(("result.scores", {})),
    "unknown in context": changed(("context.course", "x")),
    "unknown in verb": changed(("verb.name", "x")),
    "unknown in activity": changed(("object.name", "x")),
    "unknown in definition": changed(("object.definition.title", {"en": "x"})),
    "unknown in account": changed(("actor.account.id", "x")),
    "unknown in agent": changed(("actor.email", "leo@example.org")),
    "member in an agent": changed(("actor.member", [AGENT])),
    "context agents are of 2.0": changed(("context.contextAgents", [{"objectType": "contextAgent", "agent": AGENT}])),
    "actor is null": changed(("actor", None)),
    "actor is a string": changed(("actor", "leo")),
    "actor is an activity": changed(("actor", {"objectType": "Activity", "id": E_ORG})),
    "statement ref without objectType": changed(("context.statement", {"id": BASE["id"]})),
    "agent as object without objectType": about({"mbox": "mailto:a@e.org"}),
    "group in a group": changed(("actor", {"objectType": "Group", "member": [GROUP]})),
    "nameless group of nobody": changed(("actor", {"objectType": "Group", "member": []})),
    "group without objectType": changed(("context.team", {"member": [AGENT]})),
    "members are no array": changed(("actor", {"objectType": "Group", "member": AGENT})),
    "authority has a name": changed(
        ("authority", {"objectType": "Group", "mbox": "mailto:t@e.org", "member": [AGENT, AGENT]})
    ),
    "authority is one of three": changed(("authority", {"objectType": "Group", "member": [AGENT] * 3})),
    "verb is a string": changed(("verb", "answered")),
    "display is a string": changed(("verb.display", "answered")),
    "display text is a number": changed(("verb.display", {"en": 1})),
    "display text is null": changed(("verb.display", {"en": None})),
    "context activity without id": changed(("context.contextActivities.parent", [{}])),
    "context activity is an agent": changed(("context.contextActivities.parent", [AGENT])),
    "context activity is null": changed(("context.contextActivities.parent", [None])),
    "Grouping": changed(("context.contextActivities", {"Grouping": []})),
    "sub-statement with stored": sub(stored=BASE["timestamp"]),
    "sub-statement with version": sub(version="1.0.0"),
    "sub-statement with authority": sub(authority=AGENT),
    "sub-statement without verb": about({key: SUB_STATEMENT[key] for key in ("objectType", "actor", "object")}),
    "sub-statement about an agent with platform": sub(object=AGENT, context={"platform": "x"}),
    "sub-statement about a substatement": about(sub(objectType="substatement")["object"]),
    "choices with likert": definition(interactionType="likert", choices=[{"id": "a"}]),
    "scale with choice": definition(interactionType="choice", scale=[{"id": "a"}]),
    "steps with matching": definition(interactionType="matching", steps=[{"id": "a"}]),
    "source with numeric": definition(interactionType="numeric", source=[{"id": "a"}]),
    "choices without interaction type": definition(choices=[{"id": "a"}]),
    "answers without interaction type": definition(correctResponsesPattern=["a"]),
    "component without id": definition(interactionType="choice", choices=[{"description": {"en": "A"}}]),
    "component id is a number": definition(interactionType="choice", choices=[{"id": 1}]),
    "answers are a string": definition(interactionType="choice", correctResponsesPattern="a"),
    "attachment of negative length": attached(length=-1),
    "attachment of half a byte": attached(length=1.5),
    "attachment length is a string": attached(length="27"),
    "attachment with sha1": attached(sha2=SHA1),
    "attachment hash of 55 digits": attached(sha2=SHA2[:55]),
    "attachment hash of 129 digits": attached(sha2="a" * 129),
    "attachment hash is no hash": attached(sha2="z" * 64),
    "attachment of type text": attached(contentType="text"),
    "attachment of broken type": attached(contentType="text/"),
    "attachment with unknown property": attached(name="x"),
    "attachment display is a string": attached(display="Notes"),
    "extension key is empty": changed(("context.extensions", {"": 1})),
    "extensions are a list": changed(("context.extensions", [])),
}

TIMES_OF_1_0_3_ONLY = {f"time {value}": changed(("timestamp", value)) for value in _LENIENT_TIMES.split()}
