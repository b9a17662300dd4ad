/* After leaving a shared computer: nothing of the person stays in this browser. */

import { forgetAll } from "./stores.js";

forgetAll();
