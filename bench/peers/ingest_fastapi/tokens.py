"""The shared token, from the parameter store."""

import hmac
import threading
import time

from botocore.client import BaseClient

LIFETIME_SECONDS = 30


class TokenStore:
    """Keeps the token for a while, and looks again when somebody brings another one."""

    def __init__(self, ssm: BaseClient, name: str) -> None:
        self._ssm = ssm
        self._name = name
        self._lock = threading.Lock()
        self._value = ""
        self._read_at = float("-inf")

    def accepts(self, token: str) -> bool:
        """Whether `token` is the current one; botocore's errors pass through."""
        if time.monotonic() - self._read_at < LIFETIME_SECONDS and self._matches(token):
            return True
        self._refresh()
        return self._matches(token)

    def _matches(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._value.encode())

    def _refresh(self) -> None:
        with self._lock:
            answer = self._ssm.get_parameter(Name=self._name, WithDecryption=True)
            self._value = answer["Parameter"]["Value"]
            self._read_at = time.monotonic()
