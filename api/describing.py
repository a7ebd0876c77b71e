"""Where the schema is read."""

from __future__ import annotations

from typing import Any

from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny


class SchemaEndpoint(SpectacularAPIView):
    """`/api/schema/`: for everybody, it says nothing about anybody."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    schema = None  # it describes the others
    audiences = frozenset({"api"})

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view with its audience."""
        view = super().as_view(**initkwargs)
        view.audiences = cls.audiences  # type: ignore[attr-defined]
        return view
