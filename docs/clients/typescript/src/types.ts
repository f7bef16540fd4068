// The input and the output of an operation, made from the types that the generator writes.
import type { components, operations, webhooks } from "./generated/schema.js";

/** The schemas of the OpenAPI document by name: `Schemas["Claim"]`. */
export type Schemas = components["schemas"];

export type OperationId = keyof operations;

type Parameters<Id extends OperationId> = operations[Id]["parameters"];

type Body<RequestBody> = RequestBody extends { content: infer Types }
  ? Types extends { "application/json": infer Json }
    ? Json
    : FormData
  : undefined;

type Part<Name extends string, Value> = [NonNullable<Value>] extends [never]
  ? unknown
  : undefined extends Value
    ? { [Key in Name]?: NonNullable<Value> }
    : { [Key in Name]: Value };

/** What an operation takes: `path`, `query`, `headers` and `body`, as far as the operation has them. */
export type Input<Id extends OperationId> = Part<"path", Parameters<Id>["path"]> &
  Part<"query", Parameters<Id>["query"]> &
  Part<"headers", Parameters<Id>["header"]> &
  Part<"body", Body<operations[Id]["requestBody"]>>;

type Content<Answer> = Answer extends { content: infer Types }
  ? Types extends { "application/json": infer Json }
    ? Json
    : keyof Types extends `text/${string}`
      ? string
      : Blob
  : never;

type Answers<Id extends OperationId> = operations[Id]["responses"];

/** What an operation returns. An answer that is no success is thrown, as a `RecourseError`. */
export type Output<Id extends OperationId> = {
  [Status in keyof Answers<Id>]: Content<Answers<Id>[Status]>;
}[keyof Answers<Id>];

/** An event, told by its `type`. Later releases of the service may send other types: ignore them. */
export type WebhookEvent = {
  [Type in keyof webhooks]: webhooks[Type] extends {
    post: { requestBody: { content: { "application/json": infer Event } } };
  }
    ? Event
    : never;
}[keyof webhooks];

export interface CallOptions {
  /** Ends the call, and its retries. */
  signal?: AbortSignal;
}
