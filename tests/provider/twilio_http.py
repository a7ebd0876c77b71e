"""The HTTP side of the fake Twilio: routes, failures, and the door for other processes."""

from __future__ import annotations

import base64
import json
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.provider.exchange import ACCOUNT, TOKEN, Behaviour, Exchange, Sms, as_json

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
PAGE_SIZE = 50


def handler_for(exchange: Exchange) -> type[BaseHTTPRequestHandler]:
    """Return a request handler that speaks for this exchange."""
    return type("Handler", (TwilioHandler,), {"exchange": exchange})


class TwilioHandler(BaseHTTPRequestHandler):
    """Answers like api.twilio.com, as far as our channel asks."""

    exchange: Exchange
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        """Take a message, or fail as planned."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path == "/fake/behave":
            self._steer(json.loads(body))
            return
        if path != f"{MESSAGES}.json":
            self._error(404, 20404)
            return
        self.exchange.requests.append("POST Messages")
        if not self._knows_us():
            self._error(401, 20003)
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        plan = self.exchange.next_plan(self.exchange.plans)
        if plan is None:
            taken = self.exchange.take(form)
            time.sleep(self.exchange.answer_delay_s)
            self._json(201, as_json(taken))
        else:
            self._fail(plan, form)

    def do_GET(self) -> None:
        """Show one message, or a list."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/fake/messages":
            with self.exchange.lock:
                self._json(200, [as_json(sms) for sms in self.exchange.kept])
            return
        self.exchange.requests.append(f"GET Messages?{parts.query}")
        if self.exchange.next_plan(self.exchange.lookup_plans):
            self._error(500, 20500)
            return
        if parts.path == f"{MESSAGES}.json":
            self._list(query)
            return
        sid = parts.path.removeprefix(f"{MESSAGES}/").removesuffix(".json")
        one = next((sms for sms in self.exchange.listed({}) if sms.sid == sid), None)
        if one is None:
            self._error(404, 20404)
        else:
            self._json(200, as_json(one))

    def _list(self, query: dict[str, str]) -> None:
        size = min(int(query.get("PageSize", PAGE_SIZE)), 1000)
        page = int(query.get("Page", 0))
        found = self.exchange.listed(query)
        shown: list[Sms] = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        self._json(
            200,
            {
                "messages": [as_json(sms) for sms in shown],
                "page": page,
                "page_size": size,
                "next_page_uri": (
                    f"{MESSAGES}.json?To={query.get('To', '')}&PageSize={size}&Page={page + 1}"
                    if more
                    else None
                ),
                "uri": self.path,
            },
        )

    def _fail(self, plan: Behaviour, form: dict[str, str]) -> None:
        if plan.kind.startswith("takes_and_"):
            self.exchange.take(form)
        if plan.kind == "error":
            self._error(400, plan.code)
        elif plan.kind == "too_many":
            self._error(429, 20429)
        elif plan.kind.endswith("fails"):
            self._error(500, 20500)
        elif plan.kind.endswith("cuts"):
            self.close_connection = True
            self.connection.close()
        elif plan.kind.endswith("slow"):
            time.sleep(plan.seconds)
            self.close_connection = True
        else:
            self._answer(201, b"<html>it works</html>", "text/html")

    def _steer(self, wish: dict[str, Any]) -> None:
        for name in ("lookup_delay_s", "first_status"):
            if name in wish:
                setattr(self.exchange, name, wish[name])
        for plan in wish.get("plans", []):
            self.exchange.plans.append(Behaviour(**plan))
        self._json(200, {})

    def _knows_us(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _error(self, status: int, code: int) -> None:
        self._json(status, {"status": status, "code": code, "message": "fake", "more_info": ""})

    def _json(self, status: int, payload: object) -> None:
        self._answer(status, json.dumps(payload).encode(), "application/json")

    def _answer(self, status: int, payload: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
        except OSError:
            self.close_connection = True  # the caller did not wait
