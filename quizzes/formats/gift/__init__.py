"""GIFT, Moodle's text format: `::title::text{=right ~wrong}`.

Sources: docs.moodle.org, *GIFT format*; Moodle's `question/format/gift/format.php`; the ordering question's
`import_from_gift`. What is read: categories, titles, formats of texts, comments with `[id:…]` and `[tag:…]`, escapes,
general and single feedback, weights, and

- `{=a ~b}` one right answer, `{~%50%a ~%50%b ~%-100%c}` several, `{T}` true or false with feedback for wrong and right;
- `{=a =%50%b}` short text, `{#3:2}`, `{#1..5}`, `{#=3:2 =%50%3:5 ~#else}` numbers, `{=row -> choice}` matching;
- `{}` essay, none a description, `{>3 ALL VERTICAL … }` ordering;
- answers amid the text (*missing word*): a gap to choose or to type.

A short text of which every answer has `->` in it is written with `%100%`, which tells it from matching here; Moodle
takes it for matching all the same.
"""

from quizzes.formats.gift.format import GIFT

__all__ = ["GIFT"]
