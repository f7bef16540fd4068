// The client of Recourse: typed operations, retries that do nothing twice, iteration, errors and webhooks.
import { Resources } from "./generated/resources.js";
import { Sender, type ClientOptions } from "./sending.js";

export * from "./errors.js";
export { iterate, type Page } from "./paging.js";
export type { CallOptions, Input, OperationId, Output, Schemas, WebhookEvent } from "./types.js";
export { verifyWebhook, WebhookVerificationError, type WebhookHeaders, type WebhookOptions } from "./webhooks.js";
export type { ClientOptions };

/** A client of one merchant: `new Recourse({ baseUrl: "https://recourse.example", apiKey: "rk_..." })`. */
export class Recourse extends Resources {
  constructor(options: ClientOptions) {
    super(new Sender(options));
  }
}
