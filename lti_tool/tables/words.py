"""What is wrong with a table, in sentences that say how to put it right."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.tables.reading import LONGEST_CELL, MOST_BYTES, MOST_ROWS, Problem, Trouble

PROBLEMS: dict[Problem, LazyString] = {
    Problem.EMPTY: _l("The table is empty. Choose a file or paste the rows, the header first."),
    Problem.TOO_LARGE: _l(
        "The table is larger than %(kilobytes)d kilobytes. Leave out columns that are not asked for, or cut it in two."
    ),
    Problem.TOO_MANY_ROWS: _l("The table has more than %(most)d rows. Cut it in two, each with the header."),
    Problem.ENCODING: _l(
        "The letters of this file cannot be read. Save it again in your spreadsheet as “CSV UTF-8” and choose that."
    ),
    Problem.NULS: _l(
        "This is no CSV, or one with letters that cannot be read. Save it again in your spreadsheet as “CSV UTF-8”."
    ),
    Problem.NO_HEADER: _l(
        "Row %(row)d should be the header and name one of these columns: %(what)s. Put a row with the names of the "
        "columns first."
    ),
    Problem.COLUMN_TWICE: _l(
        "The column %(what)s stands twice in the header, in row %(row)d. Leave one of the two out."
    ),
    Problem.NO_ROWS: _l("There is a header, and no row below it. Add a row for each person."),
    Problem.OPEN_QUOTE: _l(
        'Row %(row)d opens a quotation mark (") that is never closed. Close it, or take it away.'
    ),
    Problem.ODD_QUOTE: _l(
        'Row %(row)d, or one that is quoted together with it, has a quotation mark (") in the middle of a cell. '
        "Take it away, or quote the whole cell and double the mark inside."
    ),
    Problem.FORMULA: _l(
        "The cell under %(what)s begins as a formula does, with =, +, - or @. Take the sign away; if it "
        "belongs there, write an apostrophe (') before it."
    ),
    Problem.TOO_MANY_CELLS: _l(
        "There are more cells than the header has. Put quotation marks around a cell that holds the delimiter."
    ),
    Problem.LONG_CELL: _l("The cell under %(what)s is longer than %(longest)d characters. Shorten it."),
}  # fmt: skip


def sentence_of(trouble: Trouble) -> str:
    return str(PROBLEMS[trouble.problem]) % {
        "row": trouble.row,
        "what": trouble.what,
        "kilobytes": MOST_BYTES // 1000,
        "most": MOST_ROWS,
        "longest": LONGEST_CELL,
    }


def sentence_of_row(number: int, sentence: str) -> str:
    """The sentence with the row it is about."""
    return str(_("Row %(row)d: %(sentence)s", row=number, sentence=sentence))
