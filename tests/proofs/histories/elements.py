"""What nobody does: time passes, the worker runs, the network has its moods."""

from __future__ import annotations

from datetime import timedelta

from django.utils.module_loading import import_string
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from background import heartbeat
from background.clock import now
from notifications import outbox, receipts
from notifications.models import Message
from tests.proofs.histories.network import MAIL, SMS, Mood, network
from tests.proofs.histories.stage import FATES, NTH, Stage, pick

MINUTES = st.sampled_from([1, 5, 11, 40, 130, 60 * 8, 60 * 26, 60 * 24 * 3])
SWEEPS = st.sampled_from(
    [
        "background.heartbeat",
        "notifications.outbox",
        "notifications.receipts",
        "matching.answers_by_sms",
        "matching.undelivered",
        "matching.search",
        "matching.reminders",
        "matching.moving",
        "reporting.records",
    ]
)
"""All that is due, or one part of it: what takes minutes may be overtaken by other steps."""
QUIET_DAYS = 12
REST_AFTER = 4


class Elements(Stage):
    """The worker does what is due, sooner or later, and dies in it."""

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        self.fired["time_passes"] += 1

    @rule()
    def the_clock_is_set_back(self) -> None:
        self.clock.forward(minutes=-5)
        self.fired["the_clock_is_set_back"] += 1

    @rule(sweep=SWEEPS, fate=FATES)
    def the_heart_beats(self, sweep: str, fate: int) -> None:
        self.do(f"the_heart_beats ({sweep})", import_string(f"{sweep}.sweep"), fate=fate)

    @precondition(lambda self: self.queue)
    @rule(nth=NTH, fate=FATES)
    def the_worker_does_a_job(self, nth: int, fate: int) -> None:
        path, identifier = self.queue.pop(nth % len(self.queue))
        self.do("the_worker_does_a_job", lambda: import_string(path)(identifier), fate=fate)

    @precondition(lambda self: self.queue)
    @rule()
    def the_queue_is_lost(self) -> None:
        self.queue.clear()
        self.fired["the_queue_is_lost"] += 1

    @precondition(lambda self: Message.objects.due(now()).exists())
    @rule(nth=NTH, mood=st.sampled_from(Mood), fate=FATES)
    def a_message_goes_out(self, nth: int, mood: Mood, fate: int) -> None:
        due = [str(pk) for pk in Message.objects.due(now()).values_list("pk", flat=True)[:6]]
        message_id = pick(due, nth)
        network.mood = mood
        try:
            self.do(
                f"a_message_goes_out ({mood.name})", lambda: outbox.deliver(message_id), fate=fate
            )
        finally:
            network.mood = Mood.WELL

    @precondition(lambda self: bool(network.taken))
    @rule(nth=NTH, status=st.sampled_from(["delivered", "failed", "accepted"]), fate=FATES)
    def a_receipt_comes(self, nth: int, status: str, fate: int) -> None:
        one = network.taken[-1 - nth % len(network.taken)]
        carrier = MAIL if "@" in one.to else SMS
        # A network gives up on a telephone; mailboxes of this world are never closed.
        status = "delivered" if carrier == MAIL else status
        if one.status not in ("delivered", "failed"):
            one.status = status
        self.do(
            "a_receipt_comes",
            lambda: receipts.take(
                carrier,
                provider_reference=one.provider_id,
                status=status,
                code="30003" if status == "failed" else "",
            ),
            fate=fate,
        )

    @precondition(lambda self: self.age >= REST_AFTER and not self.has_rested)
    @rule(nth=NTH)
    def all_comes_to_rest(self, nth: int) -> None:
        """Nothing waits for ever: after some quiet days no message is open or in doubt."""
        self.has_rested = True
        if nth:  # it takes as long as twenty other steps
            return
        for span in (timedelta(hours=30), timedelta(days=QUIET_DAYS), timedelta(minutes=5)):
            self.clock.at += span
            heartbeat.sweep()
        self.fired["all_comes_to_rest"] += 1
        in_doubt = Message.objects.filter(state__in=["sending", "unknown"])
        assert not in_doubt.exists(), list(in_doubt.values())
        late = Message.objects.due(now() - timedelta(days=1))
        assert not late.exists(), list(late.values())
