"""«Warum keine Anfrage?»: what kept the search from asking the signed-in volunteer."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from background.clock import now
from matching.why_not_me import LOOKED_BACK, look_back
from pages.access import Audience, SignedInRequest, audience
from pages.rendering import page
from pages.volunteer.times import my_profile
from volunteers.models import Volunteer


@audience(Audience.SIGNED_IN)
@require_safe
def why_not_me(request: SignedInRequest) -> HttpResponse:
    """Show, for each pool, how often she was asked and what stood against it."""
    my_profile(request)  # 404 for whoever is no volunteer
    volunteering = (
        Volunteer.objects.visible_to(request.scope)
        .filter(person=request.user, status=Volunteer.Status.APPROVED)
        .select_related("pool", "person__profile")
        .order_by("pool")
    )
    looks = [(volunteer.pool, look_back(volunteer, now())) for volunteer in volunteering]
    return page(request, "volunteer/why.html", {"looks": looks, "days": LOOKED_BACK.days})
