"""Phones one can talk to: what a person received, and the answers she gives through its links."""

from __future__ import annotations

import re

from background.heartbeat import sweep
from matching import replies
from matching.models import Assignment, Proposal
from notifications.links import open_link
from notifications.models import DemoMessage, LinkPurpose
from pools.models import User
from volunteers.models import Volunteer

LINK = re.compile(r"https?://\S+/([ab])/([A-Za-z0-9_-]{16})")


def heartbeat(times: int = 2) -> None:
    """Let the worker do what is due: first the search, then what it wrote."""
    for _ in range(times):
        sweep()


class Phone:
    """The phone (or mailbox) of one person; `expects` reads on from the last message read."""

    def __init__(self, owner: Volunteer | User) -> None:
        self.person = owner.person if isinstance(owner, Volunteer) else owner
        self.read = 0
        self.text = ""

    def texts(self) -> list[str]:
        """Return everything received, oldest first."""
        addresses = self.person.contacts.values_list("address", flat=True)
        return list(
            DemoMessage.objects.filter(address__in=list(addresses))
            .order_by("received_at", "pk")
            .values_list("text", flat=True)
        )

    def expects(self, *words: str) -> Phone:
        """Find the words in the next message, or fail."""
        texts = self.texts()
        assert len(texts) > self.read, f"nothing new; so far {texts}"
        self.text = texts[self.read]
        self.read += 1
        for word in words:
            assert word in self.text, self.text
        return self

    def expects_nothing(self) -> Phone:
        """Fail if something new came."""
        assert self.texts()[self.read :] == []
        return self

    def path(self) -> str:
        """Return the path of the link in the message read last."""
        found = LINK.search(self.text)
        assert found, self.text
        return f"/{found[1]}/{found[2]}"

    def proposal(self) -> Proposal:
        """Return the offer that the link in the message read last opens."""
        link = open_link(self.path().rsplit("/", 1)[1], LinkPurpose.OFFER)
        assert link is not None
        assert link.person == self.person
        return Proposal.objects.get(public_id=link.target)

    def says_yes(self) -> replies.Answer:
        """Press yes."""
        return replies.accept(self.proposal(), via="link")

    def says_no(self) -> replies.Answer:
        """Press no."""
        return replies.decline(self.proposal())

    def assignment(self) -> Assignment:
        """Return the appointment the person holds."""
        return Assignment.objects.get(person=self.person, cancelled_at__isnull=True)
