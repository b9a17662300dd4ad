/* Somebody signed in on a shared computer: what others left there goes, one's own unsent letters stay. */

import { forgetOthers } from "./stores.js";

forgetOthers(document.getElementById("hall-logs").dataset.keep.split(" "));

/* before the beginning: ask again, and at the beginning at once, though not all computers in the same moment */
const waiting = document.querySelector("[data-wait]");
if (waiting) setTimeout(() => location.reload(), (Number(waiting.dataset.wait) + 1 + 2 * Math.random()) * 1000);

window.addEventListener("pageshow", (event) => event.persisted && location.reload());
