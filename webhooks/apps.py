"""How other systems are told."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks of the pools: what happened to a request, signed."""

    name = "webhooks"
    label = "webhooks"
    verbose_name = "Benachrichtigungen an Programme"
