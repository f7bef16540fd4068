"""`python -m tests.bench.engine_versions FOLDER`: the speed of the engine next to that of another checkout.

Each checkout runs in a process of its own, and the two take turns over the same 100 claims and orders, so that other
load on the box meets both. The ratio is that of the best passes, in processor time.
"""

import argparse
import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.engine import decide, quote
from app.engine.policy.index import index_policy
from app.presets.loader import calendar_for, preset
from tests.bench import engine

PLACES = {"storefront_kr": ("KR", "KRW"), "kr": ("KR", "KRW"), "eu": ("DE", "EUR")}
POOL = 100
Pass = Callable[[], object]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.engine_versions", description=__doc__)
    options.add_argument("folder", type=Path, help="another checkout, since 0.2.0")
    options.add_argument("--rounds", type=int, default=150, help="passes over the pool")
    options.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        _serve_passes()
        return
    children = [_child(folder) for folder in (chosen.folder.resolve(), Path(__file__).parents[2])]
    ready = [_line(child) for child in children]
    names = ready[0].split("|")
    best = {name: [float("inf"), float("inf")] for name in names}
    for _ in range(chosen.rounds):
        for name in names:
            for place, child in enumerate(children):
                best[name][place] = min(best[name][place], float(_line(child, name)))
    print(f"{'':<44} {'other':>9} {'this':>9} {'speed':>6}")
    for name, (other, this) in best.items():
        print(f"{name:<44} {other / POOL * 1e6:6.1f} us {this / POOL * 1e6:6.1f} us {other / this:6.2f}")
    for child in children:
        child.communicate()


def _child(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", __file__, "--child", str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(child: subprocess.Popen[str], name: str | None = None) -> str:
    assert child.stdin
    assert child.stdout
    if name is not None:
        child.stdin.write(f"{name}\n")
        child.stdin.flush()
    return child.stdout.readline().strip()


def _serve_passes() -> None:
    """One timed pass for each name on standard input."""
    passes = {f"{name}, {policy}": work for policy in PLACES for name, work in _passes(policy).items()}
    for work in (*passes.values(), *passes.values(), *passes.values()):
        work()
    gc.collect()
    gc.freeze()  # the collector skips the pool, which no pass has made
    print("|".join(passes), flush=True)
    for line in sys.stdin:
        work = passes[line.strip()]
        began = time.process_time()
        work()
        print(time.process_time() - began, flush=True)


def _passes(policy: str) -> dict[str, Pass]:
    one, three = _pool(policy, lines=1), _pool(policy, lines=3)
    return {
        "decide(approve), one line": _approvals(one),
        "decide(approve), three lines": _approvals(three),
        "decide(request), one line": lambda: [decide(None, each.request, each.facts) for each in one],
        "quote, three lines": lambda: [quote(each.request, each.facts) for each in three],
    }


def _approvals(pool: list[engine.RequestWithFacts]) -> Pass:
    claims = [engine.open_claim(each) for each in pool]
    return lambda: [decide(each.claim, engine.APPROVE, each.facts) for each in claims]


def _pool(policy: str, *, lines: int) -> list[engine.RequestWithFacts]:
    """The requests of the bench, for orders of the policy's country."""
    law, (country, currency) = preset(policy), PLACES[policy]
    rules = index_policy(law, calendar_for(law.country, law.time_zone, engine.NOW.year - 7, engine.NOW.year + 5))
    requests = [engine.return_request(number, lines=lines) for number in range(POOL)]
    return [
        replace(
            each,
            facts=replace(
                each.facts,
                rules=rules,
                order=replace(each.facts.order, policy=law.key, country=country, currency=currency),
            ),
        )
        for each in requests
    ]


if __name__ == "__main__":
    main()
