// The line to the server: one call, and what kind of failure it was.

const PATIENCE = 20000; // ms until an answer counts as lost; asking again is safe, for each message has its id

export class Problem extends Error {
  constructor(status, detail = "", wait = 0) {
    super(detail);
    this.status = status;
    this.wait = wait; // ms that the server asks to wait
    this.passing = !status || status === 429 || status > 499; // the same call may succeed later
  }
}

export class Line {
  constructor(server) {
    this.server = server;
  }

  async call(path, { body, bearer, method = body ? "POST" : "GET" } = {}) {
    const headers = { ...(body && { "Content-Type": "application/json" }), ...(bearer && { Authorization: `Bearer ${bearer}` }) };
    const asked = { method, headers, body: JSON.stringify(body), credentials: "omit" }; // what must not be kept says so
    let reply;
    let content;
    try {
      reply = await fetch(new URL(path, this.server), { ...asked, signal: AbortSignal.timeout(PATIENCE) });
      content = reply.status === 204 || await reply.json();
    } catch {
      throw new Problem(reply?.ok ? 0 : reply?.status);
    }
    if (reply.ok) return content;
    throw new Problem(reply.status, content.detail, reply.headers.get("Retry-After") * 1000);
  }
}
