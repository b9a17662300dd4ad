/* Opening, saving and handing in: what the page asks of the server, when, and what every answer means (protocol §4–§7).
   One request at a time; whatever is not a 200 means nothing, and the newest sheet is sent again. */

import { format, merge, parse } from "./sheet.js";
import { call } from "./transport.js";

const PAUSE = 1000; /* ms after the last change */
const LATEST = 15000; /* after the first unsaved change */
const [FIRST_RETRY, LAST_RETRY] = [500, 30000];
const POLL = 60000;
const DISK = 2000; /* the longest a request waits for the log */
const LATE_TWIN = 120000; /* an opening that was sent again may still arrive so long after */

const wait = (time) => new Promise((go) => setTimeout(go, time));

/* urls: open, sheet, handIn, status. log: of log.js. mine: slots, doubts (a Set), base, epoch, revision, key, at; logged
   when it comes from a log. tell: mark(state), clock(reply), opened(theirs), otherPage(), signIn(), stopped(why, reply), closed(reply). */
export function makeSaving({ urls, log, mine, tell }) {
  let open = false; /* the server let this page write */
  let takeOver = false;
  let handing = false;
  let stopped = false;
  let openedAt = -Infinity;
  let superseded; /* the reply that said so, while it may have been our own opening, arriving twice */
  let late = false; /* the sheet is closed, and letters are left that the server has not seen */
  let asking = false; /* the person is asked something first */
  let busy = false;
  let saved = 0; /* the revision that the server acknowledged */
  let since = 0; /* when the first unsaved change was made */
  let trouble = ""; /* net, busy or fault: what became of the last request */
  let failures = 0;
  let [soft, hard] = [0, 0]; /* not before: our own patience; what the server asked for */
  let timer;
  let kept = Promise.resolve();

  const sheet = () => format(mine.slots);
  const changed = () => mine.revision > saved;
  const due = () => (!open && !late ? "open" : handing ? "hand-in" : changed() || late ? "save" : "");

  function keep() {
    const { base, epoch, revision, key, at } = mine;
    kept = log.write({ sheet: sheet(), doubts: [...mine.doubts], base, epoch, revision, key, at });
    kept.then((ours) => ours || plan(0)); /* a newer page of this browser: the server will say so */
  }

  function plan(delay) {
    clearTimeout(timer);
    const earliest = Math.max(soft, hard) - performance.now();
    if (!stopped) timer = setTimeout(run, Math.max(delay, earliest, 0));
  }

  function mark(state) {
    if (!stopped) tell.mark(state ?? (trouble || (due() === "save" || due() === "hand-in" ? "saving" : open ? "saved" : "opening")));
  }

  function body() {
    return { epoch: mine.epoch, revision: mine.revision, sheet: sheet(), doubts: [...mine.doubts].sort((a, b) => a - b) };
  }

  async function run() {
    clearTimeout(timer);
    const what = due();
    if (stopped || busy || asking || !what) return;
    if (performance.now() < Math.max(soft, hard)) return plan(0);
    busy = true;
    if (what === "hand-in") mine.revision += 1;
    const again = trouble && setTimeout(() => mark("again"), 300);
    await Promise.race([kept, wait(DISK)]);
    const sent = body();
    const reply =
      what === "open"
        ? await call("POST", urls.open, { page_key: mine.key, log: [mine.epoch, mine.revision], takeover: takeOver })
        : await call(what === "save" ? "PUT" : "POST", what === "save" ? urls.sheet : urls.handIn, sent);
    clearTimeout(again);
    busy = false;
    if (stopped) return;
    if (reply.server_time) tell.clock(reply);
    heard(reply, sent, what);
    mark();
  }

  function heard(reply, sent, what) {
    const failed = trouble;
    const act = answers[reply.code];
    if (act && reply.status !== 503) {
      trouble = "";
      failures = reply.code === "token" ? failures + 1 : 0;
      soft = hard = 0;
      act(reply, sent, what);
      if (due()) plan(failed || due() !== "save" ? 0 : PAUSE);
    } else if (reply.status === 404 || reply.sentence && reply.status === 409) stop(reply.status === 404 ? "missing" : "refused", reply);
    else if ([413, 415, 422].includes(reply.status)) {
      trouble = "fault"; /* of ours: the same again would end the same */
      if (handing) tell.handInFailed();
      handing = false;
    } else later(reply);
  }

  function later({ status, after }) {
    trouble = status ? "busy" : "net";
    soft = performance.now() + Math.random() * Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures);
    if (after) hard = performance.now() + after * 1000;
    failures = Math.min(failures + 1, 10);
    plan(0);
  }

  const reopen = () => (open = false);
  const answers = {
    opened(reply) {
      const found = merge({ ...mine, sheet: sheet() }, reply);
      mine.slots = parse(found.sheet);
      if (!mine.logged) mine.doubts = new Set(reply.doubts);
      Object.assign(mine, { base: reply.sheet, epoch: reply.epoch, key: reply.page_key, revision: Number(found.sheet !== reply.sheet) });
      [open, takeOver, saved, since] = [true, false, 0, mine.revision && performance.now()];
      openedAt = superseded ? -Infinity : performance.now(); /* the benefit of the doubt is given once */
      superseded = undefined;
      tell.opened(mine.logged ? found.theirs : [], reply);
      mine.logged = true;
      keep();
    },
    saved: (reply, sent) => stored(sent),
    overtaken(reply, sent, what) {
      if (what === "hand-in") mine.revision = Math.max(mine.revision, reply.revision);
      else if (reply.revision > mine.revision) reopen(); /* two tabs with one log */
    },
    conflict: (reply, sent, what) => what === "hand-in" || reopen(),
    not_started: reopen,
    superseded(reply) {
      if (reply.epoch < mine.epoch) return reopen(); /* an older backup was restored */
      if (performance.now() - openedAt > LATE_TWIN) return stop("superseded", reply);
      superseded = reply;
      reopen(); /* with our own key: granted if no other page took over */
    },
    other_page() {
      if (superseded) return stop("superseded", superseded);
      asking = true;
      tell.otherPage();
    },
    signed_out() {
      asking = true;
      tell.signIn();
    },
    token: (reply) => failures > 1 && later(reply),
    closed: (reply, sent, what) => finish(reply, what),
    handed_in: (reply) => finish(reply, "hand-in"),
  };

  function stored(sent) {
    if (sent.epoch !== mine.epoch || sent.revision <= saved) return;
    saved = sent.revision;
    mine.base = sent.sheet;
    since = changed() ? performance.now() : 0;
    keep();
  }

  /* the sheet is closed. What the server has not seen is sent once more, so that it is held for people to decide. */
  function finish(reply, what) {
    if (what === "open" && sheet() !== mine.base) {
      late = true;
      mine.revision = Math.max(mine.revision, 1);
      mine.epoch = Math.max(mine.epoch, 1);
      return;
    }
    stop("closed", reply);
    Promise.race([log.clear(), wait(DISK)]).then(() => tell.closed(reply));
  }

  function stop(why, reply) {
    stopped = true;
    clearTimeout(timer);
    if (why !== "closed") tell.stopped(why, reply);
  }

  /* at once, and also when the page is being left: the request outlives it */
  function leave() {
    if (stopped || !open || handing || !changed()) return;
    const sent = body();
    call("PUT", urls.sheet, sent, true).then((reply) => {
      if (reply.code === "saved" && !stopped) {
        stored(sent);
        mark();
      }
    });
  }

  function hurry() {
    soft = 0;
    run();
  }

  async function poll() {
    if (stopped || !open || asking || busy) return;
    const epoch = mine.epoch;
    const reply = await call("GET", urls.status);
    if (stopped || !open || epoch !== mine.epoch) return;
    if (reply.server_time) tell.clock(reply);
    if (reply.code === "signed_out") answers.signed_out();
    else if (reply.status === 404) stop("missing", reply);
    else if (reply.code !== "status") return;
    else if (reply.state !== "in_progress" || reply.epoch < epoch) {
      reopen();
      run();
    } else if (reply.epoch > epoch) {
      if (changed()) return hurry(); /* so that the letters are held */
      answers.superseded(reply);
      if (!stopped) run();
    }
  }
  function pollLater() {
    setTimeout(() => poll().then(pollLater), POLL * (0.8 + 0.4 * Math.random()));
  }
  pollLater();

  window.addEventListener("online", hurry);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else if (due()) hurry();
    else poll(); /* a device that slept has a clock that stood still */
  });

  return {
    run,
    hurry,
    poll,
    keep,
    mark,
    change() {
      mine.revision += 1;
      since = since || performance.now();
      keep();
      if (open) plan(Math.min(PAUSE, since + LATEST - performance.now()));
      mark();
    },
    takeOver() {
      [asking, takeOver] = [false, true];
      run();
    },
    signedIn() {
      asking = false;
      hurry();
    },
    handIn() {
      handing = true;
      hurry();
      mark();
    },
    reopen() {
      reopen();
      run();
    },
  };
}
