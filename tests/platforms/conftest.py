from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool import platforms
from lti_tool.db import transaction
from tests.lti_tool.launching import FakeWeb, key_set
from tests.platforms.recordings import MOODLE, SAMPLES, recorded


@pytest.fixture
def moodle(app: Flask, session: Session) -> FakeWeb:
    """Moodle as the tool knows it, for every deployment the samples name; only its key set answers."""
    for client in {recorded(path.stem)["claims"]["aud"] for path in SAMPLES.glob("id_token-*.json")}:
        for deployment in ("1", "4"):
            with transaction():
                platforms.add(
                    session,
                    name="Moodle",
                    issuer=MOODLE,
                    client_id=client,
                    auth_url=f"{MOODLE}/mod/lti/auth.php",
                    token_url=f"{MOODLE}/mod/lti/token.php",
                    jwks_url=f"{MOODLE}/mod/lti/certs.php",
                    deployment_id=deployment,
                )
    web = FakeWeb()
    web.pages[f"{MOODLE}/mod/lti/certs.php"] = key_set("moodle")
    app.extensions["http"] = web
    return web
