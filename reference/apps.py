"""What everybody knows."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Languages, places, settings, qualification types."""

    name = "reference"
    verbose_name = "Stammdaten"
