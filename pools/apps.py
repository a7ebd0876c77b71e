"""Who may see what."""

from django.apps import AppConfig


class PoolsConfig(AppConfig):
    """People, pools, memberships, organisations, rules."""

    name = "pools"
    verbose_name = "Pools"
