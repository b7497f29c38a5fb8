"""The edge against nginx and HAProxy, each in front of the same backend."""

from collections.abc import Callable

from .. import build, install, proxies, wrk
from ..bench import Bench, Sample, case_of
from ..machine import version_of
from ..results import CPU, IDLE_PSS, IDLE_RSS, P50, P99, PEAK_RSS, RATE, Part
from ..server import Server

OURS, NGINX, HAPROXY = "Taxiway", "nginx", "HAProxy"
CONNECTIONS = (1, 16, 64, 256)
BODIES = {"64 B body": 64, "16 KiB body": 16 * 1024}
Fleet = dict[str, dict[str, tuple[Server, int]]]

NOTES = [
    "Each proxies to one backend (nginx answering from memory) with "
    f"{proxies.WORKERS} workers or threads, upstream keep-alive, logging off.",
    "Each sets X-Forwarded-For, -Proto and -Port, as a load balancer does. Nobody checks the backend's health.",
    "wrk, the proxy and the backend share the machine's cores.",
]


def measure(bench: Bench) -> Part:
    """All connections and bodies; memory before the first request and at its highest after the last."""
    install.program("wrk")
    nginx = install.program("nginx")
    part = Part("Edge: one proxy in front of one backend", [OURS], [NGINX, HAPROXY], list(NOTES))
    backends = {case: proxies.backend(bench, nginx, size) for case, size in BODIES.items()}
    fleet = _fleet(bench, part, nginx, backends)
    for body in BODIES:
        for connections in CONNECTIONS:
            bench.take_turns(part, f"{body}, {case_of(connections)}", fleet, _run(fleet, body, connections))
    for name, servers in fleet.items():
        server, _ = servers[next(iter(BODIES))]
        part.add("64 B body, all cases", PEAK_RSS, name, server.memory().peak)
    part.versions = {
        "nginx": version_of([nginx, "-v"]),
        "haproxy": version_of(["/usr/sbin/haproxy", "-v"]),
        "wrk": version_of(["wrk", "-v"]),
    }
    return part


def _fleet(bench: Bench, part: Part, nginx: str, backends: dict[str, int]) -> Fleet:
    """One proxy per contender and backend; those without work stand still and cost nothing."""

    def each(start: Callable[[int], tuple[Server, int]]) -> dict[str, tuple[Server, int]]:
        return {case: start(port) for case, port in backends.items()}

    def ours() -> dict[str, tuple[Server, int]]:
        program = build.edge_proxy()
        return each(lambda target: proxies.taxiway(bench, program, target))

    def haproxy() -> dict[str, tuple[Server, int]]:
        program = install.program("haproxy")
        return each(lambda target: proxies.haproxy(bench, program, target))

    makers = {OURS: ours, NGINX: lambda: each(lambda target: proxies.nginx(bench, nginx, target)), HAPROXY: haproxy}
    fleet = bench.available(part, makers)
    for name, servers in fleet.items():
        memory = next(iter(servers.values()))[0].memory()
        part.add("before the first request", IDLE_RSS, name, memory.rss)
        part.add("before the first request", IDLE_PSS, name, memory.pss)
    return fleet


def _run(fleet: Fleet, body: str, connections: int) -> Callable[[str, int], Sample]:
    def run(name: str, seconds: int) -> Sample:
        server, port = fleet[name][body]
        before = server.cpu_seconds()
        seen = wrk.run(port, "/", connections, seconds)
        cpu = server.cpu_seconds() - before
        return {RATE: seen.requests_per_second, P50: seen.p50, P99: seen.p99, CPU: cpu * 1e6 / seen.requests}

    return run
