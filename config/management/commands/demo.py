"""manage.py demo: fill an empty database with invented people, or say who may sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import build, sign_ins


class Command(BaseCommand):
    """Builds the demonstration once; a second run changes nothing."""

    help = "Baut die Vorführung: 3 Pools, 130 Freiwillige, 20 Stellen, 60 Anfragen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing when it is there already"
        )
        parser.add_argument("--show", action="store_true", help="only print the sign-ins")
        parser.add_argument(
            "--reset", action="store_true", help="first delete all people, pools and requests"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; never outside the demonstration."""
        if not settings.IS_DEMO:
            raise CommandError("Nur in der Vorführung (LOTSENRUF_ENVIRONMENT=demo).")
        if options["show"]:
            self._show()
            return
        if options["reset"]:
            build.clear()
        if build.is_empty():
            build.build()
            self.stdout.write("Die Vorführung ist gebaut.")
        elif not options["if_empty"]:
            self.stdout.write("Die Vorführung ist schon da. --reset baut sie neu.")

    def _show(self) -> None:
        for line in sign_ins.lines():
            self.stdout.write(f"  {line}" if line else "")
