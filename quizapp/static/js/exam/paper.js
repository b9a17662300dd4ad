/* The page on which an exam is sat: joins what is shown (view), what the device keeps (log) and what the server knows
   (saving). Contract: docs/exam-protocol.md. */

import { makeClock, written } from "./clock.js";
import { openLog } from "./log.js";
import { makeSaving } from "./saving.js";
import { answered, differing, format, parse, spoken } from "./sheet.js";
import { call } from "./transport.js";
import * as view from "./view.js";

const form = document.getElementById("paper");
const facts = form.dataset;
const count = view.questions.length;
const [LATE, MINUTE] = [300000, 60000]; /* ms */
const ASK_OTHERS = 150; /* ms that another tab of this browser has to say that it is there */

const touched = new Set(); /* answered before the log was read */
const clock = makeClock();
let saving;
let mine;
let log;
let at = view.named();
let locked = ""; /* time, hand-in or stopped: nothing can be chosen any more */

clock.set({ server_time: facts.serverTime, closes_at: facts.closesAt, asked: performance.now(), heard: performance.now() });

/* moving about */
function go(n, focus = true) {
  if (locked || !(n >= 1 && n <= count)) return;
  at = n;
  view.show(n, focus);
  if (mine) mine.at = n;
  if (mine?.logged) saving?.keep();
}
const onClick = (name, run) => document.getElementById(name).addEventListener("click", run);
onClick("previous", () => go(at - 1));
onClick("next", (event) => (at < count || locked ? go(at + 1) : window.page.openSheet("answer-card", event.currentTarget)));
document.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell) return;
  event.preventDefault();
  cell.closest("dialog")?.addEventListener("close", () => setTimeout(go, 0, Number(cell.dataset.cell)), { once: true });
  go(Number(cell.dataset.cell));
});
window.addEventListener("hashchange", () => go(view.named()));
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

/* answering */
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  const n = view.numberOf(event.target);
  if (!saving) return touched.add(n);
  take(n);
  saving.change();
});
function take(n) {
  mine.slots[n - 1] = view.lettersAt(n);
  if (view.questions[n - 1].querySelector("[data-doubt]").checked) mine.doubts.add(n);
  else mine.doubts.delete(n);
  view.tally(mine.slots, mine.doubts);
}

/* what the page knows at first: the log of an earlier visit, else what the server wrote into the page */
async function begin() {
  view.show(at >= 1 && at <= count ? at : 1);
  log = await openLog(facts.token);
  const found = await log.read();
  const usable = typeof found?.base === "string" && parse(found.sheet).length === count;
  const blank = view.served();
  mine = usable
    ? { ...found, slots: parse(found.sheet), doubts: new Set(found.doubts), logged: true }
    : { slots: blank, doubts: new Set(view.servedDoubts()), base: format(blank), epoch: 0, revision: 0, logged: false };
  delete mine.sheet;
  mine.key = (await alone()) ? history.state?.key || facts.pageKey || mine.key || null : null;
  for (const n of touched) take(n);
  view.paint(mine.slots, mine.doubts);
  saving = makeSaving({ urls: { open: facts.openUrl, sheet: facts.sheetUrl, handIn: facts.handInUrl, status: facts.statusUrl }, log, mine, tell });
  if (touched.size) saving.change();
  go(at >= 1 && at <= count ? at : (mine.at ?? 1), false);
  saving.run();
  setInterval(tick, 500);
  tick();
}

/* whether no other tab of this browser has the paper open; only then its key may serve here. Old browsers cannot ask. */
function alone() {
  if (typeof BroadcastChannel !== "function") return true;
  const channel = new BroadcastChannel(`exam:${facts.token}`);
  return new Promise((done) => {
    channel.onmessage = ({ data }) => {
      if (data === "here") done(false);
      else if (locked !== "stopped") channel.postMessage("here");
    };
    if (mine.logged) channel.postMessage("anybody");
    setTimeout(done, mine.logged ? ASK_OTHERS : 0, true);
  });
}

