"""The plain Flask example of pylti1p3next, as lean as it goes: login, launch, a page, nobody written down.

Its registration stands in memory, the platform's keys are kept, and what must survive a request is kept in files,
because it has to work with several processes. It is served exactly as our tool is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from cachelib import FileSystemCache
from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from pylti1p3.contrib.flask.launch_data_storage.cache import FlaskCacheDataStorage
from pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch
from pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from pylti1p3.contrib.flask.request import FlaskRequest
from pylti1p3.tool_config.dict import ToolConfDict

from lti_tool.running import serving

KEYS_KEPT = 7200
NO_LIMIT = 0
"""Files kept: with a limit the cache would list its folder again and again."""


def create_app(*, issuer: str, client_id: str, deployment_id: str, campus: str, cache: str) -> Flask:
    app = Flask(__name__)
    app.secret_key = "only-for-the-bench"
    storage = FileSystemCache(cache, threshold=NO_LIMIT)
    registered = ToolConfDict(
        {
            issuer: {
                "client_id": client_id,
                "auth_login_url": f"{campus}/oidc/auth",
                "auth_token_url": f"{campus}/oauth/token",
                "key_set_url": f"{campus}/jwks",
                "deployment_ids": [deployment_id],
            }
        }
    )

    @app.route("/lti/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        asked = FlaskRequest()
        kept = FlaskCacheDataStorage(storage)
        started = FlaskOIDCLogin(asked, registered, launch_data_storage=kept)
        answer: Response = started.redirect(asked.get_param("target_link_uri"))
        return answer

    @app.post("/lti/launch")
    def launch() -> ResponseReturnValue:
        kept = FlaskCacheDataStorage(storage)
        message = FlaskMessageLaunch(FlaskRequest(), registered, launch_data_storage=kept)
        message.set_public_key_caching(kept, cache_lifetime=KEYS_KEPT)
        return render_template("plain.html", claims=message.get_launch_data())

    @app.get("/readyz")
    def readyz() -> ResponseReturnValue:
        return {"status": "ready"}

    return app


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.peers.plain")
    for name in ("issuer", "client-id", "deployment-id", "campus", "cache"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("port", "workers", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    said = vars(parser.parse_args(list(words)))
    served = {"host": "127.0.0.1", **{name: said.pop(name) for name in ("port", "workers", "threads")}}
    serving.web(create_app(**said), **served)


if __name__ == "__main__":
    main(sys.argv[1:])
