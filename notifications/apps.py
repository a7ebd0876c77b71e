"""How people are told."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Contacts, outbox, channels, texts."""

    name = "notifications"
    label = "notifications"
    verbose_name = "Benachrichtigungen"
