/** What the page that asks for the key says. */

export const login = {
  title: "Sign in",
  heading: "Your household's data",
  why: "Prices, usage and costs are your household's: the server shows them to whoever has its API key. KAMO's loads are public.",
  key: "API key",
  submit: "Sign in",
  busy: "Signing in…",
  find: "On the server's machine, this prints the key:",
  command: "energy-logger key show",
  kept: "The key is not kept in this browser: a session is, for 30 days, and it ends when the key is replaced.",
};
