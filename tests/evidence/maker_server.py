"""Owns a server on this machine that answers as Zendesk and Jira do, by their documented shapes, and fails when told to."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ENDLESS_PAUSE = 0.05


@dataclass
class Sent:
    """One answer to be sent. `how`: whole, cut (less than promised), drip (a byte now and then), creep
    (that in a header), endless, silent."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "whole"


def as_json(value: object, status: int = 200, **headers: str) -> Sent:
    return Sent(status, json.dumps(value, ensure_ascii=False).encode(), headers)


Answer = Callable[[str, dict[str, str]], Sent]


@dataclass
class Maker:
    """A running server: `answer` says what a path with its query gets, `faults` are sent first, one a request."""

    answer: Answer
    faults: list[Sent | None] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(answer: Answer, certificate: Path | None = None) -> Iterator[Maker]:
    """Runs the server until the block ends; with the file of a certificate and its key it speaks https."""
    maker = Maker(answer)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            maker.asked.append((parts.path, query))
            maker.headers.append(dict(self.headers))
            fault = maker.faults.pop(0) if maker.faults else None
            self.send(fault or maker.answer(parts.path, query))

        def send(self, sent: Sent) -> None:
            if sent.how == "silent":
                maker.stopping.wait(30)
                return
            if sent.how == "creep":
                self.wfile.write(b"HTTP/1.1 200 X\r\nX-Long: ")
                self.go_on(b"x", ENDLESS_PAUSE)
                return
            kind = {"Content-Type": "application/json; charset=utf-8", "Date": formatdate(usegmt=True)}
            self.wfile.write(f"HTTP/1.1 {sent.status} X\r\n".encode())
            length = len(sent.body) + 50 if sent.how == "cut" else len(sent.body)
            if sent.how not in ("endless", "drip"):
                kind["Content-Length"] = str(length)
            for name, value in {**kind, **sent.headers}.items():
                self.wfile.write(f"{name}: {value}\r\n".encode())
            self.wfile.write(b"Connection: close\r\n\r\n")
            self.wfile.write(sent.body)
            if sent.how == "endless":
                self.go_on(b" " * 65536, 0)
            elif sent.how == "drip":
                self.go_on(b" ", ENDLESS_PAUSE)

        def go_on(self, piece: bytes, pause: float) -> None:
            while not maker.stopping.is_set():
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)

        def handle(self) -> None:
            with suppress(
                BrokenPipeError, ConnectionResetError, ssl.SSLError
            ):  # the reader has hung up, as it should
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    maker.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    worker.start()
    try:
        yield maker
    finally:
        maker.stopping.set()
        server.shutdown()
        worker.join()
        server.server_close()


def zendesk_ticket(number: int, **more: object) -> dict[str, Any]:
    """A ticket as the incremental export has it."""
    day = f"2026-03-{1 + number % 28:02d}"
    return {
        "url": f"https://x.zendesk.com/api/v2/tickets/{number}.json", "id": number, "external_id": None,
        "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}}, "created_at": f"{day}T01:00:00Z",
        "updated_at": f"{day}T09:00:00Z", "type": "incident", "subject": f"退货 {number}", "raw_subject": f"退货 {number}",
        "description": "没人回复，我的电话 13812342210", "priority": "urgent", "status": "solved", "recipient": None,
        "requester_id": 9, "assignee_id": 77, "group_id": 5, "tags": ["complaint", "region_east"],
        "satisfaction_rating": {"score": "bad", "id": number, "comment": "慢"}, **more,
    }  # fmt: skip


def zendesk_metrics(number: int) -> dict[str, Any]:
    """The metric set that comes beside a ticket."""
    return {
        "id": 9000 + number, "ticket_id": number, "reopens": 1, "replies": 2, "solved_at": f"2026-03-{1 + number % 28:02d}T03:00:00Z",
        "reply_time_in_minutes": {"calendar": 20, "business": 12},
        "full_resolution_time_in_minutes": {"calendar": 120, "business": 60}, "updated_at": "2026-03-29T09:00:00Z",
    }  # fmt: skip


def zendesk(pages: list[list[dict[str, Any]]], prefix: str = "MTU3") -> Answer:
    """Answers the incremental export of these pages; a cursor is the number of the page behind a prefix."""

    def answer(path: str, query: dict[str, str]) -> Sent:
        if path != "/api/v2/incremental/tickets/cursor.json":
            return as_json({"error": "InvalidEndpoint"}, 404)
        number = int(query["cursor"].removeprefix(prefix)) if "cursor" in query else 0
        tickets = pages[number] if number < len(pages) else []
        after = min(number + 1, len(pages))
        return as_json(
            {
                "tickets": tickets,
                "metric_sets": [
                    zendesk_metrics(int(one["id"])) for one in tickets if one.get("status") != "deleted"
                ],
                "after_url": f"https://x.zendesk.com{path}?cursor={prefix}{after}",
                "after_cursor": f"{prefix}{after}",
                "before_cursor": None,
                "end_of_stream": after >= len(pages),
            }
        )

    return answer


def jira_issue(number: int, **fields: object) -> dict[str, Any]:
    """An issue as a search gives it, its one comment inside."""
    at = f"2026-03-{1 + number % 28:02d}T09:00:00.000+0800"
    comment = {
        "self": f"https://x/rest/api/2/issue/{10000 + number}/comment/{number}", "id": str(number), "author": {"accountId": "agent"},
        "body": "您好，已处理", "created": at.replace("09:00", "09:30"), "updated": at.replace("09:00", "09:30"), "jsdPublic": True,
    }  # fmt: skip
    return {
        "id": str(10000 + number), "key": f"CARE-{number}", "self": f"https://x/rest/api/2/issue/{10000 + number}",
        "fields": {
            "summary": f"退款 {number}", "description": "电话 13812342210", "created": at, "updated": at.replace("09:00", "10:00"),
            "status": {"name": "Done"}, "priority": {"name": "Highest"}, "resolutiondate": at.replace("09:00", "10:00"),
            "labels": ["complaint"], "components": [], "issuetype": {"name": "Service Request"}, "project": {"name": "Care"},
            "reporter": {"accountId": "customer"}, "assignee": {"accountId": "agent"},
            "comment": {"comments": [comment], "maxResults": 1, "total": 1, "startAt": 0}, **fields,
        },
    }  # fmt: skip


def jira(
    issues: list[dict[str, Any]], size: int, comments: dict[str, list[dict[str, Any]]] | None = None
) -> Answer:
    """Answers searches of both kinds of Jira over these issues, `size` a page, and who asks."""

    def answer(path: str, query: dict[str, str]) -> Sent:
        if path.endswith("/myself"):
            return as_json({"accountId": "bot", "timeZone": "Asia/Shanghai"})
        if path.endswith("/search/jql"):
            start = int(query.get("nextPageToken", "t0").removeprefix("t"))
            end = start + size
            more = {"nextPageToken": f"t{end}"} if end < len(issues) else {}
            return as_json({"issues": issues[start:end], "isLast": end >= len(issues), **more})
        if path.endswith("/search"):
            start = int(query["startAt"])
            shown = issues[start : start + size]
            return as_json({"startAt": start, "maxResults": size, "total": len(issues), "issues": shown})
        if path.endswith("/comment") and comments is not None:
            inside = comments[path.split("/")[-2]]
            start = int(query["startAt"])
            return as_json(
                {
                    "startAt": start,
                    "maxResults": 100,
                    "total": len(inside),
                    "comments": inside[start : start + 100],
                }
            )
        return as_json({"errorMessages": ["dead link"]}, 404)

    return answer
