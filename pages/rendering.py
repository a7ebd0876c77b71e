"""How a view answers with a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNPROCESSABLE = 422


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Return the page; a form with errors in its context makes it «Fehler: …» with status 422."""
    context = context or {}
    has_errors = any(form.is_bound and form.errors for form in _forms(context.values()))
    if has_errors and status == 200:
        status = UNPROCESSABLE
    return render(request, template, {"has_errors": has_errors, **context}, status=status)


def _forms(values: Iterable[object]) -> Iterable[forms.BaseForm]:
    for value in values:
        if isinstance(value, forms.BaseForm):
            yield value
        elif isinstance(value, list | tuple):
            yield from (form for form in value if isinstance(form, forms.BaseForm))
