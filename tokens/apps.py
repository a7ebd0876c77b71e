"""Which programs may act for whom."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Access tokens for the API."""

    name = "tokens"
    label = "tokens"
    verbose_name = "Zugänge für Programme"
