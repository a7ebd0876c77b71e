"""`manage.py load_reference`: bring the reference tables up to the files; safe to repeat."""

from __future__ import annotations

from time import perf_counter

from django.core.management.base import BaseCommand

from reference.loading import load_reference


class Command(BaseCommand):
    """Load languages, places, settings, qualification types and presets from reference/data."""

    help = "Bring the reference tables up to reference/data; safe to repeat, changes what differs."

    def handle(self, *args: object, **options: object) -> None:
        """Load everything in one transaction and print what changed, unless verbosity is 0."""
        begun = perf_counter()
        outcomes = load_reference()
        if not options["verbosity"]:
            return
        self.stdout.write(f"{'':34}{'rows':>6}{'new':>7}{'changed':>9}{'removed':>9}{'kept':>6}")
        for done in outcomes:
            self.stdout.write(
                f"{done.name:34}{len(done.wanted):6}{done.added:7}{done.changed:9}"
                f"{done.removed:9}{done.kept:6}"
            )
        self.stdout.write(f"{perf_counter() - begun:.1f} s")
