"""Owns another system on this machine that is sent things over HTTP: it answers from a list and keeps what it was sent."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Listener:
    """What a system answers, the last answer for ever, and what it was sent: `headers` and `raw` stand beside `sent`."""

    answers: list[Answer]
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    host: str = ""


@contextlib.contextmanager
def listening(*answers: Answer) -> Iterator[Listener]:
    """Opens a system on a free port of this machine; `host` is its host and port."""
    listener = Listener(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.sent.append((self.path, json.loads(body)))
            listener.headers.append({name.lower(): value for name, value in self.headers.items()})
            listener.raw.append(body)
            given = listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0]
            status, headers, answer = given
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    listener.host = f"127.0.0.1:{server.server_port}"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
