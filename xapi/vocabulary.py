"""Each verb, activity type and extension we use, once, under the profile that defines it.

Words that a profile of ADL's curated set has are taken from there, and `display` is that profile's own label.
Only what nobody has is ours, under `PROFILE`.

Our statements claim our profile: the IRI of its newest published *version* stands in
`context.contextActivities.category`, and each matches the templates of that version (`xapi.profile`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PROFILE = "https://w3id.org/lti-mentoring/xapi"
"""The IRI of our own profile, fixed for good: it names things and need not be where the tool is served."""
PROFILE_VERSION = f"{PROFILE}/v1.0"
"""The version that statements claim. Once it is published nothing of it changes: another one gets another number."""

ACROSSX = "https://w3id.org/xapi/acrossx"
ACTIVITY_STREAMS = "http://activitystrea.ms/schema/"
ADL = "https://w3id.org/xapi/adl"
CMI5 = "https://w3id.org/xapi/cmi5"
SCORM = "https://w3id.org/xapi/scorm"
TINCAN = "https://registry.tincanapi.com"
SPECIFICATION = "https://github.com/adlnet/xAPI-Spec"
"""Not a profile: concepts that the text of xAPI itself defines."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What somebody did."""

    iri: str
    display: Mapping[str, str]
    profile: str

    def as_json(self) -> dict[str, object]:
        return {"id": self.iri, "display": dict(self.display)}


@dataclass(frozen=True, slots=True)
class ActivityType:
    """What kind of thing it was done with."""

    iri: str
    profile: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A property that xAPI has no name for."""

    iri: str
    profile: str


def _verb(iri: str, profile: str, **display: str) -> Verb:
    return Verb(iri, MappingProxyType(display), profile)


# SCORM: opening a thing, and how it ended.
PROFILE_TYPE = ActivityType("http://adlnet.gov/expapi/activities/profile", SCORM)
INITIALIZED = _verb("http://adlnet.gov/expapi/verbs/initialized", SCORM, en="initialized")
COMPLETED = _verb("http://adlnet.gov/expapi/verbs/completed", SCORM, en="completed")
PASSED = _verb("http://adlnet.gov/expapi/verbs/passed", SCORM, en="passed")
FAILED = _verb("http://adlnet.gov/expapi/verbs/failed", SCORM, en="failed")
SUSPENDED = _verb("http://adlnet.gov/expapi/verbs/suspended", SCORM, en="suspended")
RESUMED = _verb("http://adlnet.gov/expapi/verbs/resumed", SCORM, en="resumed")
ASSESSMENT = ActivityType("http://adlnet.gov/expapi/activities/assessment", SCORM)
COURSE = ActivityType("http://adlnet.gov/expapi/activities/course", SCORM)

# ADL's general verbs.
ANSWERED = _verb("http://adlnet.gov/expapi/verbs/answered", ADL, en="answered")
ATTENDED = _verb("http://adlnet.gov/expapi/verbs/attended", ADL, en="attended")
PROGRESSED = _verb("http://adlnet.gov/expapi/verbs/progressed", ADL, en="progressed")
REGISTERED = _verb("http://adlnet.gov/expapi/verbs/registered", ADL, en="registered")
SHARED = _verb("http://adlnet.gov/expapi/verbs/shared", ADL, en="shared")
MEETING = ActivityType("http://adlnet.gov/expapi/activities/meeting", ADL)
LINK = ActivityType("http://adlnet.gov/expapi/activities/link", ADL)
FILE = ActivityType("http://adlnet.gov/expapi/activities/file", ADL)

# Activity Streams: the instructor's side of an assignment, and of taking it back; yes and no to a proposal.
ACCEPTED = _verb("http://activitystrea.ms/accept", ACTIVITY_STREAMS, en="accepted")
REJECTED = _verb("http://activitystrea.ms/reject", ACTIVITY_STREAMS, en="rejected")
ASSIGNED = _verb("http://activitystrea.ms/assign", ACTIVITY_STREAMS, en="assigned")
CANCELLED = _verb("http://activitystrea.ms/cancel", ACTIVITY_STREAMS, en="canceled")
STARTED = _verb("http://activitystrea.ms/start", ACTIVITY_STREAMS, en="started")
TERMINATED = _verb("http://activitystrea.ms/terminate", ACTIVITY_STREAMS, en="terminated")
REPLACED = _verb("http://activitystrea.ms/replace", ACTIVITY_STREAMS, en="replaced")
SCHEDULED = _verb("http://activitystrea.ms/schedule", ACTIVITY_STREAMS, en="scheduled")

# AcrossX: the mentee's side of it.
WAS_ASSIGNED = _verb("https://w3id.org/xapi/acrossx/verbs/was-assigned", ACROSSX, en="was-assigned")
# What was made of what others said.
EVALUATED = _verb("https://w3id.org/xapi/acrossx/verbs/evaluated", ACROSSX, en="evaluated")

# cmi5: how far something is, in whole numbers from 0 to 100.
PROGRESS = Extension("https://w3id.org/xapi/cmi5/result/extensions/progress", CMI5)

# Tin Can's registry.
DEFINED = _verb("http://id.tincanapi.com/verb/defined", TINCAN, en="defined")
EXPIRED = _verb("http://id.tincanapi.com/verb/expired", TINCAN, en="expired")
GOAL = ActivityType("http://id.tincanapi.com/activitytype/goal", TINCAN)
ATTEMPT_ID = Extension("http://id.tincanapi.com/extension/attempt-id", TINCAN)
PLANNED_START = Extension("http://id.tincanapi.com/extension/planned-start-time", TINCAN)
PLANNED_DURATION = Extension("http://id.tincanapi.com/extension/planned-duration", TINCAN)

# xAPI itself: a question whose definition says how it may be answered.
INTERACTION = ActivityType("http://adlnet.gov/expapi/activities/cmi.interaction", SPECIFICATION)

# Ours: nobody's profile has mentoring or pairing.
MENTORING_PROGRAMME = ActivityType(f"{PROFILE}/activity-types/mentoring-programme", PROFILE)
MENTORING_COHORT = ActivityType(f"{PROFILE}/activity-types/mentoring-cohort", PROFILE)
MENTORING_PAIRING = ActivityType(f"{PROFILE}/activity-types/mentoring-pairing", PROFILE)
MENTORING_TASK = ActivityType(f"{PROFILE}/activity-types/mentoring-task", PROFILE)
MENTORING_AGREEMENT = ActivityType(f"{PROFILE}/activity-types/mentoring-agreement", PROFILE)
REVIEW_360 = ActivityType(f"{PROFILE}/activity-types/review-360", PROFILE)
MENTORING_CHECK_IN = ActivityType(f"{PROFILE}/activity-types/mentoring-check-in", PROFILE)

# Ours: of meetings nobody's profile says that they did not take place.
MISSED = _verb(f"{PROFILE}/verbs/missed", PROFILE, en="missed")
# Nor that people who belong together lose sight of one another, and find back.
STALLED = _verb(f"{PROFILE}/verbs/stalled", PROFILE, en="stalled")
RECOVERED = _verb(f"{PROFILE}/verbs/recovered", PROFILE, en="recovered")
