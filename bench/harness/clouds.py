"""The clouds under test: ours at both durability levels, moto's server, and ElasticMQ for queues."""

from pathlib import Path

from . import install, net
from .aws import Cloud
from .bench import Bench
from .paths import venv_program
from .server import Server


def taxiway(bench: Bench, program: Path, durability: str, data: Path | None = None) -> tuple[Server, Cloud]:
    """`taxiway cloud`, ready to answer, on a folder of its own unless one is named."""
    port = net.free_port()
    folder = data or bench.folder / f"data-{port}"
    command = [str(program), "cloud", "--data", str(folder), "--port", str(port), "--durability", durability]
    return _ready(bench.start(f"taxiway cloud {durability} {port}", command), port)


def moto(bench: Bench) -> tuple[Server, Cloud]:
    """moto's server, ready to answer."""
    port = net.free_port()
    return _ready(bench.start(f"moto {port}", [venv_program("moto_server"), "-H", net.HOST, "-p", str(port)]), port)


def installed_moto(bench: Bench) -> tuple[Server, Cloud]:
    """The same, installed first where it is missing."""
    install.python_packages()
    return moto(bench)


def elasticmq(bench: Bench, jar: Path) -> tuple[Server, Cloud]:
    """ElasticMQ as it is by default, in memory, ready to answer."""
    port = net.free_port()
    address = f'{{ enabled = true, bind-hostname = "{net.HOST}", bind-port = {port} }}'
    settings = bench.folder / f"elasticmq-{port}.conf"
    lines = ['include classpath("application.conf")', f"rest-sqs {address}", "rest-stats { enabled = false }", ""]
    settings.write_text("\n".join(lines))
    return _ready(bench.start(f"elasticmq {port}", ["java", f"-Dconfig.file={settings}", "-jar", str(jar)]), port)


def _ready(server: Server, port: int) -> tuple[Server, Cloud]:
    cloud = Cloud(port)
    server.wait_until(cloud.ready)
    return server, cloud
