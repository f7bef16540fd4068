// README's walk with the generated TypeScript client: `node walk.js <address> <key>`.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Claim = components["schemas"]["Claim"];
type Problem = components["schemas"]["Problem"];

const [address = "", key = ""] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });

function answered<T>(answer: { data?: T; error?: Problem | undefined }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

function once(name: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": name };
}

// A webhook has the same claim as an answer.
export function stateOf(event: components["schemas"]["ClaimEventData"]): Claim["state"] {
  const claim: Claim = event.claim;
  return claim.state;
}

const path = { order_id: "typescript-1" };
const now = new Date().toISOString();
const order = answered(
  await api.PUT("/v1/orders/{order_id}", {
    params: { path },
    body: {
      currency: "KRW",
      paid_at: now,
      shipping_charged: 3000,
      lines: [{ line_id: "1", quantity: 2, unit_price: 12000, sku: "MUG-WHITE" }],
      payments: [{ payment_id: "pay-1", method: "card", amount: 27000 }],
    },
  }),
);
assert.equal(order.lines[0]?.units.untouched, 2);
const parcel = { carrier: "cj", tracking_number: "651" };
answered(
  await api.POST("/v1/orders/{order_id}/shipments", {
    params: { path, header: once("ship") },
    body: { ...parcel, shipped_at: now },
  }),
);
const delivered = answered(
  await api.POST("/v1/orders/{order_id}/deliveries", {
    params: { path, header: once("deliver") },
    body: { ...parcel, delivered_at: now },
  }),
);
assert.equal(delivered.lines[0]?.delivered, 2);

const wish: components["schemas"]["ClaimRequest"] = {
  order_id: path.order_id,
  kind: "return",
  reason: "change_of_mind",
  lines: [{ line_id: "1", quantity: 1 }],
};
const quote = answered(await api.POST("/v1/claims/quote", { body: wish }));
assert.equal(quote.amounts.total, 9000);
const claim = answered(await api.POST("/v1/claims", { params: { header: once("open") }, body: wish }));
assert.equal(claim.assessment.verdict, "eligible");
assert.ok(claim.actions?.some((action) => action.command === "approve" && action.allowed));

const at = { claim_id: claim.claim_id };
const approved = answered(
  await api.POST("/v1/claims/{claim_id}/approve", {
    params: { path: at, header: { ...once("approve"), "If-Match": '"1"' } },
    body: { actor: "minji" },
  }),
);
assert.equal(approved.state, "approved");
const received = answered(
  await api.POST("/v1/claims/{claim_id}/receive", {
    params: { path: at, header: once("receive") },
    body: { lines: [{ line_id: "1", quantity: 1 }] },
  }),
);
assert.equal(received.state, "received");
const inspected = answered(
  await api.POST("/v1/claims/{claim_id}/inspect", {
    params: { path: at, header: once("inspect") },
    body: { lines: [{ line_id: "1", accepted: 1 }] },
  }),
);
assert.ok(inspected.deadlines.refund_due_by);

const pending = answered(await api.GET("/v1/refunds", { params: { query: { ...at, status: "pending" } } }));
const [refund] = pending.data;
assert.ok(refund);
const paid = answered(
  await api.POST("/v1/refunds/{refund_id}/succeeded", {
    params: { path: { refund_id: refund.refund_id }, header: once("pay") },
    body: { provider_reference: "re_81", amount: refund.amount },
  }),
);
assert.equal(paid.status, "succeeded");
const closed = answered(await api.GET("/v1/claims/{claim_id}", { params: { path: at } }));
assert.equal(closed.state, "refunded");
const history = answered(await api.GET("/v1/claims/{claim_id}/events", { params: { path: at } }));
console.log(history.data.map((entry) => entry.type).join(" "));