/* what the server's answers mean here */
let warned = false; /* that the device keeps nothing */
let graceEnd = Number(facts.grace) * 1000 + 1000 + Math.random() * 4000; /* not everybody at once */
const tell = {
  mark(state) {
    const inMemory = log.kind() === "memory";
    if (inMemory && !warned) view.note("本浏览器不能留存答案。答案会随时传到服务器，交卷前请保持网络畅通，不要关闭页面。");
    warned = inMemory;
    view.mark(state, inMemory);
    if (locked === "hand-in") view.endState({ net: "网络中断，正在重试，请不要关闭页面。", busy: "系统繁忙，正在重试，请不要关闭页面。" }[state] ?? "");
    if (locked === "time") {
      const left = differing(format(mine.slots), mine.base);
      view.endState(left.length ? `还有${left.length}题的答案没有传到服务器，正在补传，请不要关闭页面。` : "答案已全部保存，正在生成交卷回执。");
    }
  },
  clock(reply) {
    clock.set(reply);
    tick();
  },
  opened(theirs, reply) {
    graceEnd = reply.grace_s * 1000 + 1000 + Math.random() * 4000;
    history.replaceState({ key: reply.page_key }, "");
    view.paint(mine.slots, mine.doubts);
    if (theirs.length) view.note(`第${spoken(theirs)}题采用在另一页面保存的答案，请核对。`);
  },
  otherPage: () => otherPage.ask(),
  signIn: () => signIn.ask(),
  handInFailed() {
    locked = "";
    view.goOn();
    go(at);
  },
  stopped(why, reply) {
    locked = "stopped";
    if (why === "missing") return view.end("没有找到这份答卷", ["请用参加本次考试的账号登录后继续，答案仍留在本机。"], "leave");
    if (why === "refused") return view.end("不能继续答题", [reply.sentence], "leave");
    const left = differing(format(mine.slots), mine.base);
    const lines = left.map((n) => `第${n}题：${mine.slots[n - 1] || "未选"}`);
    const held = left.length ? ["本页以下答案没有保存，已另行留存备查：", ...lines] : ["本页的答案都已保存。"];
    view.end("已在另一页面作答，本页已停止", ["请到最近打开的页面继续答题。", ...held], "leave", "again");
  },
  closed: () => location.replace(facts.receiptUrl),
};

/* time */
let before = Infinity;
function tick() {
  const left = clock.left();
  view.time(written(left), left < LATE);
  for (const minutes of [10, 5, 1]) if (before > minutes * MINUTE && left <= minutes * MINUTE && before < Infinity) view.announce(`距离考试结束还有${minutes}分钟`);
  before = left;
  if (left <= 0 && !locked) {
    locked = "time";
    view.end("时间到，已自动交卷", [`考试于${clock.end()}结束，已答${answered(mine.slots)}题，共${count}题。`], "leave");
    saving.hurry();
    saving.mark();
  } else if (left > 0 && locked === "time") {
    locked = ""; /* more time was given */
    view.goOn();
    go(at);
  }
  if (locked === "time" && left < -graceEnd) {
    graceEnd = Infinity;
    saving.reopen();
  }
}

/* handing in */
onClick("hand-in", () => {
  if (locked) return;
  locked = "hand-in";
  view.end("正在交卷…", []);
  saving.handIn();
});
onClick("retry", () => saving.hurry());
onClick("again", () => location.reload());

/* questions that must be answered first */
const otherPage = view.must("other-page");
onClick("take-over", () => {
  otherPage.done();
  go(at);
  saving.takeOver();
});
const signIn = view.must("sign-in");
signIn.dialog.querySelector("form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [login, password] = event.target.elements;
  const problem = document.getElementById("sign-in-problem");
  problem.textContent = "";
  const send = () => call("POST", facts.signInUrl, { login: login.value, password: password.value });
  let reply = await send();
  if (reply.status === 401 || reply.status === 403) reply = await send(); /* with the fresh token */
  if (reply.code !== "signed_in") {
    problem.textContent = reply.sentence ?? "网络中断，没有登录，答案仍在，请稍后再试。";
    return password.focus();
  }
  password.value = "";
  signIn.done();
  view.questions[at - 1].focus();
  saving.signedIn();
});

begin();
document.documentElement.classList.add("ready");
