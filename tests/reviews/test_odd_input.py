"""Whatever is sent to the pages of reviews, none of them breaks: each answers with a page or an error of the sender."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.reviews.results.conftest import Results, results

__all__ = ["results"]

ODD = (
    "1e400",
    "nan",
    "-9" * 40,
    "²",
    "9" * 5000,
    "\u202egnp.exe\u2066",
    "\ufffd\ufeff\u2028",
    "x" * 100_000,
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "=1+1",
    "<script>",
    "%s %(name)s {0} {{ 1 }}",
    "",
)
TRIED = int(os.environ.get("ODD", "3"))
"""How many of them are sent to each form."""
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.S)


def _ids(results: Results) -> Iterator[dict[str, str]]:
    """What addresses are filled with: a draft, a campaign that collects, and one with a result."""
    reviews = results.reviews
    draft, [drafted] = reviews.review_of(reviews.school.zoe)
    _closed, target = results.round_of()
    snapshot = results.released(target)
    running, [open_one] = reviews.review_of(reviews.school.leo)
    asked = reviews.name(open_one, reviews.peers)
    reviews.collect(running)
    for campaign, about, assignment in ((draft, drafted, None), (running, open_one, asked[0])):
        yield {
            "course": reviews.school.course.public_id,
            "campaign_id": campaign.public_id,
            "target_id": about.public_id,
            "assignment_id": assignment.public_id if assignment else "nobody",
            "snapshot_id": snapshot.public_id,
            "instrument_id": campaign.version.instrument.public_id,
            "key": "listening",
            "group_key": "peer",
            "part_n": "1",
            "place": "0",
        }


@dataclass(frozen=True)
class Sent:
    """A form as it stands on a page, and where it goes."""

    address: str
    fields: tuple[tuple[str, str], ...]

    def with_odd(self, chance: random.Random, odd: str) -> dict[str, str]:
        """One field of it odd, the others as they stand."""
        fields = dict(self.fields)
        return fields | ({chance.choice(sorted(fields)): odd} if fields else {})


def _forms(app: Flask, client: FlaskClient, ids: dict[str, str]) -> list[Sent]:
    """All forms of all pages of reviews that are shown, each once."""
    found: dict[tuple[str, tuple[str, ...]], Sent] = {}
    for rule in app.url_map.iter_rules():
        if "/reviews/" in rule.rule and "<course>" in rule.rule and rule.arguments <= ids.keys():
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: ids[part[1]], rule.rule)
            for kind in ("", "?kind=pair", "?kind=survey") if rule.endpoint == "campaigns.new" else ("",):
                page = client.get(address + kind)
                for form in FORM.findall(page.text) if page.mimetype == "text/html" else ():
                    sent = _form(address + kind, form)
                    found[sent.address, tuple(name for name, _value in sent.fields)] = sent
    return list(found.values())


def _form(address: str, form: str) -> Sent:
    action = re.search(r'<form\b[^>]*\baction="([^"]*)"', form)
    fields = dict.fromkeys(unescape(name) for name in re.findall(r'<(?:select|textarea)[^>]*\bname="([^"]+)"', form))
    said: dict[str, str] = dict.fromkeys(fields, "")
    for tag in re.findall(r"<(?:input|button)\b[^>]*>", form):
        name, value = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("name", "value"))
        is_off = re.search(r'type="(?:radio|checkbox)"', tag) and "checked" not in tag
        if name and not is_off:
            said[unescape(name[1])] = unescape(value[1]) if value else ""
    for select in re.findall(r"<select\b.*?</select>", form, re.S):
        name = re.search(r'name="([^"]+)"', select)
        chosen = re.search(r'<option[^>]*\bselected[^>]*value="([^"]*)"', select) or re.search(
            r'value="([^"]*)"[^>]*\bselected', select
        )
        if name and chosen:
            said[unescape(name[1])] = unescape(chosen[1])
    return Sent(urljoin(address, unescape(action[1])) if action else address, tuple(said.items()))


@pytest.mark.sqlite
def test_nothing_that_is_sent_breaks_a_page(app: Flask, cast: Cast, results: Results):
    chance, broken, sent = random.Random(7), [], 0
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.testing = False
    for ids in list(_ids(results)):
        for person in (results.reviews.peers[0], results.reviews.school.ines):
            client = cast.visit(app.test_client(), person)
            for form in _forms(app, client, ids):
                for odd in chance.sample(ODD, TRIED):
                    answer = client.post(form.address, data=form.with_odd(chance, odd))
                    sent += 1
                    if answer.status_code >= 500:
                        broken.append((form.address, odd[:20]))

    assert broken == []
    assert sent > 100
