/** What pages say when the server did not answer as hoped. */

export const problems = {
  unreachable:
    "The server does not answer. Is it running, and is this device on its network?",
  signed_out: "This needs the API key: sign in.",
  busy: (message: string) => `The server cannot answer at the moment: ${message}.`,
  refused: (message: string) => `The server refused the question: ${message}.`,
  stale: (age: string) => `Shown as it was ${age}.`,
  nextTry: (at: string) => `Trying again at ${at}.`,
  retry: "Try now",
  busyNow: "Loading…",
};
