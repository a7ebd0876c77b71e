"""Who can help."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """Profiles, volunteers, availability, qualifications."""

    name = "volunteers"
    label = "volunteers"
    verbose_name = "Freiwillige"
