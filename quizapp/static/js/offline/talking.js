/* One request to the server. A reply counts only when it is the server's own JSON; whatever else comes, the page of a
   hotel's network included, is as if nothing came: status 0. */

const PATIENCE = 20000; /* ms */

/* the address of a page of this app, wherever it stands */
export const address = (path) => new URL(`../../../${path}`, import.meta.url).pathname;

const token = () => document.querySelector('meta[name="csrf-token"]');

function keepToken(fresh) {
  token().content = fresh;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = fresh;
}

async function request(method, path, headers, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const options = { method, signal: stop.signal, credentials: "same-origin", cache: "no-store", redirect: "error" };
    const reply = await fetch(address(path), { ...options, headers: { Accept: "application/json", ...headers }, body });
    const json = (reply.headers.get("Content-Type") || "").startsWith("application/json");
    return { status: reply.status, etag: reply.headers.get("ETag"), after: Number(reply.headers.get("Retry-After")) || 0, said: json && (await reply.json()) };
  } catch {
    return { status: 0, after: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/* {status, code, …} */
export async function ask(method, path, body) {
  const headers = { "X-CSRFToken": token().content };
  if (body) headers["Content-Type"] = "application/json";
  const { status, after, said } = await request(method, path, headers, body && JSON.stringify(body));
  if (!said || typeof said.code !== "string") return { status: status < 500 ? 0 : status, after };
  if (said.csrf_token) keepToken(said.csrf_token);
  return { ...said, status, after };
}

/* {status, set, etag}; no set when the one with this ETag is still right */
export async function askSet(etag) {
  const { status, said, etag: fresh } = await request("GET", "practice/offline-set", etag ? { "If-None-Match": etag } : {});
  return { status, set: status === 200 ? said : undefined, etag: fresh, code: (said && said.code) || "" };
}
