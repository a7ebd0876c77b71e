"""The settings of the demonstration, in a database of its own, its files served as they stand."""

from __future__ import annotations

import os

os.environ["LOTSENRUF_ENVIRONMENT"] = "demo"

from config.settings import *  # noqa: F403 - the point of the file
from config.settings import DATABASES, STORAGES

DATABASES["default"]["TEST"] = {"NAME": "lotsenruf_screens"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
