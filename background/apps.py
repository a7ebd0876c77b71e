"""What keeps it going."""

from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """Wake-ups, heartbeat, supervisor, clock."""

    name = "background"
    verbose_name = "Hintergrund"
