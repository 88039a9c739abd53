"""Ready-made quizzes: what onboarding in practice asks, and how long; 15 to 40 questions in 15 to 30 minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from quizzes.designing.settings import PRACTICING, Settings


class Preset(StrEnum):
    ONBOARDING = "onboarding"
    SHORT = "short"
    THOROUGH = "thorough"
    PRACTICE = "practice"


@dataclass(frozen=True)
class ReadyMade:
    questions: int
    settings: Settings


READY_MADE = {
    Preset.ONBOARDING: ReadyMade(20, Settings(until_passed=True)),
    Preset.SHORT: ReadyMade(15, Settings(limit=timedelta(minutes=15), until_passed=True)),
    Preset.THOROUGH: ReadyMade(40, Settings(until_passed=True)),
    Preset.PRACTICE: ReadyMade(10, PRACTICING),
}
