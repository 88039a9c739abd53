"""The tool alone in a process that can be killed: `python -m tests.journeys.answering <database> <folder>`.

It prints its port and serves until it is killed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from werkzeug.serving import make_server

from campus.serving import QuietHandler
from tests.conftest import make_app


def main() -> None:
    app = make_app(sys.argv[1], Path(sys.argv[2]))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
