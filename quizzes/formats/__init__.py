"""Questions from files and into files: every format is read into one model and written from it.

No database, no web: `taking` (into a bank) and `giving` (out of one) stand outside and use this.

- `model` is what files say: `Question`, `Bank`, `Quiz`, `Media`. A question's `body` is the one that banks keep
  (`quizzes.kinds`); what banks do not keep, such as feedback to single answers, stands beside it.
- `reports` is what is not carried over. A reader or writer is handed a `Reporter` and says everything that it leaves
  out, with its `Place`; `wording` makes sentences of it.
- `base.Format` is what a format promises; `registry` knows them all, recognizes files, and reads and writes by name.
  Readers never raise: a bad question is reported, and the next one follows.
- `encodings` makes letters of bytes; `texts` makes texts of ours of theirs: clean HTML, one text format for a question,
  ids of options, pictures as `picture:<key>`, recordings as `sound:<key>`.
- `equality` tells when two questions say the same (`canonical`) and when they ask the same (`content_key`).

A new format is a module with a class that keeps `base.Format`, a line in `registry.FORMATS`, sample files under
`tests/quizzes/formats/`, and a line in `tests/quizzes/formats/repertoire.py` that says what it can say: from that the
round trips and the fuzz are made.
"""
