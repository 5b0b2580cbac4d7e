"""Bearer tokens: JWTs with the claims that a public sample token had."""

from __future__ import annotations

import secrets
import time
import uuid

import jwt

from .settings import Settings
from .store import Store

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"


def user_id(user: str) -> str:
    """Return the id of an account."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, user))


class Tokens:
    """Issues and checks tokens with one signing key, which is kept with the state. A new key ends all tokens."""

    def __init__(self, store: Store, settings: Settings) -> None:
        """Take the key from the store when it has one."""
        self._store = store
        self._settings = settings
        self._key = store.note("signing_key") or ""
        if not self._key:
            self.revoke_all()

    def revoke_all(self) -> None:
        """Sign with a new key from now on."""
        self._key = secrets.token_hex(32)
        self._store.set_note("signing_key", self._key)

    def issue(self, user: str, *, remember: bool) -> str:
        """Return a token for the user. Seen: nbf = iat, no iss, no aud, and a life of 30 days with RememberMe."""
        now = int(time.time())
        number = user_id(user)
        claims = {
            f"{_CLAIMS}nameidentifier": number,
            f"{_CLAIMS}emailaddress": "",
            f"{_CLAIMS}name": user,
            "sub": user,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "rol": "api_access",
            "id": number,
            "nbf": now,
            "exp": now + self.lifetime(remember=remember),
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def accepts(self, authorization: str | None) -> bool:
        """Whether an Authorization header carries a valid token: signed with our key and not expired."""
        scheme, _blank, token = (authorization or "").partition(" ")
        if scheme.casefold() != "bearer":
            return False
        try:
            jwt.decode(token.strip(), self._key, algorithms=["HS256"], options={"require": ["exp", "nbf", "sub"]})
        except jwt.InvalidTokenError:
            return False
        return True

    def lifetime(self, *, remember: bool) -> int:
        """Return the seconds that a new token lives."""
        settings = self._settings
        return settings.token_lifetime if remember else settings.token_lifetime_unremembered or settings.token_lifetime
