"""The connection that starts the local services before it is made."""

from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from config import local


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django knows it; asking for a connection has the local services run."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            local.ensure()
        except local.LocalServiceError as error:
            raise OperationalError(str(error)) from error
        return super().get_new_connection(conn_params)
