"""«Noch einmal senden»: a message that arrived nowhere, to another or a corrected address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from matching import sending_again
from notifications import contacts, elsewhere
from notifications.models import Channel, Contact, Message
from pages.access import Audience, SignedInRequest, audience
from pages.contact_words import readable
from pages.coordinator import own
from pages.forms import Form

HAS_STOPPED = (
    "Die Person hat von dieser Nummer STOP geschrieben. Nur sie selbst kann das ändern:"
    " Sie schreibt START."
)
WHERE_TO = "Wählen Sie eine Adresse, oder tragen Sie eine neue ein."


class SendAgainForm(Form):
    """Where to: a known address, or the right number."""

    to = forms.ChoiceField(label="Wohin", required=False)
    address = forms.CharField(
        label="Neue Handy-Nummer oder E-Mail",
        help_text="Nur, wenn die Person sie Ihnen gesagt hat. Wir speichern sie bei ihren Angaben.",
        max_length=contacts.LONGEST_ADDRESS,
        required=False,
    )

    def __init__(self, *args: Any, message: Message, is_volunteer: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix="again", **kwargs)
        self._message = message
        self._usable = {str(one.public_id): one for one in contacts.usable(message.person)}
        if self._usable:
            self.fields["to"].choices = [  # type: ignore[attr-defined]
                (key, readable(contact)) for key, contact in self._usable.items()
            ]
        else:
            del self.fields["to"]
        if not is_volunteer:
            del self.fields["address"]  # whose details are not the coordinator's to change

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("to") and not cleaned.get("address"):
            raise ValidationError(WHERE_TO)
        return cleaned

    def contact(self) -> Contact:
        """Return the chosen contact, the new one first; raises ValidationError for no address."""
        address = str(self.cleaned_data.get("address", "")).strip()
        if not address:
            return self._usable[self.cleaned_data["to"]]
        if contacts.has_stopped(self._message.person, address):
            raise ValidationError(HAS_STOPPED)
        return contacts.add_contact(
            self._message.person,
            channel=Channel.EMAIL if "@" in address else Channel.SMS,
            address=address,
            rank=self._message.contact.rank,
        )


def form_for(request: SignedInRequest, message: Message, *data: Any) -> SendAgainForm | None:
    """Return the form for a message that can still be repeated, else None."""
    if not elsewhere.may_be_repeated(message):
        return None
    is_volunteer = own.volunteers(request).filter(person=message.person_id).exists()
    return SendAgainForm(*data, message=message, is_volunteer=is_volunteer)


@audience(Audience.COORDINATOR)
@require_POST
def send_again(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Write a dead message once more."""
    message = get_object_or_404(own.messages(request), pk=message_id)
    form = form_for(request, message, request.POST)
    try:
        if form is None:
            raise ValidationError(elsewhere.MAKES_NO_SENSE)
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        with transaction.atomic():
            sending_again.send_again(message, to=form.contact, by=request.user)
    except ValidationError as error:
        notes.error(request, " ".join(error.messages))
    else:
        notes.success(request, "Die Nachricht geht noch einmal hinaus.")
    return redirect("coordinator_message", message.pk)
