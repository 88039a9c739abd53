"""Small groups are merged into one, topped up by the smallest that is large enough; what is left over waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from reviews.disclosure.asked import Asked, Response, Scale, Statement
from reviews.disclosure.ledger import Block, Ledger, NotSafe
from reviews.disclosure.policy import Policy

Bucket = tuple[str, ...]
"""Groups that are shown as one."""


def merged(sizes: Mapping[Bucket, int], least: int) -> list[Bucket]:
    """The buckets to show, in the order given: those that are large enough, and the small ones as one.

    If that one is too small the smallest of the others joins it, the first of two alike; if there is none, the small
    ones are not shown. Rolling them into the whole would not do: it leaks in 48.5 % of rosters.
    """
    shown = [bucket for bucket, size in sizes.items() if size >= least]
    small = [bucket for bucket, size in sizes.items() if 0 < size < least]
    if not small:
        return shown
    together = sum(sizes[bucket] for bucket in small)
    if together < least:
        if not shown:
            return []
        joining = min(shown, key=lambda bucket: sizes[bucket])
        shown.remove(joining)
        small.append(joining)
    keys = {key for bucket in small for key in bucket}
    order = [key for bucket in sizes for key in bucket]
    return [*shown, tuple(key for key in order if key in keys)]


def cut(asked: Asked, responses: Sequence[Response], policy: Policy, ledger: Ledger) -> Ledger:
    """The ledger with what these responses add to it.

    Groups that are small as a whole are merged for all statements alike, so that a report has few columns; only where
    too many have not observed something, more are merged. Raises NotSafe if two responses share a key, and ValueError
    for a group or score that was not asked for.
    """
    check(asked, responses)
    of_group: dict[str, list[Response]] = {key: [] for key in asked.anonymous}
    for response in responses:
        if response.ratings and response.group in of_group:
            of_group[response.group].append(response)
    blocks = list(ledger.blocks)
    columns: dict[tuple[int, ...], list[Bucket]] = {}
    for statement in asked.statements:
        taken = ledger.taken(statement.key)
        free = {key: _free(group, taken) for key, group in of_group.items()} if taken else of_group
        sizes = tuple(map(len, free.values()))
        if sizes not in columns:
            columns[sizes] = merged({(key,): len(group) for key, group in free.items()}, policy.means)
        blocks += _blocks(asked, statement, columns[sizes], free, policy)
    return Ledger(tuple(blocks), ledger.pooled, ledger.comments)


def check(asked: Asked, responses: Sequence[Response]) -> None:
    if len({response.key for response in responses}) < len(responses):
        raise NotSafe("Two responses have the same key, so one rater could be counted twice.")
    groups, scores = {group.key for group in asked.groups}, asked.scale.places
    for response in responses:
        if response.group not in groups:
            raise ValueError(f"Nobody was asked as {response.group}.")
        for score in response.ratings.values():
            if score is not None and score not in scores:
                raise ValueError(f"{score} is not on the scale.")


def _free(responses: Sequence[Response], taken: Set[str]) -> list[Response]:
    return [each for each in responses if each.key not in taken]


def _blocks(
    asked: Asked,
    statement: Statement,
    columns: Sequence[Bucket],
    free: Mapping[str, Sequence[Response]],
    policy: Policy,
) -> list[Block]:
    key = statement.key
    observed = {
        group: {each.key: score for each in of_group if (score := each.ratings.get(key)) is not None}
        for group, of_group in free.items()
    }
    sizes = {bucket: sum(len(observed[group]) for group in bucket) for bucket in columns}
    return [
        block_of(asked, statement, bucket, {k: v for group in bucket for k, v in observed[group].items()}, policy)
        for bucket in merged(sizes, policy.means)
    ]


def block_of(
    asked: Asked,
    statement: Statement,
    groups: Iterable[str],
    scores: Mapping[str, float],
    policy: Policy,
    members: int = 1,
) -> Block:
    """The block of these responses with their scores."""
    found = list(scores.values())
    if statement.is_reversed:
        found = [asked.scale.counted(statement, score) for score in found]
    total, is_about, counts = sum(found), False, tuple[int, ...]()
    if len(found) >= policy.spreads:
        counts = _counts(asked.scale, found)
    else:
        total, is_about = _at_an_end(asked.scale, len(found), total)
    return Block(statement.key, asked.in_order(frozenset(groups)), frozenset(scores), total, is_about, counts, members)


def _counts(scale: Scale, scores: Sequence[float]) -> tuple[int, ...]:
    chosen = [0] * len(scale.scores)
    for score in scores:
        chosen[scale.places[score]] += 1
    return tuple(chosen)


def _at_an_end(scale: Scale, n: int, total: float) -> tuple[float, bool]:
    """At the ends of the scale a total says what each of them chose, unless all at the end look like all but one."""
    first, last = scale.scores[1] - scale.low, scale.high - scale.scores[-2]
    if total <= n * scale.low + first:
        return n * scale.low + first / 2, True
    if total >= n * scale.high - last:
        return n * scale.high - last / 2, True
    return total, False
