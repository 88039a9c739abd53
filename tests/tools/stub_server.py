"""Stands in for the tool or the campus: answers on a port, and holds a line to the test as long as it lives.

Arguments: its port, the port of the test's end of the line, and how it behaves.
"""

import http.server
import os
import signal
import socket
import sys

port, line_port, behaviour = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
line = socket.create_connection(("127.0.0.1", line_port))
line.recv(1)  # The test has everybody's line: whoever is stopped from now on is known to it.


class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        if self.path == "/break":
            print("A wheel came off.", flush=True)
            os._exit(3)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


if behaviour == "cannot start":
    sys.exit("There is no fuel.")
if behaviour == "has a child" and os.fork():
    os.wait()
if behaviour == "is stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", port), Hello).serve_forever()
