"""Writing QTI 2.1 and 3.0: `items` makes items, `rules` what answers earn, `packing` packages of them.

What these rules cannot say, such as the kind of ours, stands in the class of a body element (`kind-cloze`, `weight-2`),
which other programs pass over.
"""
