/* The offline page: opens what the device keeps, shows it, and follows what is pressed and what the network does. */

import { NAME, openDatabase } from "./database.js";
import { keepHere } from "./keeping.js";
import { show } from "./pages.js";
import { hurry, noNetwork, now } from "./sending.js";
import { here, load } from "./state.js";
import { count, tell } from "./telling.js";

async function keep(button) {
  const words = button.querySelector("span");
  const label = words.textContent;
  button.style.minWidth = `${button.offsetWidth}px`;
  words.textContent = button.dataset.busy;
  button.disabled = true;
  await hurry(keepHere);
  words.textContent = label;
  button.disabled = false;
  if (now.trouble === "net") noNetwork();
}

/* from this device; answers that wait stay */
async function forget() {
  await here.database.forget();
  for (const name of await caches.keys()) if (name.startsWith(`${NAME} `)) await caches.delete(name);
  await load();
  show();
  count(false);
}

const ACTS = { save: keep, update: keep, forget };

function changed() {
  if (!document.querySelector("#answer input:checked")) show(); /* what is half chosen stays */
}

async function begin() {
  try {
    here.database = await openDatabase();
  } catch {
    document.getElementById("offline").replaceChildren();
    return tell("set", "warn", "浏览器不允许保存数据（可能是无痕模式），不能离线使用。");
  }
  now.changed = changed;
  await load();
  show();
  count(false);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) ACTS[button.dataset.act](button);
  });
  window.addEventListener("hashchange", () => {
    show();
    if (!document.querySelector(".asked")) window.scrollTo(0, 0);
    document.getElementById("main").focus({ preventScroll: true });
  });
  window.addEventListener("online", () => hurry());
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  hurry();
}

begin();
