"""A review in which everything is much and long: competencies, groups, names, comments, in many scripts."""

from __future__ import annotations

import random

from reviews.answering.said import Said
from reviews.campaigns.models import Assignment, Target
from reviews.campaigns.rules import EXTERNAL, PEER, REPORT
from reviews.instruments.content import (
    SELF,
    Competency,
    Content,
    Level,
    OpenQuestion,
    Profile,
    Required,
    Scale,
    Statement,
)
from reviews.results import freezing
from reviews.results.models import ReportSnapshot
from tests.reviews.conftest import LATER, Reviews

NAMES = (
    "Listening to others",
    "Planning and organizing the work of others",
    "Verantwortungsbewusstsein",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "聆听并理解他人的观点和感受以及其他",
    "الاستماع إلى الآخرين وفهم مشاعرهم",
    "Decision-making under uncertainty",
    "Умение слушать и понимать других людей",
    'Openness to <b>"new"</b> ideas & people 🤝',
    "Learning",
)
STATEMENTS = (
    "Asks first, and sums up what was said so that both can tell whether it was meant so.",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzeskundig in allen Angelegenheiten.",
    "在作出决定之前先听取其他人的意见，并且说明理由。",
)
WORDS = (
    "Short and good.",
    "See https://example.org/a/very/long/address/without/any/place/to/break/it?which=goes&on=and&on#until-it-is-far-too-wide-for-a-page",
    "Lebensversicherungsgesellschaftsangestelltenweiterbildungsmaßnahmenkoordinationsbesprechungsprotokoll!",
    "我认为他应该继续这样做，因为这对整个团队都很有帮助。" * 6,
    "أعتقد أنه يجب أن يستمر في الاستماع إلى الآخرين، فهذا يساعد الفريق كله.",
    "Danke! 🎉👩‍👩‍👧‍👦 Weiter so 👍🏽",
    "First line.\nSecond line.\n\nA line after an empty one.",
    "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "Listens, asks, waits, and only then speaks; in the meeting of last week that saved us an hour. " * 6,
    "He said `rm -rf /tmp/something_with_underscores_that_go_on_and_on_and_on_and_on_and_on_and_on_and_on`.",
)
CONTENT = Content(
    scale=Scale(
        levels=tuple(
            Level(score=score, label=label)
            for score, label in enumerate(("Hardly ever", "Seldom", "Sometimes", "Often", "Nearly always"), start=1)
        )
    ),
    competencies=tuple(
        Competency(
            key=f"c{n}",
            name=name,
            definition=f"What is meant by no. {n}.",
            statements=tuple(
                Statement(key=f"c{n}.{m}", text=text, is_reversed=m == 1) for m, text in enumerate(STATEMENTS)
            ),
        )
        for n, name in enumerate(NAMES)
    ),
    questions=(
        OpenQuestion(key="keep", text="What should go on?"),
        OpenQuestion(key="change", text="What would make the greatest difference?"),
        OpenQuestion(key="else", text="Was gibt es sonst noch zu sagen, worüber bisher niemand gesprochen hat?"),
    ),
    profiles=(
        Profile(
            key="lead",
            position="Abteilungsleiterin Qualitätssicherungsmanagement",
            levels={f"c{n}": Required(level=3.5 + n % 2, importance=1 + n % 3) for n in range(len(NAMES))},
        ),
    ),
    asks_importance=True,
)
SUBJECT = "Maximiliane-Theodora von Hohenstaufen-Württembergisch-Langenburg (王小明)"
TITLE = "Jahresrückmeldung der Führungskräfteentwicklung: Frühjahr"
WORDED = 30
"""Comments."""


def crowded(reviews: Reviews) -> ReportSnapshot:
    """Two rounds of a review by five groups, the second with all that a report can say; released."""
    school = reviews.school
    reviews.content = CONTENT
    subject = school.join(SUBJECT)
    school.mentors(maya=2)
    school.paired(subject, school.maya)
    reviews.join(
        *(f"Peer {n}" for n in range(9)), *(f"Report {n}" for n in range(4)), *(f"Client {n}" for n in range(4))
    )
    first = _round(reviews, subject, seed=1, usual=2)
    second = _round(reviews, subject, seed=2, usual=3, follows=first.campaign, title=f"{TITLE} (2)")
    [snapshot] = freezing.release(reviews.session, second, by=school.ines, at=LATER)
    reviews.session.commit()
    return snapshot


def _round(reviews: Reviews, subject, *, seed: int, usual: int, title: str = TITLE, **others) -> Target:
    campaign, [target] = reviews.review_of(
        subject, title=title, purpose_words="It is talked over with the mentor, and with nobody else.", **others
    )
    target.profile = "lead"
    for group, people in ((PEER, reviews.peers[:9]), (REPORT, reviews.peers[9:13]), (EXTERNAL, reviews.peers[13:])):
        reviews.name(target, people, group)
    reviews.collect(campaign)
    chance = random.Random(seed)
    for number, assignment in enumerate(list(target.assignments)):
        reviews.answer(assignment, _said(assignment, usual, number, chance))
    reviews.close(campaign)
    freezing.release(reviews.session, target, by=reviews.school.ines, at=LATER)
    reviews.session.commit()
    return target


def _said(assignment: Assignment, usual: int, number: int, chance: random.Random) -> Said:
    """Self says more than the others in the first half of the competencies, and less in the second."""
    ratings: dict[str, int | None] = {}
    for key, statement in CONTENT.statements.items():
        is_first_half = int(key[1]) < 5
        level = usual + (-1 if key[1] in "24" else 1 if key[1] in "68" else 0)
        if assignment.group.key == SELF:
            level = 5 if is_first_half else 2
        score = min(5, max(1, level + chance.choice((-1, 0, 0, 0, 1))))
        ratings[key] = 6 - score if statement.is_reversed else score
    questions = [each.key for each in CONTENT.questions]
    words = {key: WORDS[(number * 3 + n) % len(WORDS)] for n, key in enumerate(questions[: 1 + number % 3])}
    importance = {f"c{n}": chance.choice((3, 4, 5)) for n in range(len(NAMES))}
    return Said(ratings=ratings, comments=words, importance=importance)
