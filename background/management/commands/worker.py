"""`manage.py worker`: the queue worker under a supervisor that does not trust it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from background.supervisor import Supervisor


class Command(BaseCommand):
    """Run the background process until it is told to stop."""

    help = "Runs the queue worker, watches its heartbeat and starts it anew when it hangs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        Supervisor().run()
