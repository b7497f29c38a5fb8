"""RESULTS.md from what was measured."""

from .results import Bound, Part, Row
from .stats import Better, Comparison, Outcome, compare, median

HEAD = """# Side by side with its peers

Written by `bench/run`; the numbers of every round are in `results.json`. Run all of it again with `bench/run`, or one
part with `bench/run edge`.

How to read it
- Contenders take turns (A B C A B C …). A cell is the median of the rounds, with the lowest and highest in brackets.
- A ratio is Taxiway's number divided by the peer's in the same round; the median of the rounds is shown. *Even* means
  within 3 %, or that the rounds disagree.
- Throughput: more is better. Latency, CPU, memory and start time: less is better, so a ratio under 1 is a win there.
- Load generator, server and backend share the processors of one machine over loopback. Throughput therefore shows what
  the whole bench can do; CPU per request (user and system time of the server's processes, from /proc) is what the
  server itself costs, and the steadier number.
- Latency is that of a closed loop: a connection sends its next request when it has its answer. It compares servers; it
  does not predict a loaded site.
- RSS is the sum over the server's processes, which counts a shared page once in each; PSS divides it among them.
- What could not be measured says `skipped` and why. What has no line here is not claimed.
"""


def render(parts: dict[str, Part]) -> str:
    """The whole document."""
    return "\n".join([HEAD, *(_section(part) for part in parts.values())])


def _section(part: Part) -> str:
    lines = [f"## {part.title}", ""]
    lines += [f"{name}: {value}  " for name, value in part.circumstances.items()]
    lines += [f"Versions: {', '.join(f'{name} {version}' for name, version in part.versions.items())}", ""]
    lines += [f"- {note}" for note in part.notes] + [""]
    lines += [f"- skipped: {what}: {reason}" for what, reason in part.skipped.items()]
    lines += [""] if part.skipped else []
    return "\n".join(lines + _table(part)) + "\n"


def _table(part: Part) -> list[str]:
    if not part.rows:
        return ["Nothing was measured."]
    contenders = [name for name in part.contenders if any(name in row.values for row in part.rows)]
    head = ["Case", "Measure", *contenders, "Ratio and winner"]
    lines = [_line(head), _line(["---"] * len(head))]
    for row in part.rows:
        cells = [_cell(row.values.get(name)) for name in contenders]
        lines.append(_line([row.case, f"{row.measure}, {row.unit}", *cells, _verdict(part, row)]))
    return lines


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(values: list[float] | None) -> str:
    if not values:
        return "–"
    if len(values) == 1:
        return number(values[0])
    return f"{number(median(values))} ({number(min(values))}–{number(max(values))})"


def _verdict(part: Part, row: Row) -> str:
    said = [_said(part, ours, peer, outcome) for ours, peer, outcome in _comparisons(part, row)]
    said += [_goal(row, name) for name in part.ours if row.goal is not None and name in row.values]
    said += _bound(row, row.bound) if row.bound else []
    return "; ".join(said) or "no comparison"


def _comparisons(part: Part, row: Row) -> list[tuple[str, str, Comparison]]:
    pairs = [(ours, peer) for ours in part.ours for peer in part.peers if ours in row.values and peer in row.values]
    compared = [(ours, peer, compare(row.values[ours], row.values[peer], Better(row.better))) for ours, peer in pairs]
    return [(ours, peer, comparison) for ours, peer, comparison in compared if comparison]


def _said(part: Part, ours: str, peer: str, comparison: Comparison) -> str:
    winner = {Outcome.OURS: f"**{ours} wins**", Outcome.PEER: f"**{peer} wins**", Outcome.EVEN: "even"}[
        comparison.outcome
    ]
    subject = f"{ours} " if len(part.ours) > 1 else ""
    return f"{subject}{number(comparison.ratio)}× {peer}, {winner}"


def _bound(row: Row, bound: Bound) -> list[str]:
    better = Better(row.better)
    comparison = compare(row.values.get(bound.ours, []), row.values.get(bound.peer, []), better)
    if not comparison:
        return []
    more = better is Better.HIGHER
    met = comparison.ratio >= bound.ratio if more else comparison.ratio <= bound.ratio
    limit = f"at {'least' if more else 'most'} {number(bound.ratio)}×"
    return [f"goal {bound.ours} {limit} {bound.peer} {'met' if met else '**missed**'}"]


def _goal(row: Row, name: str) -> str:
    met = median(row.values[name]) < (row.goal or 0)
    return f"{name}: goal under {number(row.goal or 0)} {row.unit} {'met' if met else '**missed**'}"


def number(value: float) -> str:
    """About three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if value >= 10 else 2 if value >= 1 else 3}f}"
