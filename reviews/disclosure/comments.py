"""Which comments are shown: those of anonymous groups in one pool, once enough have written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from reviews.disclosure.asked import Anonymity, Asked, Comments, Group, Response
from reviews.disclosure.ledger import Ledger
from reviews.disclosure.policy import Policy
from reviews.disclosure.published import Reason, Withheld, Words

Opened = Mapping[str, frozenset[str]]
"""For each question whose pool is open, the anonymous responses in it."""


def opened_by(asked: Asked, responses: Sequence[Response], policy: Policy, ledger: Ledger) -> Opened:
    """For each question whose comments are shown: as with means, enough new ones at a time."""
    opened = dict(ledger.comments)
    for question in asked.questions:
        before = opened.get(question, frozenset())
        fresh = {
            each.key
            for each in responses
            if _goes_into_the_pool(asked.group(each.group))
            and asked.group(each.group).is_anonymous
            and _said(each, question)
            and each.key not in before
        }
        if len(fresh) >= policy.comments:
            opened[question] = before | fresh
    return opened


def _said(response: Response, question: str) -> str:
    return response.comments.get(question, "").strip()


def _goes_into_the_pool(group: Group) -> bool:
    return group.comments is Comments.SHUFFLED and group.anonymity is not Anonymity.NAMED


def shown(asked: Asked, responses: Sequence[Response], opened: Opened) -> Iterator[Words]:
    for question in asked.questions:
        pool: list[str] = []
        for response in responses:
            group, text = asked.group(response.group), _said(response, question)
            if not text or group.comments is Comments.NONE:
                continue
            if not _goes_into_the_pool(group):
                yield Words(question, text, group.key)
            elif response.key in opened.get(question, ()) or (not group.is_anonymous and question in opened):
                pool.append(text)
        yield from (Words(question, text, None) for text in sorted(pool, key=_shuffled))


def _shuffled(text: str) -> tuple[bytes, str]:
    """An order that says nothing about who or when, and stays from report to report."""
    return hashlib.sha256(text.encode()).digest(), text


def kept_back(asked: Asked, responses: Sequence[Response], opened: Opened) -> Iterator[Withheld]:
    for question in asked.questions:
        for response in responses:
            group, is_open = asked.group(response.group), question in opened
            is_shown = response.key in opened.get(question, ()) or (is_open and not group.is_anonymous)
            if _goes_into_the_pool(group) and _said(response, question) and not is_shown:
                yield Withheld(question, (), Reason.WAITING if is_open else Reason.TOO_FEW)
                break
