"""Give a pool a number of its own, so that volunteers can answer by SMS."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from pools.models import Pool


class Command(BaseCommand):
    """manage.py sms_number giessen +4917612345678; an empty number takes it away."""

    help = "Sets the number from which a pool's SMS come and to which answers go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pool's short name and the number."""
        parser.add_argument("pool")
        parser.add_argument("number")

    def handle(self, *args: Any, pool: str, number: str, **options: Any) -> None:
        """Set it, or say what is wrong with it."""
        found = Pool.objects.filter(slug=pool).first()
        if found is None:
            raise CommandError(f"there is no pool {pool}")
        found.sms_number = number
        try:
            found.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        found.save(update_fields=["sms_number"])
        self.stdout.write(f"{found}: {number or 'no number, links only'}")
