"""What becomes of appointments already held when a volunteer may no longer do what she did."""

from __future__ import annotations

from django.contrib import messages

from matching import endangered
from pages.access import SignedInRequest
from volunteers.models import Volunteer


def warn_of_held_appointments(request: SignedInRequest, volunteer: Volunteer) -> None:
    """Say how many appointments the volunteer holds that now lack something, if there are any."""
    number = len(endangered.find([volunteer.pool_id], volunteer=volunteer))
    if not number:
        return
    told = (
        "1 zugesagter Einsatz ist betroffen. Er steht"
        if number == 1
        else f"{number} zugesagte Einsätze sind betroffen. Sie stehen"
    )
    messages.warning(request, f"{told} unter «Lage».")
