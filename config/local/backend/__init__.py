"""Django's PostgreSQL backend on the local database (ENGINE ``config.local.backend``)."""
