"""One hostile try: a login by the book, a bent launch, and what it came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lti_tool import platform_keys
from lti_tool.db import transaction
from lti_tool.platform_keys import PlatformKeySet
from tests.lti_tool.launching import ISSUER, FakeWeb, claims, launch, sign, start
from tests.lti_tool.outcomes import Outcome, Watch, row_counts, shown_on

Claims = Mapping[str, Any]
Forge = Callable[[Claims], str]
"""Makes a token out of claims that would be let in."""


def bent(**changes: Any) -> Forge:
    """The plain launch with these changes, well signed."""
    key, header = changes.pop("key", "one"), changes.pop("header", None)

    def forge(body: Claims) -> str:
        whole = {"nonce": body["nonce"], **claims(**changes)}
        if changes.get("nonce", "kept") is None:
            del whole["nonce"]
        return sign(whole, key=key, header=header)

    return forge


@dataclass
class Trying:
    """Posts tokens, each under a fresh login, and tells what came of each."""

    app: Flask
    session: Session
    client: FlaskClient
    web: FakeWeb

    def token(self, forge: Forge, *, asked: Mapping[str, str] | None = None, **form: str | None) -> Outcome:
        """What posting this token comes to, by a browser that began as it should; `form` bends its fields."""
        asked = asked or start(self.client)
        token = forge({"nonce": asked["nonce"], **claims()})
        fields = {"state": asked["state"], "id_token": token, **form}
        sent = {name: value for name, value in fields.items() if value is not None}
        with self.unmoved() as watch:
            return watch.outcome(self.client.post("/lti/launch", data=sent))

    def launch(self, **changes: Any) -> str:
        """The verdict on a launch with these changes: `ok`, or the code on the page."""
        answer = launch(self.client, **changes)
        return "ok" if answer.status_code == 303 else shown_on(answer)

    def publish(self, *keys: Mapping[str, Any]) -> None:
        """The platform publishes these keys and no others, and they are fetched at the next launch."""
        self.web.pages[f"{ISSUER}/jwks"] = {"keys": list(keys)}
        self.forget_keys()
        launch(self.app.test_client(), sub="maya")

    def forget_keys(self) -> None:
        """As if the platform's keys had never been asked for."""
        platform_keys.forget()
        with transaction() as session:
            session.execute(delete(PlatformKeySet))

    def warm(self) -> None:
        """Somebody was here before, so that the platform's keys are known and first rows made."""
        answer = launch(self.app.test_client(), sub="maya", name="Maya Okafor", given_name=None, family_name=None)
        assert answer.status_code == 303, answer.text

    @contextmanager
    def unmoved(self) -> Iterator[Watch]:
        """Watch, and see to it that no table has a row more or less afterwards."""
        before = row_counts(self.session)
        with Watch(self.app) as watch:
            yield watch
        assert row_counts(self.session) == before
