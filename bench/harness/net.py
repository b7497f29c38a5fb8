"""Free ports and plain HTTP requests on loopback."""

import http.client
import socket
from collections.abc import Callable, Mapping

from .errors import BenchError

HOST = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def request(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> tuple[int, bytes]:
    """One request on a connection of its own: status and body; a server that does not answer is an error."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"{method} {path} on port {port} had no answer: {error!r}") from error
    finally:
        connection.close()


def answers(port: int, path: str, status: int = 200) -> Callable[[], bool]:
    """A condition: a GET of `path` is answered with `status`."""

    def ready() -> bool:
        try:
            return request(port, "GET", path, timeout=2.0)[0] == status
        except BenchError:
            return False

    return ready
