"""The one gate: what may be shown of answers without giving a rater away. Pages, files, mails and statements pass it.

Answers are cut into **blocks** once and for ever: for each statement, sets of anonymous raters that do not overlap,
each of at least as many raters as the policy says. Every mean that is ever published is made of sums over whole blocks.
That is why no arithmetic over groups, statements, reports, cohorts and filters finds fewer raters than a block has;
docs/disclosure.md has the argument, and what is not promised.

- `asked`: what was asked of whom, and the answers, as plain values; `policy`: the thresholds, and when they may change;
- `cutting`: small groups are merged, and answers cut into blocks; `ledger`: the blocks, kept for the next time;
- `means`, `comments`, `withholding`: what is made of the blocks, and why something is not;
- `publishing`: one subject's report; `pooling`: figures of a cohort, or of several rounds of somebody with few raters;
- `published`: what may be shown, and for all else the reason why not.
"""

from reviews.disclosure.asked import Anonymity, Asked, Comments, Competency, Group, Response, Scale, Statement
from reviews.disclosure.ledger import Block, Ledger, NotSafe
from reviews.disclosure.policy import Policy, may_change
from reviews.disclosure.pooling import Member, figures, pool
from reviews.disclosure.published import Cell, Published, Reason, Spread, Withheld, Words
from reviews.disclosure.publishing import publish

__all__ = [
    "Anonymity",
    "Asked",
    "Block",
    "Cell",
    "Comments",
    "Competency",
    "Group",
    "Ledger",
    "Member",
    "NotSafe",
    "Policy",
    "Published",
    "Reason",
    "Response",
    "Scale",
    "Spread",
    "Statement",
    "Withheld",
    "Words",
    "figures",
    "may_change",
    "pool",
    "publish",
]
