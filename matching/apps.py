"""Who is asked, who comes."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from matching import database_settings


class MatchingConfig(AppConfig):
    """Candidates, ranking, waves, proposals, assignments."""

    name = "matching"
    label = "matching"
    verbose_name = "Vermittlung"

    def ready(self) -> None:
        """See to the database's settings after every migration, that of a restored copy too."""
        post_migrate.connect(database_settings.see_to_them, sender=self)
