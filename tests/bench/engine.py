"""`make bench-engine`: the engine alone, next to two state machines that make the same guarded transition.

Every pass goes over a pool of different orders and claims: ids, quantities, prices, reasons and instants differ,
as they do in the service.
"""

import argparse
import dataclasses
import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from random import Random
from statistics import median

from app.engine import Decision, Facts, Progress, Quote, Refused, advance, decide, quote
from app.engine.model.claim import Actor, Claim
from app.engine.model.commands import Approve, Request, RequestedLine
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Kind, Reason, Role
from app.engine.policy.index import index_policy
from app.presets.loader import calendar_for, preset
from app.service.ids import new_id
from app.service.policies import make_facts
from tests.bench import machines

POLICY = preset("storefront_kr")
BUYER = Actor(role=Role.BUYER, name="mina")
APPROVE = Approve(by=Actor(role=Role.SELLER, name="jiwoo"))
NOW = datetime(2026, 6, 15, 1, tzinfo=UTC)
RULES = index_policy(POLICY, calendar_for(POLICY.country, POLICY.time_zone, NOW.year - 7, NOW.year + 5))
"""The index of the policy for its calendar: the service makes it once, and uses it for every order."""
BOTH_FAULTS = (Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.DEFECTIVE, Reason.NOT_AS_DESCRIBED)


@dataclass(frozen=True)
class RequestWithFacts:
    """A buyer's request, and the facts for its decision."""

    request: Request
    facts: Facts


@dataclass(frozen=True)
class ClaimWithFacts:
    """A claim that waits for its answer, and the facts as its request left them."""

    claim: Claim
    facts: Facts


