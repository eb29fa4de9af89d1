"""Another service that people may sign in through: OpenID Connect with code, PKCE and signed tokens.

It knows one person, who has to press a link of its page, and one client; whatever does not fit is
refused, as a real one would.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

PERSON = {
    "sub": "u-1207",
    "name": "沈砚秋",
    "email": "shen@elsewhere.example",
    "email_verified": True,
}


class Identity(ThreadingHTTPServer):
    """`asked`: the paths that were called, in their order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.client, self.secret = "pingju", secrets.token_hex(8)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.asked: list[str] = []

    def settings(self) -> dict[str, Any]:
        """What SOCIAL_LOGINS says for it."""
        app = {
            "provider_id": "elsewhere", "name": "Elsewhere", "client_id": self.client,
            "secret": self.secret, "settings": {"server_url": self.url, "oauth_pkce_enabled": True},
        }  # fmt: skip
        return {"openid_connect": app}


class Handler(BaseHTTPRequestHandler):
    server: Identity

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(self._configuration())
        elif parts.path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self._json({"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]})
        elif parts.path == "/authorize":
            self._page(asked)
        elif parts.path == "/authorize/yes":
            code = secrets.token_hex(8)
            self.server.codes[code] = asked
            self._go(asked["redirect_uri"], {"code": code, "state": asked["state"]})
        elif parts.path == "/authorize/no":
            self._go(asked["redirect_uri"], {"error": "access_denied", "state": asked["state"]})
        elif parts.path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._json(PERSON if token in self.server.tokens else {"error": "invalid_token"},
                       200 if token in self.server.tokens else 401)  # fmt: skip
        else:
            self._json({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.asked.append(self.path)
        wanted = self.server.codes.pop(sent.get("code", ""), None)
        if wanted is None or not self._fits(sent, wanted):
            self._json({"error": "invalid_grant"}, 400)
            return
        token, now = secrets.token_hex(8), int(time.time())
        self.server.tokens.add(token)
        claims = {**PERSON, "iss": self.server.url, "aud": self.server.client, "iat": now,
                  "exp": now + 300}  # fmt: skip
        signed = jwt.encode(claims, self.server.key, algorithm="RS256", headers={"kid": "1"})
        self._json({"access_token": token, "id_token": signed, "token_type": "Bearer"})

    def _fits(self, sent: dict[str, str], wanted: dict[str, str]) -> bool:
        """Client, secret, address and the proof that it is who began."""
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            (sent.get("client_id"), sent.get("client_secret"))
            == (self.server.client, self.server.secret)
            and sent.get("redirect_uri") == wanted["redirect_uri"]
            and wanted.get("code_challenge") == proof
        )

    def _configuration(self) -> dict[str, Any]:
        ends = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        paths = ("/authorize", "/token", "/userinfo", "/jwks")
        at = {end: self.server.url + path for end, path in zip(ends, paths, strict=True)}
        return {
            "issuer": self.server.url, **at, "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip

    def _page(self, asked: dict[str, str]) -> None:
        known = asked.get("client_id") == self.server.client and "openid" in asked.get("scope", "")
        links = "".join(
            f'<a id="{word}" href="/authorize/{word}?{urlencode(asked)}">{word}</a> '
            for word in ("yes", "no")
        )
        self._send(
            f"<!doctype html><title>Elsewhere</title><p>{links}".encode(), "text/html",
            200 if known else 400,
        )  # fmt: skip

    def _go(self, address: str, more: dict[str, str]) -> None:
        self.send_response(302)
        self.send_header("Location", f"{address}?{urlencode(more)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@contextlib.contextmanager
def identifying() -> Iterator[Identity]:
    server = Identity()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
