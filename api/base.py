"""The one base of all endpoints: their rows start from what the caller may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.viewsets import ReadOnlyModelViewSet

from pools.scoping import scope_of


class ScopedViewSet(ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """Reading only; rows outside the scope do not exist for the caller (404, not 403).

    An endpoint that writes calls a verb of the app below, it never saves a serializer.
    """

    model: type[Model]

    def get_queryset(self) -> QuerySet[Any]:
        """Return what the caller may see."""
        rows: Any = self.model._default_manager.all()
        visible: QuerySet[Any] = rows.visible_to(scope_of(self.request.user))
        return visible
