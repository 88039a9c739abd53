"""One supervisor over web server, delivery loop and work loop: what dies is started again, Ctrl-C ends all."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from lti_tool.db import db
from lti_tool.running import delivering, working

KEEP_ALIVE = 75
"""Seconds a connection stays open: gunicorn's own two seconds drop autosaves of slow readers."""

log = logging.getLogger(__name__)


class StopSign:
    """Goes up at SIGTERM or Ctrl-C. A plain flag: a handler that took a lock could wait for its own process."""

    def __init__(self) -> None:
        self._asked = False
        signal.signal(signal.SIGTERM, self._raise)
        signal.signal(signal.SIGINT, self._raise)

    def _raise(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def is_up(self) -> bool:
        return self._asked


def serve(app: Flask, *, host: str, port: int, workers: int, threads: int) -> None:
    """Run web server, delivery loop and work loop as children of this process until it is told to stop."""
    with app.app_context():
        db.engine.dispose()
    parts: dict[str, Callable[[], None]] = {
        "web": lambda: web(app, host=host, port=port, workers=workers, threads=threads),
        "delivery": lambda: _delivery(app),
        "work": lambda: _work(app),
    }
    _supervise(parts)


def _supervise(parts: dict[str, Callable[[], None]]) -> None:
    stop = StopSign()
    children = {_fork(run): name for name, run in parts.items()}
    while not stop.is_up():
        pid, status = _ended(stop)
        name = children.pop(pid, None)
        if name is None:
            continue
        if name == "web" and os.waitstatus_to_exitcode(status) in (1, 3, 4):
            break  # gunicorn could not start; it has said why, and starting again would not help
        log.error("The %s process ended with status %s and is started again", name, status)
        time.sleep(0.5)
        children[_fork(parts[name])] = name
    _stop_all(children)


def _ended(stop: StopSign) -> tuple[int, int]:
    """The next child that ended, or (0, 0) when it is time to stop."""
    while not stop.is_up():
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            return pid, status
        time.sleep(0.2)
    return 0, 0


def _fork(run: Callable[[], None]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 0
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        run()
    except SystemExit as asked:
        status = asked.code if isinstance(asked.code, int) else 1
    except BaseException:
        log.exception("A child process failed")
        status = 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _end_with(parent: int) -> None:
    """No child outlives its supervisor, even if that was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _stop_all(children: dict[int, str]) -> None:
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    for pid in children:
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            continue


def _delivery(app: Flask) -> None:
    delivering.deliver(app, StopSign().is_up)


def _work(app: Flask) -> None:
    working.work(app, StopSign().is_up)


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def web(app: Flask, *, host: str, port: int, workers: int, threads: int) -> None:
    """Serve this application until told to stop; its workers are forked from here."""
    # What is loaded stays: the workers share it, and collecting garbage does not look through it again and again.
    gc.collect()
    gc.freeze()
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "keepalive": KEEP_ALIVE,
        "timeout": 60,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "control_socket_disable": True,
        "limit_request_line": 8190,
    }
    _Gunicorn(app, {name: value for name, value in options.items() if value is not None}).run()
