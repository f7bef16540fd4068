// Webhooks: a request of the service becomes a typed event, after its signature was verified.
import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { WebhookEvent } from "./types.js";

/** The request is not from the service, or too old. Answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
}

export interface WebhookOptions {
  /** How far the timestamp may be from the present time, in seconds. 300 by default. */
  readonly tolerance?: number;
  readonly now?: Date;
}

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const SECRET = "whsec_";
const PUBLIC = "whpk_";

/**
 * The event of a request, if one of its signatures is by one of the secrets. Otherwise throws a
 * `WebhookVerificationError`.
 *
 * `body` is the body as received, before any parsing. `secrets` are `whsec_...` (HMAC-SHA256, `v1`), or `whpk_...`
 * (ed25519, `v1a`): the new and the old secret while a secret is replaced. Throws a TypeError if a secret is none.
 * An event may come twice. Its id is in the header `webhook-id`, the same each time.
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { tolerance = 300, now = new Date() }: WebhookOptions = {},
): WebhookEvent {
  const keys = (typeof secrets === "string" ? [secrets] : secrets).map(keyOf);
  if (keys.length === 0) throw new TypeError("a webhook is verified with at least one secret");
  const bytes = Buffer.from(body);
  const timestamp = header(headers, "webhook-timestamp");
  const content = Buffer.concat([Buffer.from(`${header(headers, "webhook-id")}.${timestamp}.`), bytes]);
  const signatures = header(headers, "webhook-signature").split(" ");
  if (!keys.some((key) => signatures.some((signature) => isBy(key, signature, content)))) {
    throw new WebhookVerificationError("no signature is by one of the secrets");
  }
  if (!/^\d+$/.test(timestamp)) throw new WebhookVerificationError("the timestamp is no number");
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > tolerance) {
    throw new WebhookVerificationError("the timestamp is too far from the present time");
  }
  return eventIn(bytes.toString());
}

function eventIn(text: string): WebhookEvent {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === "object" && event !== null && "type" in event && "data" in event) return event as WebhookEvent;
  } catch (cause) {
    throw new WebhookVerificationError("the body is no event", { cause });
  }
  throw new WebhookVerificationError("the body is no event");
}

function header(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  const value = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1] ?? "";
  return typeof value === "string" ? value : value.join(" ");
}

/** The bytes of a secret, or a public key. */
function keyOf(secret: string): Buffer | KeyObject {
  if (secret.startsWith(SECRET)) return decoded(secret.slice(SECRET.length));
  if (!secret.startsWith(PUBLIC)) throw new TypeError(`a secret begins with ${SECRET} or ${PUBLIC}`);
  const x = decoded(secret.slice(PUBLIC.length)).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

function decoded(secret: string): Buffer {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(secret)) throw new TypeError("a secret is base64 behind its prefix");
  return Buffer.from(secret, "base64");
}

function isBy(key: Buffer | KeyObject, signature: string, content: Buffer): boolean {
  const [version, value = ""] = signature.split(",");
  const given = Buffer.from(value, "base64");
  if (!(key instanceof Buffer)) return version === "v1a" && verify(null, content, key, given);
  const own = createHmac("sha256", key).update(content).digest();
  return version === "v1" && given.length === own.length && timingSafeEqual(given, own);
}
