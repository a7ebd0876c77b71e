"""What people see."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Pages for the public, volunteers, institutions, coordinators."""

    name = "pages"
    label = "pages"
    verbose_name = "Seiten"

    def ready(self) -> None:
        """Give Django's form fields our messages."""
        from pages.forms import speak_plainly

        speak_plainly()
