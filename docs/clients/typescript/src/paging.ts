// Iteration over lists of any length, page by page.
import type { CallOptions } from "./types.js";

/** A page of a list, as the operations of lists return it. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor?: string | null;
}

/**
 * Every item of a list: `for await (const claim of iterate(client.claims.listClaims, { query: { state: "requested" } }))`.
 *
 * The input is that of the operation. The next page is read when the items before it are used up. The last page of
 * events has a cursor too, so an empty page is the end.
 */
export async function* iterate<Given extends { query?: object }, Item>(
  operation: (input: Given, options?: CallOptions) => Promise<Page<Item>>,
  input: NoInfer<Given>,
  options?: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  let at = input;
  for (;;) {
    const page = await operation(at, options);
    yield* page.data;
    if (page.data.length === 0 || page.next_cursor == null) return;
    at = { ...input, query: { ...input.query, cursor: page.next_cursor } };
  }
}
