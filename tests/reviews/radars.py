"""Radars as tests draw them: names short and long, in several scripts, and values that are missing."""

from __future__ import annotations

import random

from reviews.radar import Line, Scale, radar

SHORT = ("Listening", "Planning", "Feedback", "Courage", "Teamwork", "Learning", "Deciding", "Coaching")
LONG = (
    "Listening to others",
    "Planning and organizing the work of others",
    "Verantwortungsbewusstsein",
    "Giving feedback that helps",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "Communication across teams & sites",
    "Learning",
    "Decision-making under uncertainty",
    "聆听并理解他人的观点和感受以及其他",
    "Reliability in everything that was promised",
    'Openness to <b>"new"</b> ideas',
    "Умение слушать и понимать других людей",
)
GROUPS = ("Self", "Mentor", "Peers", "Direct reports", "Mentees", "External partners & customers of ours", "Managers")
FIVE = Scale(low=1, high=5, rings=(2, 3, 4, 5))


def drawn(
    axes: int, groups: int, *, names: tuple[str, ...] = LONG, missing: float = 0.0, key: str = "radar", seed: int = 1
) -> str:
    chance = random.Random(seed)
    lines = [
        Line(name, [None if chance.random() < missing else round(chance.uniform(1, 5), 2) for _ in range(axes)])
        for name in GROUPS[:groups]
    ]
    return radar(
        names[:axes],
        lines,
        FIVE,
        title="Competencies by rater group",
        missing="not shown",
        target=Line("Target profile", [4.0] * axes),
        key=key,
    )