@dataclass(frozen=True)
class Row:
    """`work` is one pass over the pool and is timed; `ready`, before each pass, is not. `count` is for a row with
    another pool."""

    name: str
    work: Callable[[], object]
    ready: Callable[[], object] = lambda: None
    count: int | None = None


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.engine", description=__doc__)
    options.add_argument("--pool", type=int, default=1000, help="different claims, and different orders to quote")
    options.add_argument("--rounds", type=int, default=15, help="passes over the pool, in turns")
    chosen = options.parse_args()
    approving = [open_claim(return_request(number, lines=1)) for number in range(chosen.pool)]
    quoting = [return_request(number, lines=3) for number in range(chosen.pool)]
    large = [return_request(number, lines=500) for number in range(max(1, chosen.pool // 100))]
    rows = [
        Row("Recourse: decide(approve)", lambda: _approve_all(approving)),
        *machine_rows([one.claim for one in approving]),
        Row("Recourse: a full quote, three lines", lambda: _quote_all(quoting)),
        Row("Recourse: a full quote, 500 lines", lambda: _quote_all(large), count=len(large)),
        Row("dataclasses.replace of an order", lambda: _replace_all(quoting)),
    ]
    _print(rows, _measured(rows, chosen.pool, chosen.rounds), chosen.pool, chosen.rounds)


def return_request(number: int, *, lines: int) -> RequestWithFacts:
    """A return of some of each line of an order that was delivered within the last week."""
    random = Random(number)
    delivered_at = NOW - timedelta(seconds=random.randrange(5 * 86_400))
    bought = tuple(_line(str(n), random, delivered_at) for n in range(1, lines + 1))
    discount = random.choice((0, 3_000)) if lines > 1 else 0
    price = sum(line.gross for line in bought) - discount + 3_000
    order = Order(
        order_id=f"order-{number}",
        country="KR",
        currency="KRW",
        policy=POLICY.key,
        paid_at=delivered_at - timedelta(days=3),
        lines=bought,
        discount=discount,
        shipping_charged=3_000,
        payments=(
            Payment(payment_id="points", method="points", captured=1_000),
            Payment(payment_id="card", method="card", captured=price - 1_000),
        ),
    )
    request = Request(
        by=BUYER,
        claim_id=f"claim-{number}",
        kind=Kind.RETURN,
        reason=random.choice(BOTH_FAULTS),
        lines=tuple(RequestedLine(line_id=line.line_id, quantity=random.randint(1, line.quantity)) for line in bought),
        requested_at=NOW - timedelta(seconds=random.randrange(3_600)),
    )
    now = NOW + timedelta(seconds=random.randrange(86_400))
    return RequestWithFacts(request, dataclasses.replace(make_facts(POLICY, order, now), rules=RULES))


def _line(line_id: str, random: Random, delivered_at: datetime) -> OrderLine:
    quantity = random.randint(1, 4)
    return OrderLine(
        line_id=line_id,
        quantity=quantity,
        unit_price=random.randrange(5_000, 40_000, 100),
        shipped=quantity,
        delivered=quantity,
        shipped_at=delivered_at - timedelta(days=1),
        delivered_at=delivered_at,
    )


def open_claim(one: RequestWithFacts) -> ClaimWithFacts:
    progress = _advanced(one)
    return ClaimWithFacts(progress.claim, progress.facts)


def quote_one(one: RequestWithFacts) -> Quote:
    """The work of service/claims.py for a quote, between the load of the order and the answer."""
    answer = quote(one.request, one.facts)
    if isinstance(answer, Refused):
        raise TypeError(answer.refusals)
    return answer


def _advanced(one: RequestWithFacts) -> Progress:
    progress = advance(None, one.request, one.facts, new_id)
    if isinstance(progress, Refused):
        raise TypeError(progress.refusals)
    return progress


def machine_rows(claims: Sequence[Claim]) -> list[Row]:
    """Each machine is built once and put back into its first state before every pass, outside of the timing."""
    closes = NOW + timedelta(days=1)
    many = machines.StateMachines([machines.ClaimModel(claim, closes) for claim in claims])
    one = machines.Transitions([machines.ClaimModel(claim, closes) for claim in claims])
    return [
        Row(f"python-statemachine {version('python-statemachine')}", many.approve_all, many.reset),
        Row(f"transitions {version('transitions')}", one.approve_all, one.reset),
    ]


def _approve_all(pool: Sequence[ClaimWithFacts]) -> None:
    for one in pool:
        if not isinstance(decide(one.claim, APPROVE, one.facts), Decision):
            raise TypeError("it was to be approved")


def _quote_all(pool: Sequence[RequestWithFacts]) -> None:
    for one in pool:
        quote_one(one)


def _replace_all(pool: Sequence[RequestWithFacts]) -> None:
    for one in pool:
        dataclasses.replace(one.facts.order, outbound_charged=1)


def _measured(rows: Sequence[Row], pool: int, rounds: int) -> list[list[float]]:
    """Rates of each row. The rows run in turn, so that other work on the machine slows all alike."""
    for row in (*rows, *rows, *rows):
        row.ready()
        row.work()
    gc.collect()
    gc.freeze()  # the collector skips the pool, which no pass has made
    rates: list[list[float]] = [[] for _ in rows]
    for _ in range(rounds):
        for row, row_rates in zip(rows, rates, strict=True):
            row.ready()
            began = time.process_time()
            row.work()
            row_rates.append((row.count or pool) / (time.process_time() - began))
    return rates


def _print(rows: Sequence[Row], rates: Sequence[Sequence[float]], pool: int, rounds: int) -> None:
    print(f"The engine alone: {pool} different claims or orders, {rounds} rounds, one core, processor time")
    print(f"  {'':<38} {'median':>10} {'best':>10} {'of the first':>13}")
    first = median(rates[0])
    for row, row_rates in zip(rows, rates, strict=True):
        rate = median(row_rates)
        print(f"  {row.name:<38} {rate:8,.0f}/s {max(row_rates):8,.0f}/s {rate / first:13.2f}")
    print(NOTES)


NOTES = """
  An approval of Recourse works out the assessment with its window, the deadline to send the goods back, the
  effects and the event, and makes a new claim. The machines ask two conditions, change a state, and get the end of
  the window as a value. Making orders, claims and machines, and putting machines back, is not in the timing. The last
  row is the standard library's, and says how fast the box is."""


if __name__ == "__main__":
    main()
