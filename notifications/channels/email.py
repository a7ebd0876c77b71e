"""E-mail by SMTP. There is no look-up: a double is rarer and milder than a loss."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.base import (
    NO_EXTRAS,
    CannotBeAsked,
    DeliveryError,
    Extras,
    Sighting,
    Unclear,
)

PATH = "notifications.channels.email.EmailChannel"
BOUNCED = "bounced"


class EmailChannel(CannotBeAsked):
    """Hands mail to the server in the settings, with our id as its fixed Message-ID."""

    can_be_answered = False
    resends_unclear = True

    def send(
        self, *, to: str, subject: str, text: str, reference: str, extras: Extras = NO_EXTRAS
    ) -> str:
        """Hand the mail over; return its Message-ID, the same for every try of one message."""
        message_id = message_id_of(reference)
        connection = get_connection()
        headers = {
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
        }
        if extras.unsubscribe:
            headers["List-Unsubscribe"] = f"<{extras.unsubscribe}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail = EmailMultiAlternatives(
            subject=subject,
            body=text,
            from_email=envelope_sender(reference),
            to=[to],
            reply_to=[extras.reply_to] if extras.reply_to else None,
            headers=headers,
            connection=connection,
        )
        if extras.html:
            mail.attach_alternative(extras.html, "text/html")
        if extras.calendar:
            mail.attach("einsatz.ics", extras.calendar, "text/calendar")
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            # Nothing was said yet about this mail: trying again is safe.
            raise DeliveryError(_code(error), permanent=False, provider_fails=True) from error
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise _refusal(code) from error
        except smtplib.SMTPSenderRefused as error:
            # Our own address is the trouble, not the message: the operator can mend it.
            raise DeliveryError(
                f"smtp_sender_{error.smtp_code}", permanent=False, provider_fails=True
            ) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, about_the_mail=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear(_code(error)) from error
        finally:
            _close(connection)
        return message_id

    @staticmethod
    def read_status(provider_id: str, status: str, code: str) -> Sighting | None:
        """Return what a report of a mail server means (bounces.py)."""
        return Sighting(provider_id, "failed", code=code) if status == BOUNCED else None


def message_id_of(reference: str) -> str:
    """Return the Message-ID of a message, the same for every try."""
    return f"<{reference}@{_sender_domain()}>"


def envelope_sender(reference: str) -> str:
    """Return where mail servers report to: an address that names the message, where one is set."""
    local, at, domain = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{reference}@{domain}" if at else settings.DEFAULT_FROM_EMAIL


def _refusal(code: int, *, about_the_mail: bool = False) -> DeliveryError:
    """Read an SMTP reply: 5xx is final, 4xx (greylisting, full mailbox) may pass.

    The same number means the mailbox after RCPT and the text after DATA: only the first is in
    failures.TABLE, so that a mail which looks like spam closes nobody's address.
    """
    return DeliveryError(f"smtp_{'data_' if about_the_mail else ''}{code}", permanent=code >= 500)


def _code(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp_{error.smtp_code}"
    return type(error).__name__[:40]


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return  # the mail is out or its fate is known; the goodbye does not matter


def _sender_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "lotsenruf.invalid"
