"""Writing QTI 2.1 and 3.0: `items` makes items, `kinds` what each kind asks, `rules` what answers earn, `comments` what
is said to them, `packing` packages of them all.

What these rules cannot say, such as the kind of ours, stands in the class of a body element (`kind-cloze`, `weight-2`),
which other programs pass over.
"""
