// Sends the requests of the operations, and throws an error for each answer that is no success.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import createClient from "openapi-fetch";
import { ConnectionFailedError, errorOf, RecourseError } from "./errors.js";
import { isRepeatable, pauseBeforeRetry } from "./retries.js";
import type { CallOptions, Input, OperationId, Output } from "./types.js";
import { VERSION } from "./generated/version.js";

/** What the description says about an operation. */
export interface Operation {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  readonly path: string;
  readonly parseAs: "json" | "text" | "blob";
  /** Whether the operation takes an `Idempotency-Key`. */
  readonly keyed: boolean;
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** A key, `rk_...`. For the operations of the buyer: a session or a token. */
  readonly apiKey: string;
  /** The longest time of one attempt, in seconds. 30 by default. */
  readonly timeout?: number;
  /** How often a failed request is sent again, always with the same `Idempotency-Key`. 3 by default. */
  readonly maxRetries?: number;
}

interface Parts {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: unknown;
}

// The types of each operation are in `Input` and `Output`.
type AnyPaths = any;

export class Sender {
  readonly #client: ReturnType<typeof createClient<AnyPaths>>;
  readonly #timeout: number;
  readonly #maxRetries: number;

  constructor({ baseUrl, apiKey, timeout = 30, maxRetries = 3 }: ClientOptions) {
    this.#timeout = timeout;
    this.#maxRetries = maxRetries;
    this.#client = createClient<AnyPaths>({
      baseUrl,
      headers: { Authorization: `Bearer ${apiKey}`, "User-Agent": `recourse-client-typescript/${VERSION}` },
      redirect: "manual", // a redirect would make a GET of a POST
      fetch: (request) => this.#fetch(request),
    });
  }

  async send<Id extends OperationId>(
    operation: Operation,
    input: Input<Id>,
    options: CallOptions = {},
  ): Promise<Output<Id>> {
    const { path, query, headers, body } = input as Parts;
    const key = operation.keyed ? { "Idempotency-Key": randomUUID() } : {};
    try {
      const { data, response } = await this.#client.request(operation.method, operation.path, {
        params: { path, query, header: { ...key, ...headers } },
        body,
        parseAs: operation.parseAs,
        ...options,
      });
      if (data === undefined) throw unreadable(response.status, "the answer has no content");
      return data;
    } catch (cause) {
      throw cause instanceof SyntaxError ? unreadable(200, cause) : cause;
    }
  }

  async #fetch(request: Request): Promise<Response> {
    const repeatable = isRepeatable(request);
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(request);
      } catch (error) {
        if (!(error instanceof RecourseError) || attempt === this.#maxRetries) throw error;
        const pause = pauseBeforeRetry(error, { repeatable, attempt, chance: Math.random() });
        if (pause === undefined) throw error;
        await sleep(pause * 1000, undefined, { signal: request.signal });
      }
    }
  }

  /** One attempt, with its whole answer: an answer that breaks off is no answer. */
  async #attempt(request: Request): Promise<Response> {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(this.#timeout * 1000)]);
    let response: Response;
    let content: ArrayBuffer;
    try {
      response = await fetch(request.clone(), { signal });
      content = await response.arrayBuffer();
    } catch (error) {
      request.signal.throwIfAborted();
      throw new ConnectionFailedError(error);
    }
    if (!response.ok) throw errorOf(response.status, response.headers, new TextDecoder().decode(content));
    return new Response(content.byteLength ? content : null, response);
  }
}

/** A success that is not what the service sends: a proxy may have answered in its place. */
function unreadable(status: number, cause: unknown): RecourseError {
  return new RecourseError(status, { code: "unreadable_answer", detail: String(cause) }, undefined, { cause });
}
