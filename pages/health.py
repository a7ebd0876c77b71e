"""«Are you there?» and «can you work?», for a proxy or a monitor; says nothing about anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from background.clock import now
from background.heartbeat import WORKER
from background.models import Heartbeat
from notifications import alarm
from pages.access import Audience, audience

HEARTBEAT_AT_MOST = timedelta(minutes=2)
UNAVAILABLE = 503


@audience(Audience.PUBLIC)
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process does; asks nobody else."""
    return JsonResponse({"status": "ok"})


@audience(Audience.PUBLIC)
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served and messages go out: 200, or 503 with what is wrong."""
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    is_ready = all(outcome == "ok" for outcome in checks.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "failed", "checks": checks},
        status=200 if is_ready else UNAVAILABLE,
    )


def _outcome(check: Callable[[], str]) -> str:
    """Return «ok» or a word; an error says only its kind, since its text may name somebody."""
    try:
        return check() or "ok"
    except Exception as error:
        return type(error).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} missing" if plan else ""


def _outbox() -> str:
    age = alarm.outbox_age()
    return f"{int(age.total_seconds())} s old" if age > alarm.OUTBOX_AT_MOST else ""


def _heartbeat() -> str:
    beaten_at = Heartbeat.objects.filter(name=WORKER).values_list("beaten_at", flat=True).first()
    if beaten_at is None:
        return "never"
    age = now() - beaten_at
    return f"{int(age.total_seconds())} s old" if age > HEARTBEAT_AT_MOST else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "outbox": _outbox,
    "heartbeat": _heartbeat,
}
