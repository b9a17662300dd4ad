/* What the page knows: the set, what was answered of it, how many answers wait. */

import { usable } from "./keeping.js";

export const here = { database: undefined, set: undefined, at: 0, lag: 0, given: new Map(), waiting: 0 };
export const more = new Map(); /* answers for which the device had no room, by id */

export async function recount() {
  const rows = here.set ? await here.database.queue(here.set.person) : [];
  here.waiting = new Set([...rows.map(({ id }) => id), ...more.keys()]).size;
}

export async function load() {
  const kept = await here.database.kept();
  const set = usable(kept.set) ? kept.set : undefined;
  Object.assign(here, { set, at: kept.at, lag: kept.lag || 0, given: set ? await here.database.given() : new Map() });
  if (set && set.daily) for (const [revision, letters] of Object.entries(set.daily.given)) here.given.set(`daily/${revision}`, letters);
  if (set) document.documentElement.dataset.size = set.size || "standard";
  await recount();
}

/* the revisions of a series: daily, practice, wrong */
export function questionsOf(series) {
  const { daily, practice, wrong } = here.set;
  if (series === "daily") return daily ? daily.questions : [];
  return series === "wrong" ? wrong.groups.flatMap(([, ones]) => ones) : practice;
}

export const chosenIn = (series, revision) => here.given.get(`${series}/${revision}`);
export const answered = (series) => questionsOf(series).filter((revision) => chosenIn(series, revision)).length;

/* the number of the next question that is not answered, from 1; none when all are */
export function nextOpen(series, after = 0) {
  const numbers = questionsOf(series).map((revision, n) => (chosenIn(series, revision) ? 0 : n + 1)).filter(Boolean);
  return numbers.find((number) => number > after) || numbers[0];
}

/* the day of now in Asia/Shanghai, by the server's clock */
export const today = () => new Date(Date.now() + here.lag + 8 * 3600000).toISOString().slice(0, 10);
