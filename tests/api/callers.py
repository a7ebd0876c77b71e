"""Programs and browsers that call the API."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from pools.models import User
from tests.pages import second_factor
from tokens import access
from tokens.models import Permission


class Caller:
    """Calls as one person, with a token that may everything, or nobody's."""

    def __init__(self, person: User | None = None, *permissions: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.person = person
        self.headers: dict[str, str] = {}
        if person is not None:
            allowed = permissions or tuple(Permission.values)
            _, secret = access.issue(person, name="Test", permissions=allowed)
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """Do."""
        return self._send("post", path, body, {"Idempotency-Key": key} if key else {})

    def patch(self, path: str, body: Any, *, etag: str = "") -> Any:
        """Change."""
        return self._send("patch", path, body, {"If-Match": etag} if etag else {})

    def delete(self, path: str) -> Any:
        """Remove."""
        return self._send("delete", path, None, {})

    def _send(self, method: str, path: str, body: Any, more: dict[str, str]) -> Any:
        return self.client.generic(
            method.upper(),
            f"/api/v1/{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers=self.headers | more,
        )


def browser(person: User, *, csrf: bool = False) -> Client:
    """Return a browser in which the person is signed in, with the second factor shown."""
    client = Client(enforce_csrf_checks=csrf)
    second_factor.sign_in(client, person)
    return client


def code_of(response: Any) -> str:
    """Return the problem's code; fails when it is no problem+json."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert body["status"] == response.status_code
    return str(body.get("code", body["type"].rpartition(":")[2]))


def errors_of(response: Any) -> dict[str, str]:
    """Return the messages by field."""
    return {error["field"]: error["message"] for error in response.json()["errors"]}
