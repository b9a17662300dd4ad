/* Somebody signed in on a shared computer: what others left there goes, one's own unsent letters stay. */

import { forgetOthers } from "./stores.js";

forgetOthers(document.getElementById("hall-logs").dataset.keep.split(" "));
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
