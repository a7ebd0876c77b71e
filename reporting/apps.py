"""What it adds up to."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Confirmations of what took place."""

    name = "reporting"
    label = "reporting"
    verbose_name = "Auswertung"
