"""The OpenAPI schema: what every endpoint has in common is said here once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter

from api.problems import CONTENT_TYPE

PROBLEM = {
    "description": "What went wrong (RFC 9457). `code` is for programs, the texts are for people.",
    "content": {
        CONTENT_TYPE: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "incident": {"type": "string"},
                    "errors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["field", "message"],
                            "properties": {
                                "field": {"type": "string", "description": "a JSON pointer"},
                                "message": {"type": "string"},
                            },
                        },
                    },
                },
            }
        }
    },
}
ALWAYS = (400, 401, 403, 404, 429)
BY_METHOD = {
    "POST": (409, 413, 415, 422),
    "PATCH": (409, 412, 413, 415, 428),
    "DELETE": (409,),
}


class EndpointSchema(AutoSchema):
    """Adds the problems every endpoint may answer with, and the headers it reads."""

    def get_override_parameters(self) -> list[Any]:
        """Describe Idempotency-Key and If-Match where they count."""
        if self.method == "POST":
            told = "the same key and body again: done once, answered twice"
            return [_header("Idempotency-Key", told)]
        if self.method == "PATCH":
            return [_header("If-Match", "the ETag of what was read", required=True)]
        return []

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Add the problems."""
        operation = super().get_operation(*args, **kwargs)
        if operation:
            for status in (*ALWAYS, *BY_METHOD.get(self.method, ())):
                operation["responses"].setdefault(str(status), PROBLEM)
        return operation


def _header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name=name,
        type=OpenApiTypes.STR,
        location=OpenApiParameter.HEADER,
        required=required,
        description=description,
    )


class StrictReading(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A field that does not exist is refused, and the schema says so."""

    target_class = "api.fields.Reading"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        """Describe it as any other, but for names nobody knows."""
        plain: Any = auto_schema
        described = plain._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, "additionalProperties": False}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """«Authorization: Bearer …»."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe it."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "made by a person on her page «Zugänge für Programme»; acts with her"
            " rights, in the areas it was allowed",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The cookie of the signed-in browser."""

    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe it; the name is the demo's, over https it is __Host-sessionid."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
