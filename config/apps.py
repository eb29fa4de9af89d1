from django.apps import AppConfig


class PingjuConfig(AppConfig):
    """The house itself: pages that belong to no room, system checks, commands that join rooms."""

    name = "config"
    label = "house"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the system checks
