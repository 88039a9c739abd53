"""What of a file is not carried over, in sentences that say where, what, why and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.bank.checking import Wrong as Incomplete
from quizzes.bank.wording import KINDS, WRONG
from quizzes.formats import aiken, packages
from quizzes.formats.gift import answers as gift
from quizzes.formats.model import Place
from quizzes.formats.moodle import sources as moodle
from quizzes.formats.qti import wrong as qti
from quizzes.formats.reports import Finding, Odd, Part, Severity
from quizzes.formats.tables import columns as tables
from quizzes.kinds import Kind

SEVERITIES: Mapping[Severity, LazyString] = {
    Severity.ERROR: _l("Left out"),
    Severity.LOSS: _l("Not all of it is kept"),
    Severity.NOTE: _l("Worth knowing"),
}
PARTS: Mapping[Part, LazyString] = {
    Part.KIND: _l("the kind of question"),
    Part.TITLE: _l("titles of questions"),
    Part.IDENTIFIER: _l("identifiers"),
    Part.CATEGORY: _l("topics"),
    Part.TAGS: _l("tags"),
    Part.MAXIMUM: _l("what a question is worth"),
    Part.DIFFICULTY: _l("the difficulty"),
    Part.WHY: _l("the explanation"),
    Part.FEEDBACK: _l("feedback to single answers"),
    Part.WHOLE: _l("feedback to the whole answer"),
    Part.HINTS: _l("hints"),
    Part.PENALTY: _l("what further tries cost"),
    Part.MEDIA: _l("pictures and recordings"),
    Part.TEXT_FORMAT: _l("bold, lists and other marks in texts"),
    Part.SCORING: _l("how it is marked"),
    Part.WEIGHTS: _l("what single answers are worth"),
    Part.FIXED: _l("options that keep their place"),
    Part.UNITS: _l("units"),
    Part.TOLERANCE: _l("this kind of tolerance"),
    Part.CASE: _l("whether capitals matter"),
    Part.RUBRIC: _l("rubrics"),
    Part.WORDS: _l("how many words are asked for"),
    Part.FILES: _l("which files are taken"),
    Part.LINES: _l("how tall the field is"),
    Part.QUIZ: _l("quizzes"),
    Part.LANGUAGE: _l("the language"),
    Part.LICENSE: _l("the license"),
    Part.LINE_BREAKS: _l("line breaks"),
    Part.LENGTH: _l("texts as long as this"),
    Part.SIGNS: _l("signs that mean something else there"),
    Part.DRAWS: _l("which questions a rule draws"),
    Part.SHARES: _l("how many of the drawn questions are easy, medium and hard"),
    Part.SEEN: _l("that questions a learner has not met come first"),
    Part.ENEMIES: _l("questions that must not stand together"),
    Part.DATES: _l("when the quiz opens and closes"),
    Part.TRIES: _l("how many attempts there are"),
    Part.PAUSES: _l("pauses between attempts"),
    Part.GRADING: _l("which attempt counts"),
    Part.TOPIC_MARK: _l("what has to be earned in each topic"),
    Part.PAGES: _l("how many questions stand on a page"),
    Part.ACCESS_CODE: _l("the access code"),
    Part.PRACTICE: _l("that it is practice and not graded"),
    Part.REVIEW: _l("what is shown at which moment"),
}
SENTENCES: Mapping[StrEnum, LazyString] = {
    Odd.EMPTY: _l("The file is empty. Choose another one."),
    Odd.TOO_LARGE: _l("The file has more than %(most)d megabytes. Save it in several parts."),
    Odd.NOT_KNOWN: _l(
        "This is none of the formats that can be read here. Export your questions again, for example as Moodle XML, "
        "GIFT or QTI."
    ),
    Odd.NO_QUESTIONS: _l("There is no question in this file that can be kept. Was it saved as %(format)s?"),
    Odd.TOO_MANY: _l("There are more than %(most)d questions in this file. Save it in several parts."),
    Odd.GUESSED: _l(
        "The letters were taken for %(encoding)s. If some of them look wrong, save the file again as UTF-8."
    ),
    Odd.BAD_SIGNS: _l("%(number)d signs mean no letter and became �. Save the file again as UTF-8."),
    Odd.BREAKS_OFF: _l("The file breaks off here. What stands before is read; export it again to get the rest."),
    Odd.BAD_XML: _l("This is no well-formed XML: %(what)s. What can be told apart is read; export the file again."),
    Odd.ENTITIES: _l("The file defines entities of its own. They are not read; export it without a DOCTYPE."),
    Odd.UNEXPECTED: _l(
        "From here on the file could not be read (%(what)s). What stands before is read. Please report this."
    ),
    Odd.NO_SUCH_KIND: _l(
        "There is no kind of question here for %(what)s. Write it anew as one of the kinds there are."
    ),
    Odd.NOT_READ: _l("This could not be read: %(what)s. Correct it in the file, or write the question anew."),
    Odd.NOT_KEPT: _l("%(what)s is not kept: there is nothing like it here."),
    Odd.NAME_NOT_KEPT: _l(
        "What the file calls it is not kept: “%(what)s”. Names here have no blanks, and no two questions share one."
    ),
    Odd.BAD_VALUE: _l("%(what)s says “%(said)s”, which means nothing. The usual value is taken."),
    Odd.KEPT_AS: _l("%(what)s is kept as %(now)s."),
    Odd.CLEANED: _l("Pages here do not show this, so it was taken out: %(what)s."),
    Odd.PICTURE_ELSEWHERE: _l(
        "A picture or recording lies elsewhere and is not fetched: %(what)s. Add it to the question."
    ),
    Odd.PICTURE_MISSING: _l(
        "A picture or recording is named and is not in the file: %(what)s. Add it to the question."
    ),
    Odd.FILE_NOT_TAKEN: _l(
        "The file %(what)s is not kept: only pictures are, as PNG, JPEG, GIF or WebP, and recordings, as MP3, Ogg, "
        "WAV, M4A or AAC."
    ),
    Odd.QUIZ_NOT_MADE: _l(
        "The quiz “%(what)s” is not made here: its questions are taken. The page of a bank, and import --quizzes, make "
        "a draft of it, too."
    ),
    Odd.KNOWN: _l("The same is asked already, so this was left out."),
    Odd.NOT_FINISHED: _l(
        "A draft, not yet finished, so it stays here. Open it in its bank to see what is missing; once finished, it "
        "goes along."
    ),
    Odd.KIND_NOT_SAID: _l("%(format)s has no questions of this kind: %(kind)s."),
    Odd.NOT_SAID: _l("%(format)s cannot say this: %(part)s."),
    Odd.SAID_AS: _l("%(format)s says this in another way: %(part)s."),
    Odd.NOT_ASKED: _l("The quiz names this question and does not ask it: it is a draft, retired or gone."),
    Odd.FEWER: _l("A rule draws %(asked)d questions, and only %(left)d of those that fit can be said."),
    aiken.Wrong.NO_ANSWER: _l("No line ANSWER: says what is right. Write it beneath the options, as in ANSWER: B."),
    aiken.Wrong.NO_OPTIONS: _l("There are no options. Write them beneath the question, as in A. Paris."),
    aiken.Wrong.NO_SUCH_LETTER: _l("ANSWER: names no option: %(what)s. Name one of those above by its letter."),
    tables.Wrong.NO_HEADER: _l(
        "The first row has to name the columns, and one of them is called question. Put such a row first."
    ),
    tables.Wrong.FORMULA: _l("A cell begins as a formula does: %(what)s. Write an apostrophe before it."),
    tables.Wrong.LONG_CELL: _l("A cell has %(number)d characters, and %(most)d are the most. Make it shorter."),
    tables.Wrong.ODD_ROW: _l("This row cannot be taken apart. Look for a quotation mark that is never closed."),
    tables.Wrong.NO_ANSWER: _l("Nothing says what is right. Fill in the column right, or the type, such as essay."),
    tables.Wrong.NO_SUCH_OPTION: _l("The column right names no option: %(what)s. Write its number or letter."),
    tables.Wrong.NO_NUMBER: _l("This is no number: %(what)s. Write one as 3, 3 ± 0.5 or 2.5..3.5."),
    tables.Wrong.NO_TYPE: _l("A row cannot hold a question of this type: %(what)s. Write it anew in the editor."),
    tables.Wrong.NO_WORKBOOK: _l("This is no workbook that can be read. Save it again as .xlsx."),
    tables.Wrong.TOO_MUCH: _l(
        "What is packed in this file has more than %(most)d megabytes, or its cells reach too far. Save only the rows "
        "with questions in a new workbook."
    ),
    tables.Wrong.ODD_CELL: _l("This sheet names a cell as no spreadsheet does: %(what)s. Save it again as .xlsx."),
    tables.Wrong.MANY_SHEETS: _l(
        "This workbook has more sheets than the %(most)d that are read. Save the others as a workbook of their own."
    ),
    tables.Wrong.COLUMN: _l("The column %(what)s is not known here and was not read."),
    moodle.Wrong.NO_NUMBER: _l("This is no number: %(what)s. Write one in the file, such as 12.5."),
    moodle.Wrong.NO_SUCH_GAP: _l("There is no gap of this kind here: %(what)s. Write the question anew."),
    moodle.Wrong.NO_ANSWERS: _l("There are no answers in this question. Add them in the file, or write it anew."),
    packages.Wrong.DAMAGED: _l("The package is damaged. Export it again."),
    packages.Wrong.BOMB: _l(
        "The package unpacks to far more than questions need, so it is not opened. Export it again."
    ),
    packages.Wrong.LOCKED: _l("The package is locked by a password. Save it again without one."),
    packages.Wrong.TRICK: _l("Names in the package lead out of it, so it is not opened. Export it again."),
    packages.Wrong.MISSING: _l("The list of the package names a file that is not in it: %(what)s."),
    packages.Wrong.TOO_LARGE: _l("A file in the package is damaged or too large to be read: %(what)s."),
    qti.Wrong.NOT_INTERPRETED: _l(
        "The rules for marking use something that is not understood here: %(what)s. The question is marked by what is "
        "declared right; look whether that is what you want."
    ),
    qti.Wrong.SCORES_DIFFER: _l(
        "Of %(tried)d answers that were tried, %(number)d earn something else here than by the rules of the file. "
        "Look how the question is marked."
    ),
    qti.Wrong.BELOW_ZERO: _l("Some answers earn less than nothing in the file. Here they earn nothing."),
    qti.Wrong.NOT_SCORED: _l("By the rules of the file no answer earns anything. Say what is right."),
    qti.Wrong.ONE_OF_MANY: _l(
        "The question makes up new values for each learner. It is kept with one set of them; write it anew for more."
    ),
    qti.Wrong.APART: _l("This asks several things, and becomes %(number)d questions, each with the whole text."),
    qti.Wrong.BY_PEOPLE: _l(
        "One of these questions is marked by people. It is worth %(number)s here, beside what the file counts."
    ),
    qti.Wrong.DRAWN_APART: _l(
        "The quiz draws this as a whole. It became %(number)d questions, and some of them may be drawn without the "
        "others; ask them by a section of their own."
    ),
    qti.Wrong.ITEM_MISSING: _l("This is named and is not in the file: %(what)s. Export it as a whole package."),
    qti.Wrong.BANK_MISSING: _l(
        "Questions come from a bank that is not in the file: %(what)s. Export that bank, too, and bring it."
    ),
    qti.Wrong.BANK_KNOWN: _l(
        "Questions come from a bank that is not in the file and that you have: %(what)s is %(now)s."
    ),
    gift.Wrong.BRACE: _l("A brace { or } stands alone. Close it, or write a backslash before it: %(what)s."),
    gift.Wrong.TWO_BLOCKS: _l(
        "There are braces { } twice. Put a blank line between two questions, or a backslash before a brace that is "
        "meant: %(what)s."
    ),
    gift.Wrong.NO_NUMBER: _l("This is no number: %(what)s. Write one as 3, 3:0.5 or 2.5..3.5."),
    gift.Wrong.NO_ANSWERS: _l("There is no answer between the braces. Write one after =: %(what)s."),
    gift.Wrong.NOT_ORDERED: _l("Items to be ordered stand each in a line, beneath a line such as {>3 ALL: %(what)s."),
}


def sentence(finding: Finding) -> str:
    """What it is, why, and what can be done."""
    about = {name: _said(each) for name, each in finding.about.items()}
    if finding.odd is Odd.NOT_COMPLETE:
        said = str(WRONG[finding.about["wrong"]]) % about
        if finding.severity is Severity.ERROR:
            return said
        return str(_("It can be kept as a draft only. %(sentence)s", sentence=said))
    return str(SENTENCES[finding.odd]) % about


def where(finding: Finding) -> str:
    """The line and what the file calls it; empty for the file as a whole."""
    return at(finding.place)


def at(place: Place) -> str:
    return placing()(place)


def placing() -> Callable[[Place], str]:
    """`at` in the language that is spoken now: the words for many places are looked up once."""
    with_item, alone = str(_("Line %(line)d, %(item)s")), str(_("Line %(line)d"))

    def at(place: Place) -> str:
        said = {"line": place.line, "item": place.item}
        return (with_item if place.item else alone) % said if place.line else place.item

    return at


def _said(value: Any) -> Any:
    if isinstance(value, Part):
        return str(PARTS[value])
    if isinstance(value, Kind):
        return str(KINDS[value])
    if isinstance(value, Incomplete):
        return str(WRONG[value])
    return value
