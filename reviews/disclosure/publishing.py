"""One subject's report: what of the answers may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reviews.disclosure import comments, means
from reviews.disclosure.asked import Asked, Response
from reviews.disclosure.cutting import cut
from reviews.disclosure.ledger import Ledger
from reviews.disclosure.policy import Policy
from reviews.disclosure.published import Published, Spread
from reviews.disclosure.withholding import withheld

NOTHING = Ledger()


def publish(asked: Asked, responses: Sequence[Response], policy: Policy, ledger: Ledger = NOTHING) -> Published:
    """What may be shown of the responses there are now, and the ledger to hand in next time.

    `ledger` is that of the report before, even if that was taken back, or that of `pool` if a cohort's figures came
    first. Whatever is shown then is safe together with everything that was shown before; so no two reports may be made
    from the same ledger, not even at the same moment. Raises NotSafe if two responses share a key, and ValueError for a
    group or score that was not asked for.
    """
    opened = comments.opened_by(asked, responses, policy, ledger)
    kept = cut(asked, responses, policy, replace(ledger, comments=opened))
    statements = [*means.of_blocks(asked, policy, kept), *means.of_known(asked, responses)]
    competencies = list(means.of_competencies(asked, statements))
    others = list(means.of_others(asked, statements))
    return Published(
        statements=tuple(statements),
        competencies=tuple(competencies),
        others_of_statements=tuple(others),
        others=tuple(means.of_others_by_competency(asked, others)),
        spreads=tuple(_spreads(asked, kept)),
        words=tuple(comments.shown(asked, responses, opened)),
        withheld=(
            *withheld(asked, responses, policy, kept, statements, competencies),
            *comments.kept_back(asked, responses, opened),
        ),
        ledger=kept,
    )


def _spreads(asked: Asked, ledger: Ledger) -> Iterator[Spread]:
    """Where each block alone is large enough: of two reports, the difference is that of the raters in between."""
    for statement in asked.statements:
        for groups, blocks in means.joined(asked, ledger.by_statement.get(statement.key, [])):
            if all(block.counts for block in blocks):
                counts = [sum(level) for level in zip(*(block.counts for block in blocks), strict=True)]
                yield Spread(statement.key, groups, tuple(counts))
