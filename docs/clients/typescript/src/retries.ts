// Retries: which requests are sent again, after which failures, and after what pause.
import { ConnectionFailedError, type RecourseError } from "./errors.js";

const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 8;
/** The longest `Retry-After` that a client waits for. The error is thrown at once if the service asks for more. */
const LONGEST_WAIT = 60;

const PASSING = new Set([0, 408, 429]);
/** Our own first attempt is still running in the service. */
const IN_FLIGHT = "idempotency_key_in_flight";

const REPEATABLE = new Set(["GET", "HEAD", "PUT", "PATCH", "DELETE"]);
/** How the paths of those POSTs end that store nothing. All other POSTs need an `Idempotency-Key` to be sent again. */
const STORE_NOTHING = /\/(quote|check|preview|what-if)$/;

/** Whether a request does the same when it is sent twice. */
export function isRepeatable(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return request.headers.has("Idempotency-Key") || REPEATABLE.has(request.method) || STORE_NOTHING.test(pathname);
}

/**
 * The seconds before the next attempt, or undefined if there is none. `attempt` counts from 0.
 *
 * The pause is random between nothing and a bound that doubles with each attempt, so that clients that failed together
 * do not come back together. `chance` is from 0 to 1. `Retry-After` comes before that pause.
 */
export function pauseBeforeRetry(
  error: RecourseError,
  { repeatable, attempt, chance }: { repeatable: boolean; attempt: number; chance: number },
): number | undefined {
  if (!isPassing(error) || !(repeatable || isUndone(error))) return undefined;
  const wait = error.retryAfter ?? 0;
  if (wait > LONGEST_WAIT) return undefined;
  return wait + chance * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt);
}

function isPassing(error: RecourseError): boolean {
  return PASSING.has(error.status) || error.status >= 500 || error.code === IN_FLIGHT;
}

/** Whether the request surely had no effect: it never left, or was turned away before the work. */
function isUndone(error: RecourseError): boolean {
  return error.status === 429 || (error instanceof ConnectionFailedError && !error.wasSent);
}
