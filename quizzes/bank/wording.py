"""What kinds, states and difficulties are called, and what is wrong with a text, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_percent
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.bank.areas import Shape
from quizzes.bank.checking import Problem, Wrong
from quizzes.bank.finding import Where
from quizzes.bank.media import Trouble
from quizzes.bank.queries import Order
from quizzes.kinds import Kind
from quizzes.kinds.numbers import GEOMETRIC, NOMINAL, NOT_ASKED, OPTIONAL, RELATIVE, REQUIRED
from quizzes.kinds.ordering import Scoring
from quizzes.questions import QuestionState
from quizzes.rich import TextFormat

KINDS: Mapping[Kind, LazyString] = {
    Kind.SINGLE: _l("One right answer"),
    Kind.MULTIPLE: _l("Several right answers"),
    Kind.TRUE_FALSE: _l("True or false"),
    Kind.MATCHING: _l("Matching"),
    Kind.ORDERING: _l("Putting in order"),
    Kind.NUMERIC: _l("Number"),
    Kind.SHORT_TEXT: _l("Short text"),
    Kind.CLOZE: _l("Text with gaps"),
    Kind.DROP_DOWN: _l("Text with lists to choose from"),
    Kind.CATEGORIZE: _l("Sorting into groups"),
    Kind.HOTSPOT: _l("Places in a picture"),
    Kind.ESSAY: _l("Essay"),
    Kind.UPLOAD: _l("Files"),
    Kind.DESCRIPTION: _l("Something to read"),
}
ABOUT_KINDS: Mapping[Kind, LazyString] = {
    Kind.SINGLE: _l("Learners choose one option."),
    Kind.MULTIPLE: _l("Learners choose all options that are right."),
    Kind.TRUE_FALSE: _l("Learners say whether a statement is true."),
    Kind.MATCHING: _l("Learners choose for each row what belongs to it."),
    Kind.ORDERING: _l("Learners give each step its place."),
    Kind.NUMERIC: _l("Learners write a number, perhaps with its unit."),
    Kind.SHORT_TEXT: _l("Learners write a word or a line, which is compared with yours."),
    Kind.CLOZE: _l("Learners fill gaps by writing or choosing."),
    Kind.DROP_DOWN: _l("Learners fill each gap from a list."),
    Kind.CATEGORIZE: _l("Learners say for each thing which group it belongs to."),
    Kind.HOTSPOT: _l("Learners choose areas of a picture."),
    Kind.ESSAY: _l("Learners write a text, and you mark it."),
    Kind.UPLOAD: _l("Learners hand in files, and you mark them."),
    Kind.DESCRIPTION: _l("A text or picture between questions; there is nothing to answer."),
}
STATES: Mapping[QuestionState, LazyString] = {
    QuestionState.DRAFT: _l("Draft"),
    QuestionState.READY: _l("Ready"),
    QuestionState.RETIRED: _l("Retired"),
}
FOUND_IN: Mapping[Where, LazyString] = {
    Where.OPTION: _l("Found in an option"),
    Where.ROW: _l("Found in one of its rows"),
    Where.ANSWER: _l("Found in an answer"),
    Where.GAP: _l("Found in a gap"),
    Where.PICTURE: _l("Found in its picture"),
    Where.RUBRIC: _l("Found in its rubric"),
    Where.WHY: _l("Found in the explanation"),
    Where.TAG: _l("Found in a tag"),
    Where.TITLE: _l("Found in its name"),
}
"""Where else than in its text, which is seen, words were found."""
DIFFICULTIES: Mapping[int, LazyString] = {1: _l("Easy"), 2: _l("Medium"), 3: _l("Hard")}
FIRST: Mapping[Order, LazyString] = {
    Order.NEWEST: _l("What was written last"),
    Order.HARDEST: _l("What was measured as hardest"),
    Order.EASIEST: _l("What was measured as easiest"),
}
FORMATS: Mapping[TextFormat, LazyString] = {
    TextFormat.MARKDOWN: _l("Markdown"),
    TextFormat.PLAIN: _l("Plain text"),
    TextFormat.HTML: _l("HTML"),
}
TOLERANCES: Mapping[str, LazyString] = {
    NOMINAL: _l("As a number: so much more or less"),
    RELATIVE: _l("As a share of the number: 0.05 is five percent"),
    GEOMETRIC: _l("As a factor: divided or multiplied by 1 and so much"),
}
UNITS: Mapping[str, LazyString] = {
    NOT_ASKED: _l("There is no field for a unit"),
    OPTIONAL: _l("A unit may be given"),
    REQUIRED: _l("A unit has to be given"),
}
SHAPES: Mapping[Shape, LazyString] = {
    Shape.RECT: _l("Rectangle: left, top, right, bottom"),
    Shape.CIRCLE: _l("Circle: middle across, middle down, radius"),
    Shape.POLY: _l("Polygon: across, down for each corner"),
}
GAP_KINDS: Mapping[str, LazyString] = {
    Kind.SHORT_TEXT: _l("A word to write"),
    Kind.SINGLE: _l("A list to choose from"),
    Kind.NUMERIC: _l("A number to write"),
}
ORDERS: Mapping[str, LazyString] = {
    Scoring.PAIRS: _l("Share of pairs that stand the right way round"),
    Scoring.ALL_OR_NOTHING: _l("All or nothing"),
    Scoring.ABSOLUTE_POSITION: _l("Share of steps at their place"),
    Scoring.NEXT: _l("Share of steps followed by the right one"),
    Scoring.NEXT_AND_LAST: _l("The same, and the last one counts"),
    Scoring.NEIGHBORS: _l("Right steps before and after each"),
    Scoring.ALL_BEFORE_AND_AFTER: _l("All steps before and after each"),
    Scoring.LONGEST_ORDERED: _l("Most steps in the right order, others between them"),
    Scoring.LONGEST_CONTIGUOUS: _l("Most steps in the right order, none between them"),
    Scoring.DISTANCE: _l("How far each step is from its place"),
}

WRONG: Mapping[Wrong, LazyString] = {
    Wrong.NO_TEXT: _l("Write the question."),
    Wrong.TOO_LONG: _l("All texts of a question together have at most %(most)s characters. Make them shorter."),
    Wrong.TOO_MANY: _l("There are at most %(most)s of these. Take some away."),
    Wrong.BAD_ID: _l("A name here has 1 to 32 letters, digits or underscores."),
    Wrong.SAME_ID: _l("Two of these have the name %(id)s. Give one of them another."),
    Wrong.SAME_TEXT: _l("This stands here twice. Say it otherwise, or clear one of them."),
    Wrong.BLANK: _l("Write something here, or clear the whole row."),
    Wrong.TWO_OPTIONS: _l("Give at least two options to choose from."),
    Wrong.NOTHING_RIGHT: _l("Say what is right."),
    Wrong.ONE_RIGHT: _l("Only one option can be right here. For several, choose the kind with several right answers."),
    Wrong.NOT_THERE: _l("What is said to be right is not there any more. Say again what is right."),
    Wrong.BAD_NUMBER: _l("Write a number, such as 12.5."),
    Wrong.BAD_WEIGHT: _l(
        "Say what it is worth as a percentage, such as 50%%, or as a share, such as 1/2; 100%% at most."
    ),
    Wrong.NOT_ALL: _l("Nobody could earn everything: give what is right 100%%, one answer or several together."),
    Wrong.UNKNOWN: _l("Choose one of the list."),
    Wrong.NO_ANSWER: _l("Give at least one answer that is right."),
    Wrong.TOLERANCE: _l("Write how far off an answer may be as a number, 0 or more."),
    Wrong.NO_UNIT: _l("Give the unit, or choose that there is no field for one."),
    Wrong.FACTOR: _l("Write how many of the first unit this one is, as a number above 0."),
    Wrong.FIRST_FACTOR: _l("The first unit is the one of your answer, so it counts 1."),
    Wrong.PENALTY: _l("Write what a wrong unit costs as a share from 0 to 1, such as 10%%."),
    Wrong.TWO_ROWS: _l("Give at least two rows."),
    Wrong.TWO_CHOICES: _l("Give at least two different things to choose from."),
    Wrong.BELONGS_NOWHERE: _l("Write what belongs to this."),
    Wrong.TWO_ITEMS: _l("Give at least two steps to put in order."),
    Wrong.NO_GAP: _l("Put at least one gap into the text, such as [[1]], and say below what belongs there."),
    Wrong.GAP_NOT_LISTED: _l("The text has the gap [[%(gap)s]]. Say below what belongs there, or take it out."),
    Wrong.GAP_NOT_IN_TEXT: _l("The text has no gap [[%(gap)s]]. Put it there, or clear this row."),
    Wrong.GAP_TWICE: _l("The gap [[%(gap)s]] stands in the text twice. Give one of them another name."),
    Wrong.GAP_WEIGHT: _l("Write how much the gap counts as a whole number from 1 to 100."),
    Wrong.NO_PICTURE: _l("Choose a picture."),
    Wrong.PICTURE_GONE: _l("This picture is not in this bank. Add it here."),
    Wrong.NO_ALT: _l("Say in words what the picture shows, for those who cannot see it: ![these words](picture:...)."),
    Wrong.SOUND_GONE: _l("This recording is not in this bank. Add it here."),
    Wrong.NOT_IN_WORDS: _l(
        "Say in words what is heard, for those who cannot hear it: ![these words](sound:...), or in HTML "
        '<audio src="sound:..." title="these words">.'
    ),
    Wrong.TWO_AREAS: _l("Give at least two areas to choose from."),
    Wrong.NOT_DRAWN: _l("These numbers make no such shape. Write them in the order that the shape names."),
    Wrong.OUTSIDE: _l("The area reaches beyond the picture, which is %(width)s wide and %(height)s high."),
    Wrong.WORDS: _l("Give the most words as at least as many as the fewest, and at most %(most)s; 0 for any number."),
    Wrong.LINES: _l("Give at most %(most)s lines."),
    Wrong.FILES: _l("Let learners hand in 1 to %(most)s files."),
    Wrong.ENDING: _l("%(ending)s is no ending of files. Write them like this: pdf, docx."),
    Wrong.NOT_LOOKED_INTO: _l(
        "Files with the ending %(ending)s cannot be looked into, so they are not taken. Choose among these: "
        "%(endings)s."
    ),
    Wrong.NO_LEVEL: _l("Give at least two levels, one a line, such as 2: It is clear."),
    Wrong.POINTS: _l("Begin each level with its points, such as 2: It is clear."),
}

NOT_TAKEN: Mapping[Trouble, LazyString] = {
    Trouble.NOTHING: _l("This file is empty. Choose it once more."),
    Trouble.TOO_LARGE: _l("A picture or a recording has 10 MB at most. Make it smaller."),
    Trouble.NO_PICTURE: _l("This is no picture that can be shown. Choose a PNG, JPEG, GIF or WebP."),
    Trouble.PIXELS: _l("This picture has too many pixels to be opened safely. Make it smaller."),
    Trouble.NO_SOUND: _l("This is no recording that can be played. Choose an MP3, Ogg, WAV, M4A or AAC."),
    Trouble.TOO_MANY: _l("This bank has as many pictures and recordings as fit. Begin another bank."),
}


def sentence(problem: Problem) -> str:
    return str(WRONG[problem.wrong]) % problem.about


def in_place(problem: Problem) -> str:
    """The sentence, for where no field stands beside it."""
    row = next((part for part in problem.place if isinstance(part, int)), None)
    if row is None:
        return sentence(problem)
    found: str = _("Row %(number)d: %(sentence)s", number=row + 1, sentence=sentence(problem))
    return found


def measured(answers: int, facility: float) -> str:
    """What was earned of a question, and how many answers say so."""
    share = format_percent(facility, locale=get_locale())
    return str(
        ngettext("%(share)s earned in %(num)d answer", "%(share)s earned in %(num)d answers", answers, share=share)
    )
