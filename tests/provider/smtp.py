"""A fake mail server: keeps what it takes, and answers as it is told."""

from __future__ import annotations

import socketserver
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from tests.provider.serving import Serving


@dataclass
class Mailbox:
    """What arrived, and what to answer to whom."""

    mails: list[Message] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    envelopes: list[str] = field(default_factory=list)
    drops_after_data: int = 0


class FakeSmtp(Serving):
    """A mail server on a port of its own; use it as a context manager."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.mailbox = mailbox = Mailbox()

        class Handler(_Conversation):
            box = mailbox

        super().__init__(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))

    @property
    def settings(self) -> dict[str, Any]:
        """What Django's settings must say to use this server."""
        return {
            "NOTIFICATION_CHANNELS": {
                "sms": "notifications.channels.demo.DemoChannel",
                "email": "notifications.channels.email.EmailChannel",
            },
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_USE_TLS": False,
            "EMAIL_TIMEOUT": 2,
        }

    @property
    def mails(self) -> list[Message]:
        """What was taken, oldest first."""
        return list(self.mailbox.mails)

    @property
    def envelopes(self) -> list[str]:
        """From whom, as the envelope says, oldest first."""
        return list(self.mailbox.envelopes)

    def answers(self, verb: str, line: str) -> None:
        """Answer RCPT, MAIL, DATA or end (of the mail) with this line from now on; empty: well."""
        self.mailbox.answers[verb] = line

    def takes_and_drops(self, *, times: int = 1) -> None:
        """Take the next mail but cut the connection instead of saying so."""
        self.mailbox.drops_after_data = times


class _Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    box: Mailbox

    def handle(self) -> None:
        """Talk SMTP until QUIT."""
        self._say("220 fake ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").upper()
            answer = self.box.answers.get(verb) or "250 ok"
            if verb == "MAIL":
                self.box.envelopes.append(line.decode().partition("<")[2].partition(">")[0])
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb != "DATA" or not answer.startswith("250"):
                self._say(answer)
                continue
            self._say("354 go on")
            if not self._take():
                return

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        answer = self.box.answers.get("end") or "250 taken"
        if answer.startswith("250"):
            self.box.mails.append(message_from_bytes(b"".join(lines)))
        if self.box.drops_after_data > 0:
            self.box.drops_after_data -= 1
            return False
        self._say(answer)
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
