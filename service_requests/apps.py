"""What is needed. The label is requests: a folder of that name would shadow a library."""

from django.apps import AppConfig


class ServiceRequestsConfig(AppConfig):
    """Requests and their lifecycle."""

    name = "service_requests"
    label = "requests"
    verbose_name = "Anfragen"
