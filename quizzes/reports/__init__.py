"""What became of a quiz: for its learner, their mentor, their manager and those who teach; on pages, as files, by mail.

- `packing`, `columns`, `sums`: a closed attempt as a few bytes, read back as columns of numbers; no database, no web.
- `models`, `keeping`, `reading`: those bytes, and sums over them, written beside the hand-in and read at once.
- `figures`, `explaining`: the statistics of a class, and what each of them means in a sentence.
- `topics`: what somebody understood and missed, and whether they are ready.
"""
