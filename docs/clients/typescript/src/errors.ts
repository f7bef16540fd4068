// Errors: each answer that is no success, and each answer that never came, is a `RecourseError`.
export type Param = string | number | string[];

/** One reason why the service says no, with the article or the policy behind the reason. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly citation?: string | null;
  readonly field?: string | null;
}

/** One part of the request that breaks its rule. */
export interface FieldError {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
  readonly params: Readonly<Record<string, Param>>;
}

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  params?: Record<string, Param>;
  request_id?: string;
  refusals?: Refusal[];
  errors?: FieldError[];
}

/**
 * A problem of the service (RFC 9457). `code` is for programs and does not change. `detail` is for people.
 *
 * The class is for a kind of problem. A code or status that this release does not know is a `RecourseError` too.
 */
export class RecourseError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly requestId: string | undefined;
  readonly refusals: readonly Refusal[];
  readonly errors: readonly FieldError[];
  /** After how many seconds the same request may succeed, if the service says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Problem, retryAfter?: number, options?: ErrorOptions) {
    const code = problem.code ?? "http_error"; // a proxy may have answered in place of the service
    super(`${status || "no answer"} ${code}: ${problem.detail ?? problem.title ?? ""}`, options);
    this.name = new.target.name;
    this.status = status;
    this.code = code;
    this.title = problem.title ?? "";
    this.detail = problem.detail ?? "";
    this.params = problem.params ?? {};
    this.requestId = problem.request_id;
    this.refusals = problem.refusals ?? [];
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** 401: the key is missing, unknown or revoked. */
export class AuthenticationError extends RecourseError {}

/** 403: the key lacks the scope. */
export class ForbiddenError extends RecourseError {}

/** 404: there is no such resource, or the resource belongs to another merchant. */
export class NotFoundError extends RecourseError {}

/** 409: what is stored does not allow the request. */
export class ConflictError extends RecourseError {}

/** The service decided against the command. `refusals` has all reasons. */
export class RefusedError extends ConflictError {
  /** The articles and policies behind the refusals, each once. */
  get articles(): string[] {
    return [...new Set(this.refusals.flatMap((each) => each.citation ?? []))];
  }
}

/** 412: the resource has another version than `If-Match`. Read the resource again. */
export class StaleVersionError extends RecourseError {}

/** 422: a part of the request breaks its rule. `errors` names the parts. */
export class InvalidRequestError extends RecourseError {}

/** 429: too many requests. `retryAfter` says when to try again. */
export class RateLimitedError extends RecourseError {}

/** 5xx: the service failed. */
export class ServerError extends RecourseError {}

/** No answer came. `status` is 0, and `cause` is the error of the connection. */
export class ConnectionFailedError extends RecourseError {
  /** Whether the request may have reached the service. */
  readonly wasSent: boolean;

  constructor(cause: unknown) {
    super(0, { code: "connection_failed", detail: String(cause) }, undefined, { cause });
    this.wasSent = !NOT_SENT.has(codeOf(cause) ?? "");
  }
}

/** The codes of errors that come before a request has left. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** `fetch` wraps the error of the connection in a TypeError. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}

const BY_STATUS: Readonly<Record<number, typeof RecourseError>> = {
  401: AuthenticationError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  412: StaleVersionError,
  422: InvalidRequestError,
  429: RateLimitedError,
};

/** The error for an answer. */
export function errorOf(status: number, headers: Headers, text: string): RecourseError {
  const problem = problemIn(text);
  const fallback = status >= 500 ? ServerError : RecourseError;
  const Kind = problem.refusals?.length ? RefusedError : (BY_STATUS[status] ?? fallback);
  const requestId = problem.request_id ?? headers.get("X-Request-Id");
  return new Kind(status, { ...problem, ...(requestId ? { request_id: requestId } : {}) }, retryAfter(headers, Date.now()));
}

/** The seconds of `Retry-After`, a number or a date. Without it, those until a used up `RateLimit` is new. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("Retry-After")?.trim();
  if (value) {
    const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
    return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
  }
  const limits = headers.get("RateLimit")?.split(",") ?? [];
  const usedUp = limits.filter((limit) => /;\s*r=0\s*(;|$)/.test(limit));
  const waits = usedUp.flatMap((limit) => /;\s*t=(\d+)/.exec(limit)?.[1] ?? []).map(Number);
  return waits.length ? Math.max(...waits) : undefined;
}

function problemIn(text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Problem) : {};
  } catch {
    return {};
  }
}
