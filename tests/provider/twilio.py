"""A fake Twilio over HTTP: keeps messages, answers look-ups, and fails as it is told.

In a test:             with FakeTwilio() as twilio: … twilio.url, twilio.messages()
For other processes:   python -m tests.provider.twilio          (prints its address, runs on)

Other processes steer it by POST /fake/behave and read it by GET /fake/messages (JSON).
"""

from __future__ import annotations

import sys
import threading
from http.server import ThreadingHTTPServer
from typing import Any

from tests.provider.exchange import ACCOUNT, TOKEN, Behaviour, Exchange, Sms
from tests.provider.serving import Serving
from tests.provider.twilio_http import handler_for

FAILURES = frozenset(
    {
        "error",  # a 4xx with a Twilio code, nothing taken
        "too_many",  # 429
        "fails",  # 500, nothing taken
        "takes_and_fails",  # 500, although it was taken
        "cuts",  # the connection breaks, nothing taken
        "takes_and_cuts",  # the connection breaks after it was taken
        "slow",  # answers later than anybody waits, nothing taken
        "takes_and_slow",  # the same, taken
        "takes_and_garbage",  # 201 with something that is not JSON
    }
)


class _Server(ThreadingHTTPServer):
    """Says nothing about callers that were killed while they waited."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, unless the caller just went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class FakeTwilio(Serving):
    """The provider on a port of its own; use it as a context manager."""

    def __init__(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        self.exchange = Exchange()
        super().__init__(_Server(("127.0.0.1", port), handler_for(self.exchange)))
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, Any]:
        """What Django's settings must say to use this provider."""
        return {
            "NOTIFICATION_CHANNELS": {
                "sms": "notifications.channels.sms.SmsChannel",
                "email": "notifications.channels.demo.DemoChannel",
            },
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_SENDER": "+4915735980000",
            "TWILIO_API_URL": self.url,
        }

    def behave(self, kind: str, *, times: int = 1, code: int = 21211, seconds: float = 0.0) -> None:
        """Treat the next messages badly; see FAILURES."""
        assert kind in FAILURES, kind
        self.exchange.plans.append(Behaviour(kind, times, code, seconds))

    def lookups_fail(self, *, times: int = 1) -> None:
        """Answer the next look-ups with 500."""
        self.exchange.lookup_plans.append(Behaviour("fails", times))

    def shows_after(self, seconds: float) -> None:
        """Let new messages appear in look-ups only after a while."""
        self.exchange.lookup_delay_s = seconds

    def answers_after(self, seconds: float) -> None:
        """Take messages at once, but say so only after a while: a wide gap to die in."""
        self.exchange.answer_delay_s = seconds

    def starts_as(self, status: str) -> None:
        """Give new messages this status; queued ones carry no DateSent."""
        self.exchange.first_status = status

    def becomes(self, sid: str, status: str, *, error_code: int | None = None) -> None:
        """Change what became of a message."""
        with self.exchange.lock:
            for sms in self.exchange.kept:
                if sms.sid == sid:
                    sms.status, sms.error_code = status, error_code

    def messages(self, to: str | None = None) -> list[Sms]:
        """Return what was taken, oldest first."""
        with self.exchange.lock:
            return [sms for sms in self.exchange.kept if to in (None, sms.to)]

    def sent(self) -> list[Sms]:
        """Return what was taken from us, without what people sent to us."""
        return [sms for sms in self.messages() if sms.direction == "outbound-api"]

    @property
    def requests(self) -> list[str]:
        """Every request of the API so far, as «POST Messages» or «GET Messages?…»."""
        return list(self.exchange.requests)


def main() -> None:
    """Run until interrupted; the first line of output is the address."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    fake = FakeTwilio(port)
    print(fake.url, flush=True)
    with fake:
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
