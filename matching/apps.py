"""Who is asked, who comes."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Candidates, ranking, waves, proposals, assignments."""

    name = "matching"
    label = "matching"
    verbose_name = "Vermittlung"
