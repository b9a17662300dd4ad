/* On the receipt: what this device still holds of the closed attempt is sent until the server has heard it, so that letters
   which it never saw are kept for people to decide; then the log goes. */

import { openLog } from "./log.js";
import { call } from "./transport.js";

const LONGEST = 30000; /* ms between two tries */

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* The reply, however long the network or the server is away. */
async function told(url, body) {
  for (let pause = 500; ; pause = Math.min(2 * pause, LONGEST)) {
    const reply = await call("PUT", url, body);
    if (reply.status >= 200 && reply.status < 500 && reply.status !== 429) return reply;
    await later(Math.max(pause, 1000 * reply.after));
  }
}

async function deliver({ log: token, sheetUrl }) {
  const log = await openLog(token);
  const found = await log.read();
  if (!found) return;
  let held = false;
  if (found.sheet !== found.base) {
    const { epoch, revision, sheet } = found;
    const reply = await told(sheetUrl, { epoch: Math.max(epoch, 1), revision: Math.max(revision, 1), sheet });
    if (reply.code !== "closed") return;
    held = reply.held;
  }
  await log.clear();
  if (held) location.reload();
}

const place = document.querySelector("[data-log]");
if (place) deliver(place.dataset);
