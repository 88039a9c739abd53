"""QTI, the format of 1EdTech: items whose own rules say what answers earn.

Sources: *QTI 2.1/2.2, Assessment Test, Section and Item Information Model*; *QTI 3.0, Assessment, Section and Item
Information Model*; IMS Content Packaging 1.2.

- `sources` opens what is given: a bare item or a package; `names` gives all versions the names of QTI 2.
- `declarations`, `values`, `expressions` and `processing` are the interpreter of response and template processing.
- `shapes` finds which kind of ours an interaction is; `slots` and `fitting` find the marking of ours that earns what
  the rules earn, by asking the interpreter about every answer that is worth trying; `trying` counts where they differ.
- `unread` tells what of an item is read nowhere.
- `feedback` finds what is said to which answers in the same way; `content` makes HTML of what is shown.
- `format` is what the registry knows.
"""

from quizzes.formats.qti.format import QTI_12, QTI_21, QTI_30

__all__ = ["QTI_12", "QTI_21", "QTI_30"]
