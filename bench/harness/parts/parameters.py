"""Parameters and secrets against moto: reading one."""

from collections.abc import Callable
from pathlib import Path

from .. import build, clouds, load
from ..aws import Cloud
from ..bench import Bench, Sample, case_of
from ..machine import package_versions
from ..results import CPU, RATE, Part
from ..server import Server

OURS, MOTO = "Taxiway", "moto"
CONNECTIONS = (1, 16)
NAME, VALUE = "/bench/token", "a-value-of-thirty-two-characters"
CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "GetParameter": ("AmazonSSM.GetParameter", {"Name": NAME, "WithDecryption": True}),
    "GetSecretValue": ("secretsmanager.GetSecretValue", {"SecretId": NAME}),
}
Fleet = dict[str, tuple[Server, Cloud]]

NOTES = [
    "GetParameter asks for a SecureString with decryption, GetSecretValue for a string; every answer is held against "
    "the value.",
    "Taxiway keeps both encrypted on disk and decrypts them for each answer; moto keeps them in memory as they are.",
]


def measure(bench: Bench) -> Part:
    """Both calls on one and on many connections."""
    generator = build.load()
    part = Part("Parameters and secrets: read one", [OURS], [MOTO], list(NOTES))
    makers = {
        OURS: lambda: clouds.taxiway(bench, build.taxiway(), "process-crash"),
        MOTO: lambda: clouds.installed_moto(bench),
    }
    fleet = bench.available(part, makers)
    for _, cloud in fleet.values():
        cloud.put_parameter(NAME, VALUE)
        cloud.create_secret(NAME, VALUE)
    for call in CALLS:
        for connections in CONNECTIONS:
            bench.take_turns(part, f"{call}, {case_of(connections)}", fleet, _run(fleet, generator, connections, call))
    part.versions = package_versions(["moto", "werkzeug"])
    return part


def _run(fleet: Fleet, program: Path, connections: int, call: str) -> Callable[[str, int], Sample]:
    target, arguments = CALLS[call]

    def run(name: str, seconds: int) -> Sample:
        server, cloud = fleet[name]
        generator = load.Generator(program, cloud.port, connections)
        return load.sample(server, lambda: generator.call(target, arguments, VALUE, seconds), RATE, CPU)

    return run
