"""How it is wired."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Demo command and deploy checks."""

    name = "config"
    verbose_name = "Lotsenruf"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401
