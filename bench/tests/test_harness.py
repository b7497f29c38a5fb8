"""The harness itself: what it reads, how it judges, and that it leaves nothing behind."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import load, net, proc, report, results, wrk
from harness.cli import MEASURE
from harness.errors import BenchError
from harness.options import PARTS
from harness.results import CPU, CPU_CYCLE, CYCLES, P50, RATE, Bound, Part
from harness.server import Server
from harness.stats import Better, Outcome, compare

WRK = """
  Latency Distribution
     50%  500.00us
     75%    1.20ms
     90%    2.00ms
     99%    4.13ms
  67660 requests in 1.00s, 9.00MB read
{errors}Requests/sec:  67660.12
"""


class Reading(unittest.TestCase):
    """wrk's report."""

    def test_units_are_milliseconds(self) -> None:
        """Microseconds and milliseconds stand side by side in one report."""
        seen = wrk.parse(WRK.format(errors=""), refused=False)
        self.assertEqual(seen, wrk.Load(requests=67660, requests_per_second=67660.12, p50=0.5, p99=4.13))

    def test_answers_of_the_wrong_class_give_no_number(self) -> None:
        """A server that refuses quickly must not win."""
        refused = WRK.format(errors="  Non-2xx or 3xx responses: 67660\n")
        self.assertRaisesRegex(BenchError, "67660 of 67660", wrk.parse, refused, refused=False)
        self.assertEqual(wrk.parse(refused, refused=True).requests, 67660)
        self.assertRaises(BenchError, wrk.parse, WRK.format(errors=""), refused=True)


class Loading(unittest.TestCase):
    """The load generators."""

    REPORT = '{"cycles": 4, "cycles_per_second": 2.0, "p50_ms": 1.5, "p99_ms": 3.0, "steps_p50_ms": {"send": 0.5}}'

    def test_a_report_becomes_a_sample(self) -> None:
        """The whole, and the steps that are asked for."""
        step = results.Measure("send p50", "ms", Better.LOWER)
        with tempfile.TemporaryDirectory() as folder, Server("idle", ["sleep", "60"], Path(folder) / "log") as server:
            seen = load.sample(server, lambda: load.run(["echo", self.REPORT], 10), CYCLES, CPU_CYCLE, [step])
        self.assertEqual((seen[CYCLES], seen[P50], seen[step]), (2.0, 1.5, 0.5))

    def test_what_gives_no_number_says_why(self) -> None:
        """A generator that fails, one that never ends, and one that did nothing."""
        self.assertRaisesRegex(
            BenchError, "a message is lost", load.run, ["sh", "-c", "echo a message is lost >&2; exit 1"], 10
        )
        self.assertRaisesRegex(BenchError, "waiting for more than", load.run, ["sleep", "60"], 0.1)
        self.assertRaisesRegex(BenchError, "nothing was done", load.run, ["echo", '{"cycles": 0}'], 10)


class Parts(unittest.TestCase):
    """What can be asked for."""

    def test_every_part_has_its_module(self) -> None:
        """The command line and the table of parts name the same."""
        self.assertEqual(list(PARTS), list(MEASURE))


class Judging(unittest.TestCase):
    """Who wins."""

    def outcome(self, ours: list[float], peer: list[float], better: Better = Better.HIGHER) -> Outcome:
        """The outcome of a comparison that has one."""
        comparison = compare(ours, peer, better)
        assert comparison
        return comparison.outcome

    def test_the_better_side_wins(self) -> None:
        """More requests win, more CPU loses."""
        self.assertIs(self.outcome([200.0], [100.0]), Outcome.OURS)
        self.assertIs(self.outcome([200.0], [100.0], Better.LOWER), Outcome.PEER)

    def test_rounds_that_disagree_are_even(self) -> None:
        """Two of three is noise; one outlier in five is forgiven."""
        self.assertIs(self.outcome([110, 110, 80], [100, 100, 100]), Outcome.EVEN)
        self.assertIs(self.outcome([110, 110, 110, 110, 80], [100] * 5), Outcome.OURS)
        self.assertIs(self.outcome([102], [100]), Outcome.EVEN)

    def test_nothing_to_divide_by_is_no_comparison(self) -> None:
        """A peer's zero, or its absence."""
        self.assertIsNone(compare([1.0], [0.0], Better.LOWER))
        self.assertIsNone(compare([1.0], [], Better.LOWER))


class Reporting(unittest.TestCase):
    """RESULTS.md."""

    def part(self) -> Part:
        """Two contenders, one that lost its case."""
        part = Part("Edge", ["Taxiway"], ["nginx"])
        for name, value in (("Taxiway", 90.0), ("nginx", 100.0)):
            part.add("small", RATE, name, value)
            part.add("large", CPU, name, value)
        part.drop("large", "nginx", "socket errors")
        return part

    def test_a_loss_is_said_as_plainly_as_a_win(self) -> None:
        """The winner stands in the line; a dropped contender has its reason."""
        text = report.render({"edge": self.part()})
        self.assertIn("| small | throughput, requests/s | 90.0 | 100 | 0.900× nginx, **nginx wins** |", text)
        self.assertIn("- skipped: nginx, large: socket errors", text)
        self.assertIn("| large | CPU per request, µs | 90.0 | – | no comparison |", text)

    def test_a_goal_stands_beside_its_ratio(self) -> None:
        """At least where more is better, at most where less is; none where the peer gave no number."""
        part = self.part()
        for case, measure, ratio in (("small", RATE, 0.8), ("large", CPU, 0.5)):
            part.bind(case, measure, Bound("Taxiway", "nginx", ratio))
        self.assertIn("**nginx wins**; goal Taxiway at least 0.800× nginx met |", report.render({"edge": part}))
        part.add("small", CPU, "Taxiway", 90.0)
        part.add("small", CPU, "nginx", 100.0)
        part.bind("small", CPU, Bound("Taxiway", "nginx", 0.5))
        text = report.render({"edge": part})
        self.assertIn("**Taxiway wins**; goal Taxiway at most 0.500× nginx **missed** |", text)
        self.assertIn("| large | CPU per request, µs | 90.0 | – | no comparison |", text)

    def test_results_survive_the_file(self) -> None:
        """What is loaded renders as what was saved; a broken file is an empty one."""
        part = self.part()
        part.bind("small", RATE, Bound("Taxiway", "nginx", 0.8))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "results.json"
            results.save(path, {"edge": part})
            self.assertEqual(results.load(path), {"edge": part})
            path.write_text("{")
            self.assertEqual(results.load(path), {})


class Ending(unittest.TestCase):
    """Processes."""

    def test_a_stopped_server_leaves_no_child(self) -> None:
        """Also a child that ignores SIGTERM."""
        script = "trap '' TERM; (trap '' TERM; exec sleep 60) & trap 'exit 0' TERM; wait"
        with tempfile.TemporaryDirectory() as folder:
            server = Server("stubborn", ["sh", "-c", script], Path(folder) / "log")
            server.wait_until(lambda: len(proc.tree(server.pid)) == 2)
            processes = proc.tree(server.pid)
            server.stop()
        self.assertEqual([process for process in processes if proc.alive(process)], [])

    def test_a_server_that_ends_at_once_says_why(self) -> None:
        """Its last line is the reason."""
        with tempfile.TemporaryDirectory() as folder:
            command = ["sh", "-c", "echo no such port; exit 3"]
            with Server("broken", command, Path(folder) / "log") as server:
                waiting = net.answers(net.free_port(), "/")
                self.assertRaisesRegex(BenchError, "ended with 3 at once: no such port", server.wait_until, waiting)


if __name__ == "__main__":
    unittest.main()
