"""The one base of all endpoints: their rows start from what the caller may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from api import problems
from api.once import Outcome, once
from api.pagination import NewestFirst
from api.permissions import Area, AsDeclared, Role
from pools.models import User
from pools.scoping import Scope, scope_of
from tokens.models import Token

JSON = "application/json"
REPLAYED = "Idempotent-Replayed"


class ScopedEndpoint(APIView):
    """Closed until `area` and `role` are declared; rows outside the scope do not exist (404).

    An endpoint that writes calls a verb of the app below, it never saves a serializer.
    """

    area: ClassVar[Area | None] = None
    role: ClassVar[Role | None] = None
    permission_classes = (AsDeclared,)
    # The word of pages.access.Audience.API: pages and api do not import each other.
    audiences: ClassVar[frozenset[str]] = frozenset({"api"})
    shown_at: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Where an error of a verb is told, where its name differs from the field's."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view with its audience, which the default-deny middleware reads."""
        view = super().as_view(**initkwargs)
        view.audiences = cls.audiences  # type: ignore[attr-defined]
        return view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the call before it is refused: guessing is calling, too."""
        self.format_kwarg = None
        renderer, media_type = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = renderer, media_type
        try:
            self.perform_authentication(request)
        finally:
            self.check_throttles(request)
        self.check_permissions(request)
        # Asked here, for the middleware may have read a form before it comes to a parser.
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        if request.META.get("CONTENT_LENGTH") not in (None, "", "0") and kind != JSON:
            raise UnsupportedMediaType(kind)

    @property
    def person(self) -> User:
        """Return who is calling, or for whom the token acts."""
        person = self.request.user
        assert isinstance(person, User)  # noqa: S101 - AsDeclared lets nobody else in
        return person

    @property
    def token(self) -> Token | None:
        """Return the token that was sent; None for a session."""
        return self.request.auth if isinstance(self.request.auth, Token) else None

    @property
    def scope(self) -> Scope:
        """Return what the person may see; read once per request."""
        if not hasattr(self, "_scope"):
            self._scope = scope_of(self.request.user)
        return self._scope

    def visible(self, model: Any) -> Any:
        """Return the rows of a model that the caller may see: every query starts here."""
        return model.objects.visible_to(self.scope)

    def one(self, rows: QuerySet[Any], public_id: UUID) -> Any:
        """Return the row with this public id, or 404: nobody learns that it exists elsewhere."""
        found = rows.filter(public_id=public_id).first()
        if found is None:
            raise Http404
        return found

    def read(self, serializer: type[BaseSerializer[Any]], data: Any = None, **kwargs: Any) -> Any:
        """Return what was sent, checked; raises with every field that is wrong."""
        context = {"endpoint": self, **kwargs.pop("context", {})}
        reading = serializer(
            data=self.request.data if data is None else data, context=context, **kwargs
        )
        reading.is_valid(raise_exception=True)
        return reading.validated_data

    def once(self, do: Callable[[], Outcome]) -> Response:
        """Do it, or answer as the first time; see api.once."""
        outcome, is_replay = once(self.request, do, person=self.person)
        headers = {REPLAYED: "true"} if is_replay else {}
        if outcome.problem:
            return problems.response(outcome.problem, headers=headers)
        if outcome.target is None:
            return Response(None, outcome.status, headers=headers)
        return Response(self.represent(outcome.target), outcome.status, headers=headers)

    def represent(self, target: UUID) -> Any:
        """Return what an outcome shows, within the scope the caller has now."""
        raise NotImplementedError


class ScopedList(ScopedEndpoint):
    """A list in pages, newest first by `sorted_by`."""

    pagination_class = NewestFirst
    sorted_by: ClassVar[str]

    def page(
        self, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]], **context: Any
    ) -> Response:
        """Return one page of rows."""
        pages = NewestFirst()
        found = pages.paginate_queryset(rows, self.request, self)
        shown = serializer(found, many=True, context={"endpoint": self, **context})
        return pages.get_paginated_response(shown.data)

    def filters(self, serializer: type[BaseSerializer[Any]]) -> Any:
        """Return the filters of the address, checked; an unknown name is told, not ignored."""
        given = self.request.query_params
        fields: Mapping[str, Any] = serializer().fields  # type: ignore[attr-defined]
        many = {name for name, field in fields.items() if hasattr(field, "child")}
        known = {
            name: given.getlist(name) if name in many else given[name]
            for name in given
            if name not in ("cursor", "limit")
        }
        return self.read(serializer, known)
