// Calls the installed TypeScript client: each line of stdin is a call as JSON, and each line of stdout its outcome.
import { createInterface } from "node:readline";
import {
  ConnectionFailedError,
  iterate,
  Recourse,
  RecourseError,
  RefusedError,
  verifyWebhook,
  WebhookVerificationError,
  type Schemas,
} from "recourse-client";

interface Given {
  order_id: string;
  claim_id: string;
  body: unknown;
  content: string;
  headers: Record<string, string>;
  if_match: string;
  key?: string;
  limit: number;
  max_retries?: number;
  now?: number;
  secrets: string[];
  timeout?: number;
  tolerance?: number;
  types: string[];
}

async function every<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const order = ({ order_id }: Given) => ({ path: { order_id } });
const claim = ({ claim_id }: Given) => ({ path: { claim_id } });

const ACTIONS: Record<string, (client: Recourse, given: Given) => unknown> = {
  get_order: (client, given) => client.orders.getOrder(order(given)),
  get_claim: (client, given) => client.claims.getClaim(claim(given)),
  put_order: (client, given) =>
    client.orders.putOrder({ ...order(given), body: given.body as Schemas["PutOrderRequest"] }),
  quote_claim: (client, given) => client.claims.quoteClaim({ body: given.body as Schemas["ClaimRequest"] }),
  open_claim: (client, given) =>
    client.claims.openClaim({
      body: given.body as Schemas["ClaimRequest"],
      ...(given.key ? { headers: { "Idempotency-Key": given.key } } : {}),
    }),
  approve_claim: (client, given) =>
    client.commands.approveClaim({ ...claim(given), body: {}, headers: { "If-Match": given.if_match } }),
  reject_claim: (client, given) =>
    client.commands.rejectClaim({ ...claim(given), body: given.body as Schemas["RejectClaimRequest"] }),
  create_buyer_token: (client, given) => client.orders.createBuyerToken({ ...order(given), body: {} }),
  add_claim_file: (client, given) => {
    const body = new FormData();
    body.set("file", new Blob([Buffer.from(given.content, "hex")], { type: "image/png" }), "photo.png");
    return client.files.addClaimFile({ ...claim(given), body });
  },
  get_metrics: (client) => client.health.getMetrics(),
  list_claims: (client, { limit, order_id }) => every(iterate(client.claims.listClaims, { query: { limit, order_id } })),
  list_events: (client, { limit, types }) => every(iterate(client.events.listEvents, { query: { limit, types } })),
  operations: (client) =>
    Object.entries(client).flatMap(([tag, group]) => Object.keys(group as object).map((name) => `${tag}.${name}`)),
  verify: (_, { body, headers, secrets, tolerance, now }) => {
    const event = verifyWebhook(Buffer.from(body as string, "hex"), headers, secrets, {
      ...(tolerance === undefined ? {} : { tolerance }),
      ...(now === undefined ? {} : { now: new Date(now * 1000) }),
    });
    return { type: event.type };
  },
};

async function outcome(call: { action: string; url: string; key: string; given: Given }): Promise<unknown> {
  const { action, url, key, given } = call;
  const { timeout = 30, max_retries: maxRetries = 3 } = given;
  try {
    const client = new Recourse({ baseUrl: url, apiKey: key, timeout, maxRetries });
    return { result: await ACTIONS[action]?.(client, given) };
  } catch (error) {
    if (error instanceof RecourseError) return { ...described(error), ...more(error) };
    if (error instanceof WebhookVerificationError) return { error: error.name };
    if (error instanceof TypeError) return { error: "ValueError" }; // what Python calls it
    throw error;
  }
}

function described(error: RecourseError): object {
  const { status, code, title, detail, params, requestId, refusals, errors, retryAfter } = error;
  const retry_after = retryAfter ?? null;
  return { status, code, title, detail, params, request_id: requestId, refusals, errors, retry_after };
}

function more(error: RecourseError): object {
  const kinds: string[] = [];
  for (let kind: object | null = error.constructor; kind && kind !== Function.prototype; ) {
    kinds.push((kind as { name: string }).name);
    kind = Object.getPrototypeOf(kind) as object | null;
  }
  return {
    error: error.constructor.name,
    kinds,
    ...(error instanceof RefusedError ? { articles: error.articles } : {}),
    ...(error instanceof ConnectionFailedError
      ? { was_sent: error.wasSent, has_cause: error.cause !== undefined }
      : {}),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await outcome(JSON.parse(line))));
}
