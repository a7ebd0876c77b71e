"""All messages of the demonstration on one page, the newest first, with links to press."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from notifications.models import Contact, DemoMessage
from pages.access import Audience, ScopedRequest, audience
from pages.rendering import page
from pools.models import User

PER_PAGE = 30


@audience(Audience.PUBLIC)
@require_safe
def outbox(request: ScopedRequest) -> HttpResponse:
    """Show what arrived, for everybody or one person; nothing here outside the demonstration."""
    if not settings.IS_DEMO:
        raise Http404("only in the demonstration")
    person = _person(request.GET.get("person", ""))
    found = DemoMessage.objects.all()
    if person is not None:
        addresses = person.contacts.values("address")
        found = found.filter(address__in=addresses)
    messages = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    people = _people([message.address for message in messages])
    context = {
        "list": messages,
        "rows": [(message, people.get(message.address)) for message in messages],
        "person": person,
        "people": User.objects.filter(
            contacts__address__in=DemoMessage.objects.values("address")
        ).distinct(),
        "query": f"person={person.public_id}" if person else "",
    }
    return page(request, "demo_outbox/outbox.html", context)


def _person(text: str) -> User | None:
    try:
        return User.objects.filter(public_id=UUID(text)).first()
    except ValueError:
        return None


def _people(addresses: list[str]) -> dict[str, User]:
    """Return whose address it is; of several people the one who has verified it."""
    contacts = (
        Contact.objects.filter(address__in=addresses)
        .select_related("person")
        .order_by("verified_at", "-pk")
    )
    return {contact.address: contact.person for contact in contacts}
