/* One request to the server. A reply counts only when it is the server's own JSON with a code; whatever else comes, the
   page of a hotel's network included, is as if nothing came: status 0. */

const PATIENCE = 20000; /* ms */

const token = () => document.querySelector('meta[name="csrf-token"]');

function keepToken(fresh) {
  token().content = fresh;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = fresh;
}

export async function call(method, url, body, keepalive = false) {
  const asked = performance.now();
  const stop = new AbortController();
  const timer = keepalive ? 0 : setTimeout(() => stop.abort(), PATIENCE);
  const headers = { Accept: "application/json", "X-CSRFToken": token().content };
  if (body) headers["Content-Type"] = "application/json";
  try {
    const options = { method, headers, keepalive, signal: stop.signal, credentials: "same-origin", cache: "no-store", redirect: "error" };
    const reply = await fetch(url, { ...options, body: body && JSON.stringify(body) });
    const after = Number(reply.headers.get("Retry-After")) || 0;
    const said = await reply.json().catch(() => ({}));
    if (typeof said.code !== "string") return { status: reply.status < 500 ? 0 : reply.status, after };
    if (said.csrf_token) keepToken(said.csrf_token);
    return { ...said, status: reply.status, after, asked, heard: performance.now() };
  } catch {
    return { status: 0, after: 0 };
  } finally {
    clearTimeout(timer);
  }
}
