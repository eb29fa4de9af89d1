"""A mail server of this machine that speaks SMTP and fails where it is told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Post:
    """`refuse`: the answers to give instead of going on, by command, each once: "" hangs up."""

    port: int = 0
    refuse: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    calls: int = 0


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        post.calls += 1
        sender, people = "", []
        if not self._goes_on("CONNECT", "220 house ESMTP"):
            return
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split()[0].upper()
            if command == "MAIL":
                sender, people = _address(line), []
            if command == "RCPT":
                people.append(_address(line))
            if command == "DATA":
                if not self._goes_on("DATA", "354 go on"):
                    return
                message = message_from_bytes(self._data(), policy=policy.default)
                if not self._goes_on("END", ""):
                    return
                post.taken.append((sender, people, message))  # type: ignore[arg-type]
                self._say("250 taken")
            elif not self._goes_on(command, "221 bye" if command == "QUIT" else "250 house"):
                return

    def _goes_on(self, command: str, usual: str) -> bool:
        answers = self.server.post.refuse.get(command)  # type: ignore[attr-defined]
        if not answers:
            if usual:
                self._say(usual)
            return True
        answer = answers.pop(0)
        if not answer:
            return False
        self._say(answer)
        return command in ("RCPT", "MAIL")  # the client goes on with QUIT or RSET

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


@contextmanager
def post_office() -> Iterator[Post]:
    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads = True, True

    with Server(("127.0.0.1", 0), _Line) as server:
        post = Post(port=server.server_address[1])
        server.post = post  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield post
        server.shutdown()
