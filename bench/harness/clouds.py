"""The clouds under test: ours at both durability levels, and moto's server."""

from pathlib import Path

from . import net
from .aws import Cloud
from .bench import Bench
from .paths import venv_program
from .server import Server


def taxiway(bench: Bench, program: Path, durability: str, name: str = "taxiway cloud") -> tuple[Server, Cloud]:
    """`taxiway cloud`, ready to answer."""
    port = net.free_port()
    command = [str(program), "cloud", "--ephemeral", "--port", str(port), "--durability", durability]
    return _ready(bench.start(f"{name} {durability} {port}", command), port)


def moto(bench: Bench) -> tuple[Server, Cloud]:
    """moto's server, ready to answer."""
    port = net.free_port()
    return _ready(bench.start(f"moto {port}", [venv_program("moto_server"), "-H", net.HOST, "-p", str(port)]), port)


def _ready(server: Server, port: int) -> tuple[Server, Cloud]:
    cloud = Cloud(port)
    server.wait_until(cloud.ready)
    return server, cloud
