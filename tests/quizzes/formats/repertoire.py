"""What each format can say without a loss: from this the round trips and the fuzz are made."""

from __future__ import annotations

from collections.abc import Mapping

from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG
from quizzes.formats.reports import Part
from quizzes.kinds import Kind
from quizzes.rich import TextFormat
from tests.quizzes.formats.generating import WORDS, Repertoire

TABLE = Repertoire(
    kinds=(
        *(Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.MATCHING, Kind.ORDERING, Kind.NUMERIC, Kind.SHORT_TEXT),
        *(Kind.ESSAY, Kind.DESCRIPTION),
    ),
    parts=frozenset(
        {
            *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.MAXIMUM, Part.DIFFICULTY, Part.WHY),
            *(Part.FEEDBACK, Part.WEIGHTS, Part.CASE),
        }
    ),
    text_formats=tuple(TextFormat),
)
_QTI = Repertoire(
    kinds=tuple(Kind),
    parts=frozenset(
        {
            *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.MAXIMUM, Part.DIFFICULTY, Part.WHY),
            *(Part.FEEDBACK, Part.MEDIA, Part.FIXED, Part.SCORING, Part.WEIGHTS, Part.CASE, Part.WORDS, Part.FILES),
            *(Part.LINES, Part.TOLERANCE),
        }
    ),
    text_formats=(TextFormat.HTML,),
    feedback=frozenset({RIGHT, PARTLY, WRONG, OTHER}),
    has_gap_weights=True,
    quick=300,
)
REPERTOIRES: Mapping[str, Repertoire] = {
    "aiken": Repertoire(
        kinds=(Kind.SINGLE, Kind.TRUE_FALSE),
        is_one_line=True,
        words=[word for word in WORDS if word.strip()],
    ),
    "gift": Repertoire(
        kinds=(
            *(Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.MATCHING, Kind.ORDERING, Kind.NUMERIC, Kind.SHORT_TEXT),
            *(Kind.CLOZE, Kind.DROP_DOWN, Kind.ESSAY, Kind.DESCRIPTION),
        ),
        parts=frozenset(
            {
                *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.WHY, Part.FEEDBACK, Part.WEIGHTS),
                *(Part.SCORING, Part.MEDIA),
            }
        ),
        text_formats=tuple(TextFormat),
        feedback=frozenset({OTHER}),
        most_gaps=1,
        words=[word for word in WORDS if "->" not in word],
        unsaid={Kind.DESCRIPTION: frozenset({Part.WHY})},
    ),
    "moodle": Repertoire(
        kinds=tuple(kind for kind in Kind if kind not in (Kind.HOTSPOT, Kind.CATEGORIZE)),
        parts=frozenset(Part) - {Part.DIFFICULTY, Part.RUBRIC},
        text_formats=tuple(TextFormat),
        feedback=frozenset({RIGHT, PARTLY, WRONG, OTHER}),
        has_gap_weights=True,
        says_of_items=True,
    ),
    "csv": TABLE,
    "excel": TABLE,
    "qti12": Repertoire(
        kinds=tuple(kind for kind in Kind if kind not in (Kind.HOTSPOT, Kind.CATEGORIZE, Kind.ORDERING)),
        parts=frozenset(
            {
                *(Part.TITLE, Part.IDENTIFIER, Part.MAXIMUM, Part.WHY, Part.FEEDBACK, Part.MEDIA, Part.FIXED),
                Part.CASE,
            }
        ),
        text_formats=(TextFormat.HTML,),
        gap_kinds=(Kind.SHORT_TEXT,),
        unsaid={
            Kind.CLOZE: frozenset({Part.CASE, Part.FEEDBACK}),
            Kind.DROP_DOWN: frozenset({Part.FEEDBACK}),
        },
        quick=300,
    ),
    "qti21": _QTI,
    "qti30": _QTI,
}
