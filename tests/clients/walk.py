"""README's walk with the generated Python client: `walk.py <address> <key>`. Run in the environment of the client."""

import sys
from datetime import UTC, datetime
from typing import Any

from recourse_client import AuthenticatedClient
from recourse_client.api.claims import get_claim, list_claim_events, open_claim, quote_claim
from recourse_client.api.commands import approve_claim, inspect_goods, receive_goods
from recourse_client.api.orders import put_order, report_delivery, report_shipment
from recourse_client.api.refunds import list_refunds, report_refund_succeeded
from recourse_client.models import (
    ApproveClaimRequest,
    Claim,
    ClaimHistoryPage,
    ClaimKind,
    ClaimReason,
    ClaimRequest,
    ClaimState,
    InspectedLine,
    InspectGoodsRequest,
    Order,
    OrderLineInput,
    PaymentInput,
    PutOrderRequest,
    Quote,
    ReceivedLine,
    ReceiveGoodsRequest,
    Refund,
    RefundPage,
    RefundReport,
    RefundStatus,
    ReportDeliveryRequest,
    ReportShipmentRequest,
    RequestedLine,
    Verdict,
)


def of_type(answer: Any, model: type) -> Any:
    assert isinstance(answer, model), answer
    return answer


ORDER_ID = "python-1"


def main(address: str, key: str) -> None:
    client = AuthenticatedClient(base_url=address, token=key, timeout=30)
    now = datetime.now(UTC)
    buy(client, now)
    claim_id = return_one(client, now)
    pay_refund(client, claim_id)
    history = of_type(list_claim_events.sync(claim_id, client=client), ClaimHistoryPage)
    print(*(entry.type_ for entry in history.data))


def buy(client: AuthenticatedClient, now: datetime) -> None:
    """Two mugs, shipped and delivered."""
    order = put_order.sync(
        ORDER_ID,
        client=client,
        body=PutOrderRequest(
            currency="KRW",
            paid_at=now,
            shipping_charged=3000,
            lines=[OrderLineInput(line_id="1", quantity=2, unit_price=12000, sku="MUG-WHITE")],
            payments=[PaymentInput(payment_id="pay-1", method="card", amount=27000)],
        ),
    )
    assert of_type(order, Order).lines[0].units.untouched == 2
    shipment = ReportShipmentRequest(carrier="cj", tracking_number="651", shipped_at=now)
    of_type(report_shipment.sync(ORDER_ID, client=client, body=shipment, idempotency_key="ship"), Order)
    delivery = ReportDeliveryRequest(carrier="cj", tracking_number="651", delivered_at=now)
    delivered = report_delivery.sync(ORDER_ID, client=client, body=delivery, idempotency_key="deliver")
    assert of_type(delivered, Order).lines[0].delivered == 2


def return_one(client: AuthenticatedClient, now: datetime) -> str:
    """One mug comes back and passes the inspection; the id of the claim."""
    wish = ClaimRequest(
        order_id=ORDER_ID,
        kind=ClaimKind.RETURN,
        reason=ClaimReason.CHANGE_OF_MIND,
        lines=[RequestedLine(line_id="1", quantity=1)],
    )
    assert of_type(quote_claim.sync(client=client, body=wish), Quote).amounts.total == 9000
    claim = of_type(open_claim.sync(client=client, body=wish, idempotency_key="open"), Claim)
    assert (claim.state, claim.assessment.verdict) == (ClaimState.REQUESTED, Verdict.ELIGIBLE)
    assert {action.command for action in claim.actions if action.allowed} >= {"approve", "reject"}
    number = str(claim.claim_id)
    approval = ApproveClaimRequest(actor="minji")
    approved = approve_claim.sync(number, client=client, body=approval, idempotency_key="approve", if_match='"1"')
    assert of_type(approved, Claim).state is ClaimState.APPROVED
    receipt = ReceiveGoodsRequest(lines=[ReceivedLine(line_id="1", quantity=1)])
    received = receive_goods.sync(number, client=client, body=receipt, idempotency_key="receive")
    assert of_type(received, Claim).state is ClaimState.RECEIVED
    inspection = InspectGoodsRequest(lines=[InspectedLine(line_id="1", accepted=1)])
    inspected = inspect_goods.sync(number, client=client, body=inspection, idempotency_key="inspect")
    assert of_type(inspected, Claim).deadlines.refund_due_by > now
    return number


def pay_refund(client: AuthenticatedClient, claim_id: str) -> None:
    pending = list_refunds.sync(client=client, claim_id=claim_id, status=RefundStatus.PENDING)
    (refund,) = of_type(pending, RefundPage).data
    report = RefundReport(provider_reference="re_81", amount=refund.amount)
    paid = report_refund_succeeded.sync(refund.refund_id, client=client, body=report, idempotency_key="pay")
    assert of_type(paid, Refund).status is RefundStatus.SUCCEEDED
    assert of_type(get_claim.sync(claim_id, client=client), Claim).state is ClaimState.REFUNDED


main(*sys.argv[1:])
