"""Which records wait for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from reporting import models  # noqa: F401 - named inside strings


class RecordQuerySet(QuerySet["models.Record"]):
    """What records have in common."""

    def disputed(self) -> Self:
        """Records whose two sides said different things, and about which nobody has decided."""
        return self.filter(disputed_at__isnull=False, decided_at__isnull=True)
