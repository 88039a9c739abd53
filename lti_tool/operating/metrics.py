"""`/metrics`: what waits to leave, in the text format of Prometheus, for programs on the tool's own machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from flask import Request, Response, abort, request

from lti_tool import clock, outbox
from lti_tool.arrivals.views import bp
from lti_tool.db import db
from lti_tool.operating.operators import LOCAL_NAMES
from lti_tool.outbox import LetterState

PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
"""What a proxy says of whom it speaks for: whoever comes through one is not on this machine."""


@bp.get("/metrics")
def metrics() -> Response:
    """Of each lane of the outbox: an LMS's grades, an LRS's statements. Nothing about a person."""
    if not _is_of_this_machine(request):
        abort(404)
    return Response("".join(_lines()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_of_this_machine(asked: Request) -> bool:
    """Nor does a page elsewhere get here, that makes its own name lead to this machine (DNS rebinding)."""
    try:
        is_near = ip_address(asked.remote_addr or "").is_loopback
    except ValueError:
        return False
    is_called_so = asked.host in LOCAL_NAMES or asked.host.rpartition(":")[0] in LOCAL_NAMES
    return is_near and is_called_so and not any(name in asked.headers for name in PASSED_ON)


def _lines() -> Iterator[str]:
    sums, at = outbox.waiting(db.session), clock.now()
    letters = [(each.lane, each.state.value, each.letters) for each in sums]
    letters += [(lane, "delivered", count) for lane, count in outbox.delivered(db.session).items()]
    waiting = [each for each in sums if each.state is LetterState.WAITING]
    yield from _of_lanes(
        "letters",
        "Letters by what became of them; delivered ones as long as they are kept, 30 days.",
        ((f'{_lane(lane)},state="{state}"', count) for lane, state, count in sorted(letters)),
    )
    yield from _of_lanes(
        "oldest_waiting_seconds",
        "How long the oldest letter waits.",
        ((_lane(each.lane), round((at - each.oldest).total_seconds())) for each in waiting),
    )
    yield from _of_lanes(
        "paused",
        "1 where nothing is sent until an operator resumes.",
        ((_lane(lane), 1) for lane in sorted(outbox.paused(db.session))),
    )


def _of_lanes(name: str, about: str, found: Iterable[tuple[str, int]]) -> Iterator[str]:
    yield f"# HELP mentoring_outbox_{name} {about}\n# TYPE mentoring_outbox_{name} gauge\n"
    for labels, value in found:
        yield f"mentoring_outbox_{name}{{{labels}}} {value}\n"


def _lane(lane: str) -> str:
    escaped = lane.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'lane="{escaped}"'
