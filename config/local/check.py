"""``python -m config.local.check``: whether the servers' programs run on this machine."""

import os
import subprocess
import sys

from config.local.binaries import postgres_folder, postgres_major, valkey_program
from config.local.errors import LocalServiceError
from config.local.paths import home


def check() -> list[str]:
    """One line for each server that this installation would start, with its version.

    Raises LocalServiceError where one is missing or does not run on this machine.
    """
    lines = []
    if not os.environ.get("DATABASE_URL"):
        folder = postgres_folder(home() / "postgres" / "cluster" / "data")
        lines.append(f"PostgreSQL {postgres_major(folder)}: {folder}")
    if not os.environ.get("BROKER_URL"):
        program = valkey_program()
        try:
            answer = subprocess.run(
                [program, "--version"], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise LocalServiceError(
                "broker-broken",
                f"{program} does not run on this machine ({error}). Install valkey-server or "
                "redis-server, or set BROKER_URL to a running Redis or RabbitMQ.",
            ) from error
        lines.append(f"{answer.strip()}: {program}")
    return lines


if __name__ == "__main__":
    try:
        sys.stdout.write("\n".join(check()) + "\n")
    except LocalServiceError as error:
        sys.exit(f"error: {error}")
