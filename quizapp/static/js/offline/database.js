/* What this device keeps: the set of one person, what was answered of it, and the answers that wait. Answers that wait
   carry their person; they outlive the set, signing out and every new version of the app. */

import { address } from "./talking.js";

export const NAME = `offline ${address("")}`; /* several installations may stand on one host */
const PATIENCE = 4000; /* ms; some old browsers never answer the first opening */
const STORES = { kept: {}, given: {}, queue: { keyPath: "id" } };

function opened() {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error("no answer")), PATIENCE);
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, how] of Object.entries(STORES)) asked.result.createObjectStore(name, how);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

/* one transaction; done with what `act` put into answer.value once it is on the disk */
function within(database, mode, act) {
  return new Promise((done, fail) => {
    const work = database.transaction(Object.keys(STORES), mode, { durability: "strict" });
    const answer = {};
    work.oncomplete = () => done(answer.value);
    work.onerror = work.onabort = () => fail(work.error || new Error("aborted"));
    act(Object.fromEntries(Object.keys(STORES).map((name) => [name, work.objectStore(name)])), answer);
  });
}

/* all of one store as [key, value] pairs */
function pairs(store, take) {
  store.getAllKeys().onsuccess = (keys) => {
    store.getAll().onsuccess = (values) => take(keys.target.result.map((key, n) => [key, values.target.result[n]]));
  };
}

export async function openDatabase() {
  const database = await opened();
  database.onversionchange = () => database.close();
  return {
    /* {set, etag, at, lag}, as far as they are kept */
    kept: () => within(database, "readonly", ({ kept }, answer) => pairs(kept, (found) => (answer.value = Object.fromEntries(found)))),
    /* what was answered of the set: "daily/17" → "AC" */
    given: () => within(database, "readonly", ({ given }, answer) => pairs(given, (found) => (answer.value = new Map(found)))),
    note: (key, value) => within(database, "readwrite", ({ kept }) => kept.put(value, key)),
    /* a new set takes the place of the old one, or nothing changes; what was answered goes with its day or person */
    keep: (set, etag, at, same) =>
      within(database, "readwrite", ({ kept, given }) => {
        if (!same) given.clear();
        kept.put(set, "set");
        kept.put(etag, "etag");
        kept.put(at, "at");
      }),
    forget: () =>
      within(database, "readwrite", ({ kept, given }) => {
        kept.clear();
        given.clear();
      }),
    /* an answer and that it was given, both or none. The first answer to a question of a series stays: another tab's
       is given back instead */
    answer: (key, row) =>
      within(database, "readwrite", ({ given, queue }, answer) => {
        given.get(key).onsuccess = (event) => {
          answer.value = event.target.result ?? row.chosen;
          if (event.target.result) return;
          given.put(row.chosen, key);
          queue.put(row);
        };
      }),
    queue: (person) =>
      within(database, "readonly", ({ queue }, answer) => {
        queue.getAll().onsuccess = (event) => (answer.value = event.target.result.filter((row) => row.person === person));
      }),
    remove: (ids) =>
      within(database, "readwrite", ({ queue }) => {
        for (const id of ids) queue.delete(id);
      }),
  };
}
