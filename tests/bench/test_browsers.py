from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.browsers import KeepingBrowser, PlainBrowser, Stopwatch, gone_to, open_loop
from campus.testing import Answer


@contextmanager
def echo() -> Iterator[str]:
    """A server that gives, keeps and takes a cookie, and tells what it was sent and by which connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str) -> None:
            self.send_response(302 if self.path == "/moved" else 200)
            for cookie in {"/in": ["name=leo; Path=/", "tab=1; HttpOnly"], "/out": ["name=; Max-Age=0"]}.get(
                self.path, []
            ):
                self.send_header("Set-Cookie", cookie)
            said = f"{self.headers['Host'].partition(':')[0]} {self.headers['Cookie']} {body}".encode()
            self.send_header("content-length", str(len(said)))
            self.send_header("client-port", str(self.client_address[1]))
            self.end_headers()
            self.wfile.write(said)
            self.close_connection = self.path == "/dropped"

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_cookies_are_kept_until_they_are_taken_back():
    browser = PlainBrowser()
    with echo() as url:
        told = [browser.send("GET", url + path).text for path in ("/", "/in", "/", "/out", "/")]

    assert told == [
        "localhost None ",
        "localhost None ",
        "localhost name=leo; tab=1 ",
        "localhost name=leo; tab=1 ",
        "localhost tab=1 ",
    ]


def test_a_field_with_several_values_is_sent_several_times_and_no_redirect_is_followed():
    with echo() as url:
        answer = PlainBrowser().send("POST", url + "/moved", {"q1": ["a b", "c"], "token": ["&"]})

    assert (answer.status, answer.text) == (302, "localhost None q1=a+b&q1=c&token=%26")


def test_a_page_where_a_redirect_should_be_is_told_in_its_own_words():
    page = Answer(401, "http://localhost:9/lti/launch", {}, "<p>Menu</p><h1>Not let in</h1><p>Unknown <b>key</b></p>")

    with pytest.raises(AssertionError, match=r"^/lti/launch answered 401: Not let in Unknown key$"):
        gone_to(page)


def test_a_redirect_leads_to_an_absolute_address():
    answer = Answer(303, "http://localhost:9/lti/launch", {"Location": "/courses/a/"}, "")

    assert gone_to(answer) == "http://localhost:9/courses/a/"


def test_connections_are_new_for_each_request_or_kept_whoever_asks():
    ports = []
    for browser in (PlainBrowser, KeepingBrowser):
        with echo() as url:
            ports += [{browser().send("GET", url).headers["Client-Port"] for _ in range(3)}]

    assert [len(used) for used in ports] == [3, 1]


def test_a_kept_connection_that_was_closed_is_a_failure_and_the_next_request_has_a_new_one():
    with echo() as url:
        KeepingBrowser().send("GET", url + "/dropped")
        with pytest.raises(OSError, match="closed connection"):
            KeepingBrowser().send("GET", url)
        again = KeepingBrowser().send("GET", url)

    assert again.status == 200


def test_an_open_loop_counts_from_the_moment_an_act_was_due():
    """With one browser the others wait for it, and their waiting counts."""
    began: list[int] = []

    def act(item: int, watch: Stopwatch) -> None:
        began.append(item)
        with watch.leg("act"):
            assert item != 2, "fails"

    ran = open_loop([0, 1, 2, 3], act, rate=None, browsers=1)

    assert began == [0, 1, 2, 3]
    assert [watch.legs["due"] >= watch.legs["act"] for watch in ran.watches] == [True] * 3
    dues = [watch.legs["due"] for watch in ran.watches]
    assert dues == sorted(dues)
    assert ran.problems == ["AssertionError: fails\nassert 2 != 2"]
