// The line to the desk's server. The token stands in the address behind the #, which browsers send to nobody.

const token = location.hash.slice(1);

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const call = async (path, options = {}) => {
  const headers = { Authorization: `Bearer ${token}`, ...options.headers };
  let reply;
  try {
    reply = await fetch(path, { ...options, headers });
  } catch {
    throw new Refused(0, "");
  }
  if (!reply.ok) {
    const problem = await reply.json().catch(() => ({}));
    throw new Refused(reply.status, problem.detail ?? reply.statusText);
  }
  return reply;
};

export const ask = async (name, query = {}) => (await call(`api/${name}?${new URLSearchParams(query)}`)).json();

export const tell = async (name, body) =>
  (await call(`api/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  })).json();

export const download = async (stem) => {
  const file = await (await call(`api/draft?${new URLSearchParams({ mail: stem })}`)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${stem}.eml`;
  link.click();
  URL.revokeObjectURL(link.href);
};
