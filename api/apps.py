"""What programs see."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API `/api/v1/` and its schema."""

    name = "api"
    label = "api"
    verbose_name = "Schnittstelle"

    def ready(self) -> None:
        """Give the fields our messages, and describe them in the schema."""
        from api import schema  # noqa: F401
        from api.wording import speak_plainly

        speak_plainly()
