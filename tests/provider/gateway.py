"""A fake SMS gateway: takes one request per message, and answers as it is told."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.provider.serving import Serving


class FakeGateway(Serving):
    """The gateway on a port of its own; use it as a context manager."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.taken: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[tuple[int, str]] = []
        self.slow_s = 0.0
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

            def do_GET(self) -> None:
                """Take everything from the address."""
                self._take(dict(parse_qsl(urlsplit(self.path).query)))

            def do_POST(self) -> None:
                """Take a form or JSON."""
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                is_json = "json" in self.headers.get("Content-Type", "")
                self._take(json.loads(body) if is_json else dict(parse_qsl(body)))

            def _take(self, form: dict[str, str]) -> None:
                status, text = gateway.answers.pop(0) if gateway.answers else (200, "")
                gateway.headers.append(dict(self.headers))
                if status < 400:
                    gateway.taken.append(form)
                time.sleep(gateway.slow_s)
                text = text or json.dumps({"success": "100", "id": f"id{len(gateway.taken)}"})
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), Handler))

    @property
    def settings(self) -> dict[str, Any]:
        """What settings.SMS_GATEWAY must say to use it."""
        return {
            "url": f"http://127.0.0.1:{self.port}/gateway",
            "method": "POST",
            "fields": {"to": "to", "text": "text", "from": "from", "reference": "foreign_id"},
            "constants": {"json": "1"},
            "headers": {"X-Api-Key": "secret"},
            "user": "",
            "password": "",
            "sender": "Lotsenruf",
            "success": r'"success": "100", "id": "(\w+)"',
            "refused": r'"success": "(202|305)"',
            "receipt_secret": "gateway-secret",
            "receipt_fields": {
                "reference": "foreign_id",
                "id": "msg_id",
                "status": "status",
                "code": "error",
            },
            "delivered": "delivered",
            "failed": "failed|notdelivered",
        }
