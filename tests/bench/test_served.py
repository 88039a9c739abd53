from __future__ import annotations

import json

from werkzeug.test import Client
from werkzeug.wrappers import Response

from bench import served


def test_the_pages_of_the_bench_stand_in_front_of_the_application(monkeypatch):
    monkeypatch.setattr(served, "SLOWNESS", 0.0)
    client = Client(served.WithPages(Response("ours", mimetype="text/plain")))

    assert client.get("/anything").text == "ours"
    assert client.get(served.SLOW).text == "{}"
    told = json.loads(client.get(served.TOLD, headers={"X-Forwarded-For": "198.51.100.7"}).text)
    assert told["HTTP_X_FORWARDED_FOR"] == "198.51.100.7"


def test_there_is_a_choice_of_three():
    assert list(served.SERVERS) == ["gunicorn", "granian", "waitress"]
