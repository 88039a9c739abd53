"""A process to be killed: reads one order a line and forks a child for each.

`python -m tests.journeys.crashing <database> <folder>`. The child does what a server and its delivery loop do in
journey 3: takes the form, if there is one, then delivers what is due. With `last` it is killed at that step. What is
printed is how the child ended, and its steps. With `typed` it does what an operator types instead.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from lti_tool import clock
from lti_tool.running.delivering import drain
from tests.conftest import make_app
from tests.journeys.steps import Steps
from xapi import backfilling


def main() -> None:
    app = make_app(sys.argv[1], Path(sys.argv[2]))
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _child(app, order, writing)
        os.close(writing)
        _, status = os.waitpid(pid, 0)
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status), "said": said}), flush=True)


def _child(app: Flask, order: dict[str, Any], writing: int) -> None:
    code = 1
    try:
        steps = _work(app, order)
        os.write(writing, str(steps).encode())
        code = 0
    except BaseException as problem:
        os.write(writing, repr(problem)[:2000].encode())
    finally:
        os._exit(code)


def _work(app: Flask, order: dict[str, Any]) -> int:
    steps = Steps(order.get("last"))
    steps.watch(app, each_statement=order.get("each_statement", True))
    later = order.get("later", 0)
    with clock.moved_by(timedelta(seconds=later)) if later else nullcontext():
        if "typed" in order:
            backfilling.AT_ONCE = order["at_once"]
            app.test_cli_runner().invoke(args=order["typed"], catch_exceptions=False)
            return steps.taken
        if "address" in order:
            client = app.test_client()
            client.set_cookie("mentoring", order["cookie"])
            answer = client.post(order["address"], data=order["form"])
            assert answer.status_code == 302, answer.text
        drain(app)
    return steps.taken


if __name__ == "__main__":
    main()
