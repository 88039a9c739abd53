"""What the designer's choices are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.designing.presets import Preset as ReadyMade
from quizzes.designing.reviewing import Moment, Preset, Shown
from quizzes.designing.settings import Grading, Navigation
from quizzes.drawing.outline import Seen

READY = {
    ReadyMade.ONBOARDING: _l("Onboarding: 20 questions in 30 minutes, another attempt only after failing"),
    ReadyMade.SHORT: _l("A short check: 15 questions in 15 minutes"),
    ReadyMade.THOROUGH: _l("A thorough one: 40 questions in 30 minutes"),
    ReadyMade.PRACTICE: _l("Practice: 10 questions, not graded, as often as anybody likes"),
}
GRADING = {
    Grading.HIGHEST: _l("The best attempt"),
    Grading.LAST: _l("The last attempt"),
    Grading.FIRST: _l("The first attempt"),
    Grading.AVERAGE: _l("The average of all attempts"),
}
NAVIGATION = {
    Navigation.FREE: _l("To and fro, as learners like"),
    Navigation.SEQUENTIAL: _l("Only forward, never back"),
}
SEEN = {
    Seen.FIRST: _l("Come last, those met most often at the very end"),
    Seen.AVOID: _l("Come after all others, however often they were met"),
    Seen.RANDOM: _l("Come like all others"),
}
DIFFICULTY = {1: _l("Easy"), 2: _l("Medium"), 3: _l("Hard")}
REVIEWS = {
    Preset.AFTER_LAST: _l("What was missed; right answers and why once no attempt is left"),
    Preset.AT_ONCE: _l("Everything at once"),
    Preset.ONE_BY_ONE: _l("Each question by a button, “Check”, while they answer; everything at once afterwards"),
    Preset.TOPICS: _l("What was earned, and how each topic went"),
    Preset.SCORE: _l("What was earned"),
    Preset.WHEN_CLOSED: _l("Nothing until the quiz is closed, then everything"),
}
MOMENTS = {
    Moment.DURING: _l("While an attempt runs"),
    Moment.JUST_AFTER: _l("Just after handing in"),
    Moment.LATER: _l("Later, while the quiz is open"),
    Moment.CLOSED: _l("Once the quiz is closed"),
}
SHOWN = {
    Shown.ATTEMPT: _l("The questions and their own answers"),
    Shown.CORRECTNESS: _l("Whether each was right"),
    Shown.MARK: _l("What was earned, and whether it passes"),
    Shown.MAXIMUM: _l("What could be earned"),
    Shown.SPECIFIC: _l("What those who mark say to the answer"),
    Shown.GENERAL: _l("Why"),
    Shown.RIGHT_ANSWER: _l("The right answer"),
    Shown.OVERALL: _l("How each topic went"),
}
