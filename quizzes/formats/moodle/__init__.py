"""Moodle XML, in which Moodle gives away questions with all that belongs to them.

Sources: docs.moodle.org, *Moodle XML format* and *Embedded Answers (Cloze) question type*; Moodle's
`question/format/xml/format.php` and the question types' own parts.

Read: categories, names, texts in their formats, embedded pictures, tags, identifiers, marks, penalties, hints,
feedback, and the types multichoice, multichoiceset, truefalse, shortanswer, numerical with units, matching, essay
(with files: upload), description, cloze, ordering, gapselect and ddwtos. Other types are told by their name. So is
every element with something in it that is not kept; those that only say how Moodle lays a question out are passed
over.
"""

from quizzes.formats.moodle.format import MOODLE_XML

__all__ = ["MOODLE_XML"]
