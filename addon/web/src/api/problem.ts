/** What went wrong with a question to the server, as something a page can show; pure. */

/** Who can do something about it. */
export type ProblemKind =
  /** The server did not answer. */
  | "unreachable"
  /** It asks for the key. */
  | "signed_out"
  /** It cannot answer now. */
  | "busy"
  /** It says what is wrong with the question. */
  | "refused";

/** A question that was not answered. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly code: string = kind,
    /** Status of the answer; 0 without one. */
    readonly status: number = 0,
    /** Which parameter is wrong. */
    readonly parameter: string | null = null,
    /** When to ask again, in seconds; null where the server does not say. */
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

interface ErrorBody {
  readonly error?: {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly parameter?: unknown;
  };
}

function kindOf(status: number): ProblemKind {
  if (status === 401) return "signed_out";
  return status === 429 || status >= 500 ? "busy" : "refused";
}

/** Returns the problem in an answer with an error. */
export function problemIn(
  status: number,
  body: unknown,
  retryAfter: string | null,
): ApiProblem {
  const answer = (typeof body === "object" && body !== null ? body : {}) as ErrorBody;
  const { code, message, parameter } = answer.error ?? {};
  const seconds = Number.parseInt(retryAfter ?? "", 10);
  return new ApiProblem(
    kindOf(status),
    typeof message === "string" ? message : `the server answered ${status}`,
    typeof code === "string" ? code : `status_${status}`,
    status,
    typeof parameter === "string" ? parameter : null,
    Number.isNaN(seconds) ? null : seconds,
  );
}
