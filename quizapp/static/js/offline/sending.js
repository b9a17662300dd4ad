/* Keeping an answer, sending what waits, and what the server's replies mean for the page. */

import { sync } from "./keeping.js";
import { here, load, more, recount } from "./state.js";
import { address } from "./talking.js";
import { count, tell } from "./telling.js";

const [FIRST_RETRY, LAST_RETRY] = [1000, 60000]; /* ms */
export const now = { trouble: "", changed: () => {} }; /* what stopped the last sending; run when another set is there */
let busy = false;
let running = Promise.resolve();
let timer;
let failures = 0;

const signIn = () => `${address("sign-in")}?next=${encodeURIComponent(address("practice/offline"))}`;
const STOPS = {
  signed_out: () =>
    here.set
      ? tell("server", "warn", "登录已过期，答案都在本机，重新登录后自动上传。", { text: "重新登录", url: signIn() })
      : tell("server", "warn", "请先登录，再保存到本机。", { text: "登录", url: signIn() }),
  locked: ({ sentence }) => tell("server", "warn", `${sentence}${here.waiting ? "答案都在本机，考试结束后自动上传。" : ""}`),
  other_person: () => tell("server", "warn", "当前登录的是另一账号。答案仍在本机，本人登录后自动上传。"),
  fault: () => tell("server", "bad", "答案没有上传成功，仍在本机。请更新内容后再试。"),
};
const FETCHED = {
  full: () => tell("set", "bad", "本机存储空间不足，没有保存新的内容；以前的内容和答案没有变化。请清理空间后重试。"),
  version: () => tell("set", "warn", "系统已更新。请关闭本页，过一会儿重新打开；答案都在本机。"),
  net: () => tell("set", "warn", "网络不通，内容没有更新；以前的内容和答案没有变化。请稍后重试。"),
};
export const noNetwork = FETCHED.net;

function later(after) {
  clearTimeout(timer);
  const pause = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures) * (0.5 + Math.random() / 2);
  failures = Math.min(failures + 1, 10);
  timer = setTimeout(hurry, Math.max(pause, 1000 * (after || 0)));
}

/* act: sync, or keepHere when it was pressed */
export async function hurry(act = sync) {
  clearTimeout(timer);
  if (busy && act === sync) return later(0);
  while (busy) await running; /* what was pressed waits its turn */
  busy = true;
  count(true);
  running = act(here.database, more).catch(() => ({ code: "", refused: [] }));
  const reply = await running;
  busy = false;
  await heard(reply);
  count(false);
}

async function heard(reply) {
  const before = now.trouble;
  now.trouble = reply.code === "sent" ? "" : reply.code || "net";
  tell("server");
  if (STOPS[reply.code]) STOPS[reply.code](reply);
  if (reply.refused.length) {
    const why = [...new Set(reply.refused.map((one) => one.sentence))].join("");
    tell("refused", "bad", `有${reply.refused.length}条答案不能计入：${why}其他答案不受影响。`);
  }
  if (!more.size) tell("room");
  if (reply.set) tell("set");
  if (FETCHED[reply.set]) FETCHED[reply.set]();
  const locked = (before === "locked") !== (now.trouble === "locked");
  const other = here.set && reply.person && reply.person !== here.set.person;
  if (reply.set === "kept" || reply.set === "same" || locked || other) {
    await load();
    now.changed();
  } else await recount();
  if (!now.trouble) failures = 0;
  else if (here.waiting || now.trouble === "locked") later(reply.after);
}

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/* An answer: on the disk before anything else. day: of the daily quiz, null for practice. */
export async function give(series, revision, chosen, day) {
  const key = `${series}/${revision}`;
  const at = new Date(Date.now() + here.lag).toISOString();
  const line = { id: newId(), person: here.set.person, revision, chosen, day, at };
  try {
    here.given.set(key, await here.database.answer(key, line));
  } catch {
    here.given.set(key, chosen);
    more.set(line.id, line);
    tell("room", "bad", "本机存储空间不足，这条答案只留在本页：请不要关闭本页，联网后自动上传。以前的答案都在本机。请清理空间。");
  }
  await recount();
  count(busy);
  hurry();
}
