"""Read mails that came back: one from standard input, or all unread ones of a Maildir."""

from __future__ import annotations

import mailbox
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import bounces

LONGEST = 2_000_000
"""Bytes; the report stands in front, the mail that came back may be cut."""


class Command(BaseCommand):
    """manage.py read_bounces < mail; manage.py read_bounces --maildir /var/mail/bounces."""

    help = "Notes e-mails that came back; hard bounces close the address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, if it is one."""
        parser.add_argument("--maildir", help="read what is new there and mark it as seen")

    def handle(self, *args: Any, maildir: str | None = None, **options: Any) -> None:
        """Read, note, and say how many were what."""
        mails = _unseen(maildir) if maildir else iter([sys.stdin.buffer.read(LONGEST)])
        counted = Counter(bounces.take(mail) for mail in mails)
        told = ", ".join(f"{outcome} {counted[outcome]}" for outcome in bounces.Outcome)
        self.stdout.write(told)


def _unseen(path: str) -> Iterator[bytes]:
    """Yield the mails nobody has read; each is marked once it was noted."""
    try:
        folder = mailbox.Maildir(path, create=False)
    except mailbox.NoSuchMailboxError:
        raise CommandError(f"there is no Maildir at {path}") from None
    for key in sorted(folder.keys()):
        mail = folder.get_message(key)
        if "S" in mail.get_flags():
            continue
        yield folder.get_bytes(key)[:LONGEST]
        mail.set_subdir("cur")
        mail.add_flag("S")
        folder[key] = mail
