/* Keeping the set fresh and sending the answers that wait. Runs on the offline page and, for who uses that, on others. */

import { NAME } from "./database.js";
import { address, ask, askSet } from "./talking.js";

const FORMAT = 1; /* of the set; another one belongs to another version of these scripts */
const AT_ONCE = 100; /* answers of one request */

export const usable = (set) => Boolean(set && set.format === FORMAT);

/* for keep.js */
function markUsed() {
  try {
    localStorage.setItem(NAME, "1");
  } catch {} /* other pages then do not send: this one does */
}

/* Who is signed in, with the difference of this device's clock noted. {code: "ready", person, day, drawn, answered}, or why not. */
async function whoIsIn(database) {
  const asked = Date.now();
  const who = await ask("GET", "practice/answers");
  if (who.code !== "ready") return who;
  who.lag = Date.parse(who.time) - (asked + Date.now()) / 2;
  await database.note("lag", who.lag).catch(() => {}); /* without room: the old one serves */
  return who;
}

/* Sends the answers of one person until none waits. more: answers that only the page holds, a Map by id.
   {code: "sent", refused: […], book: as it is behind the last}, or the reply that stopped it. */
async function send(database, person, more) {
  const refused = [];
  let book;
  for (let tries = 0; tries < 3; ) {
    const waiting = new Map((await database.queue(person)).map((row) => [row.id, row]));
    for (const [id, row] of more) if (row.person === person) waiting.set(id, row);
    const rows = [...waiting.values()].slice(0, AT_ONCE);
    if (!rows.length) return { code: "sent", refused, book };
    const answers = rows.map(({ id, revision, chosen, day, at }) => ({ id, revision, chosen, day, at }));
    const reply = await ask("POST", "practice/answers", { person, answers });
    if (reply.code === "token") tries += 1; /* ask has kept the fresh one */
    else if (reply.code !== "taken") return { ...reply, refused };
    else {
      refused.push(...reply.refused);
      book = reply.book;
      const done = [...reply.stored, ...reply.refused.map(({ id }) => id)];
      for (const id of done) more.delete(id);
      await database.remove(done);
      if (!done.length) return { code: "fault", refused };
    }
  }
  return { code: "fault", refused };
}

/* A new set, where the kept one is not what the server would give. "kept", "same", "full" (no room), or the code or status
   that came instead. */
async function fetchSet(database, kept, lag) {
  const reply = await askSet(usable(kept.set) ? kept.etag : "");
  if (reply.status === 304) {
    await database.note("at", Date.now() + lag).catch(() => {});
    return "same";
  }
  if (!reply.set) return reply.code || "net";
  if (!usable(reply.set)) return "version";
  const same = usable(kept.set) && kept.set.person === reply.set.person && kept.set.day === reply.set.day;
  try {
    await database.keep(reply.set, reply.etag, Date.now() + lag, same);
  } catch {
    return "full";
  }
  return "kept";
}

/* The wrong-question book alone, where the set is still good. Nobody asked for it: without room the old one stays. */
async function fetchBook(database, { set, etag, at }) {
  const have = Object.keys(set.questions).map(Number);
  const reply = await ask("POST", "practice/offline-book", { have });
  if (reply.code !== "book" || reply.person !== set.person) return "";
  const { wrong, questions, articles } = reply;
  const fresh = { ...set, wrong, questions: { ...set.questions, ...questions }, articles: { ...set.articles, ...articles } };
  return database.keep(fresh, etag, at, true).then(() => "kept", () => "");
}

/* whether today's quiz, or an answer to it on another page or device, is not known here */
async function isOld(database, { day, daily }, who) {
  if (day !== who.day || (who.drawn && !daily)) return true;
  const here = [...(await database.given()).keys()].filter((key) => key.startsWith("daily/")).map((key) => key.slice(6));
  return Boolean(daily) && who.answered > new Set([...here, ...Object.keys(daily.given)]).size;
}

/* Everything there is to do with the server: whose device it is, the answers, the set. Gives {code, refused, set}: code is
   "sent" or what stopped it; set tells of a set that was fetched. wanted: fetch it also when it is of today. */
export async function sync(database, more = new Map(), wanted = false) {
  const who = await whoIsIn(database);
  if (who.code !== "ready") return { ...who, refused: [] };
  let kept = await database.kept();
  if (kept.set && kept.set.person !== who.person) {
    await database.forget(); /* of another person; answers that wait stay */
    kept = {};
  }
  const old = usable(kept.set) && (await isOld(database, kept.set, who));
  const sent = await send(database, who.person, more);
  if (!wanted && !old) {
    const book = sent.book ?? who.book;
    const changed = usable(kept.set) && book !== undefined && book !== kept.set.wrong.mark;
    return { ...sent, person: who.person, set: changed ? await fetchBook(database, kept) : undefined };
  }
  return { ...sent, person: who.person, set: await fetchSet(database, kept, who.lag) };
}

/* 保存到本机: today's quiz is drawn, the worker keeps the page, the set is fetched. Gives what sync gives. */
export async function keepHere(database, more) {
  await ask("GET", "practice/answers"); /* for a token: the page has none of its own */
  const prepared = await ask("POST", "practice/offline-set", {});
  if (prepared.code !== "prepared") return { ...prepared, refused: [] };
  await navigator.serviceWorker.register(address("sw.js"));
  await navigator.serviceWorker.ready;
  markUsed();
  return sync(database, more, true);
}
