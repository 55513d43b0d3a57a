"""The answering end of `bench doctor --through`, with Python's own library.

It tells nothing but what it is asked by, and is silent for ten minutes at most. In Flask, the body of
`do_GET` becomes a generator that yields what is written here.

    PORT=3000 python3 examples/through/python.py
    npx transport-bench doctor --through http://127.0.0.1:3000/through
"""

import os
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class Through(BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(parse_qsl(urlsplit(self.path).query))

        def asked(name, most):
            given = query.get(name, "")
            return min(int(given), most) if given.isdecimal() else 0

        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache, no-transform" if "transform" in query else "no-cache")
        self.send_header("Bench-Through", " ".join([self.request_version[5:], *self.headers.keys()]).lower())
        if "accel" in query:
            self.send_header("X-Accel-Buffering", "no")
        self.end_headers()
        with suppress(ConnectionError):
            if "padding" in query:
                self.wfile.write(b":" + b" " * asked("padding", 65536) + b"\n\n")
            time.sleep(asked("wait", 10000) / 1000)
            for number in range(1, asked("count", 1000) + 1):
                if number > 1:
                    time.sleep(asked("gap", 600000) / 1000)
                event = f"data: {number} {round(time.time() * 1000)} {'x' * asked('bytes', 16384)}\n\n"
                self.wfile.write(event.encode())

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Through)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
