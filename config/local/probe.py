"""Asking a server over its unix socket whether it serves, in a few bytes and without a client."""

import socket
import struct
from pathlib import Path

PROTOCOL_3_0 = 196608


def _exchange(path: Path, message: bytes, size: int) -> bytes:
    """What the server answers first to ``message``; empty where nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        try:
            connection.connect(str(path))
            connection.sendall(message)
            return connection.recv(size)
        except OSError:
            return b""


def postgres(path: Path, user: str, database: str) -> str:
    """``ok``, ``absent``, or the SQLSTATE with which PostgreSQL refuses.

    Sends a StartupMessage (PostgreSQL documentation, "Message Formats") and reads the first
    message of the answer: ``R`` (authentication) or ``E`` (error, whose field ``C`` is the code).
    """
    fields = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database))
    body = struct.pack("!i", PROTOCOL_3_0) + fields + b"\0"
    answer = _exchange(path, struct.pack("!i", len(body) + 4) + body, 4096)
    if not answer:
        return "absent"
    if answer[:1] == b"E":
        codes = [field[1:].decode() for field in answer[5:].split(b"\0") if field[:1] == b"C"]
        return codes[0] if codes else "unknown"
    # R with code 0 is AuthenticationOk; an error about the database follows it in the same burst.
    following = answer[9:]
    if following[:1] == b"E":
        codes = [field[1:].decode() for field in following[5:].split(b"\0") if field[:1] == b"C"]
        return codes[0] if codes else "unknown"
    return "ok" if answer[:9] == b"R" + struct.pack("!ii", 8, 0) else "authentication"


def valkey(path: Path) -> bool:
    """Whether a Redis-protocol server answers PING (a server still loading its file does not)."""
    return _exchange(path, b"PING\r\n", 64).startswith(b"+PONG")
