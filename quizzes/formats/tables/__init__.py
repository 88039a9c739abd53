"""Tables, as CSV and as Excel workbooks: a row for each question, its options in numbered columns.

The header names the columns, in any order and in capitals or not. Only `question` has to be there:

- `type`, `title`, `id`, `topic` (`Safety/Fire`), `tags` (with commas), `points`, `difficulty`, `explanation`,
  `format` (plain, markdown or html), `case` (whether capitals matter);
- `option 1`, `option 2`, … (or `A`, `B`, …): what is chosen from, matched, put in order, or taken as an answer;
  beside each perhaps `match 1`, `weight 1` (in percent) and `feedback 1`;
- `right`: numbers or letters of options, or an option's text; `true` or `false`; a number; a text.

Where no type is said, it is told from the answers. Text stays text: what a spreadsheet would compute is written with an
apostrophe before it, and a cell that begins as a formula is refused. Texts with gaps have no place in a row.
"""

from quizzes.formats.tables.comma_separated import CSV
from quizzes.formats.tables.workbooks import EXCEL

__all__ = ["CSV", "EXCEL"]
