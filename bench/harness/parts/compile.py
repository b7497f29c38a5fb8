"""Compiling the five systems, in every environment, beside CDK for Terraform and `terraform fmt`."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .. import build, install
from ..bench import Bench, Sample
from ..errors import BenchError
from ..paths import PEERS, ROOT
from ..results import TIME, Part

OURS, CDKTF, FMT = "Taxiway", "cdktf", "terraform fmt"
IN_MEMORY, TO_DISK = "in memory", "to disk"
GOAL_MS = 20.0
ROUNDS_IN_MEMORY = 50
PATIENCE_SECONDS = 60

# Resources of each stack, as `terraform plan` counts them: bootstrap, data and compute of the ten environments.
RESOURCES = [
    *(42, 41, 54), *(42, 47, 58),  # ingest: dev, prod
    *(46, 51, 40),  # flights: prod
    *(42, 32, 101), *(42, 32, 101), *(42, 32, 103),  # bootstrap: dev, test, prod
    *(46, 36, 57), *(46, 36, 57),  # knowledge: dev, prod
    *(39, 56, 35), *(39, 60, 35),  # tracker: staging, production
]  # fmt: skip

NOTES = [
    "All manifests below systems/, in each environment but `local`: three stacks each, with their modules.",
    "In memory is one pass of reading, resolving and compiling, without a process or a disk (the fastest of "
    f"{ROUNDS_IN_MEMORY}). To disk is what a person waits for: `taxiway compile` for each of the five manifests, into "
    "new folders; one `node` that synthesizes stacks with as many resources; one `terraform fmt` over the files that "
    "Taxiway wrote.",
    "cdktf is driven without a provider package, which would only be slower, and makes JSON without modules.",
]


def measure(bench: Bench) -> Part:
    """Ours in memory against the goal, then to disk against the peers."""
    part = Part("Compile for AWS", [OURS], [CDKTF, FMT], list(NOTES))
    example, program = build.compiler(), build.taxiway()
    manifests = sorted(ROOT.glob("systems/*/taxiway.yaml"))
    bench.take_turns(part, IN_MEMORY, [OURS], lambda _, __: _in_memory(example, manifests))
    part.aim(IN_MEMORY, TIME, GOAL_MS)
    written = _compiled(bench, program, manifests)
    makers: dict[str, Callable[[], Callable[[], None]]] = {
        OURS: lambda: lambda: _ours(bench, program, manifests),
        CDKTF: lambda: _cdktf(bench),
        FMT: lambda: _fmt(written),
    }
    runs = bench.available(part, makers)
    bench.take_turns(part, TO_DISK, runs, lambda name, _: _timed(runs[name]))
    part.versions = {"terraform": _terraform_version(), "cdktf": _cdktf_version()}
    return part


def _in_memory(example: Path, manifests: Sequence[Path]) -> Sample:
    said = _run([str(example), str(ROUNDS_IN_MEMORY), *map(str, manifests)])
    return {TIME: float(json.loads(said)["ms"])}


def _timed(run: Callable[[], None]) -> Sample:
    begun = time.monotonic()
    run()
    return {TIME: (time.monotonic() - begun) * 1000}


def _ours(bench: Bench, program: Path, manifests: Sequence[Path]) -> None:
    folder = bench.folder / f"compiled-{time.monotonic_ns()}"
    for manifest in manifests:
        out = folder / manifest.parent.name
        _run([str(program), "compile", str(manifest.parent), "--target", "aws", "--out", str(out)])


def _compiled(bench: Bench, program: Path, manifests: Sequence[Path]) -> Path:
    _ours(bench, program, manifests)
    return next(bench.folder.glob("compiled-*"))


def _cdktf(bench: Bench) -> Callable[[], None]:
    script = install.node_packages("cdktf") / "synth.js"
    node = shutil.which("node") or "node"

    def run() -> None:
        out = bench.folder / f"cdktf-{time.monotonic_ns()}"
        _run([node, str(script), str(out), *map(str, RESOURCES)])

    return run


def _fmt(written: Path) -> Callable[[], None]:
    terraform = install.program("terraform")

    def run() -> None:
        _run([terraform, "fmt", "-check", "-recursive", str(written)])

    return run


def _terraform_version() -> str:
    try:
        return str(json.loads(_run(["terraform", "version", "-json"]))["terraform_version"])
    except (BenchError, KeyError, ValueError):
        return "not installed"


def _cdktf_version() -> str:
    package = json.loads((PEERS / "cdktf" / "package.json").read_text())
    return str(package["dependencies"]["cdktf"])


def _run(command: Sequence[str]) -> str:
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise BenchError(f"{command[0]} did not run: {reason}") from reason
    if finished.returncode != 0:
        raise BenchError(f"{Path(command[0]).name} failed: {(finished.stderr or finished.stdout).strip()[-200:]}")
    return finished.stdout
