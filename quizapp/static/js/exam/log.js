/* The page's own record of one attempt: ids, numbers and letters, kept on the device from the first letter to the
   receipt. In IndexedDB, else in localStorage, else only in memory; kind() says which, so that the page can warn.
   A record goes by the attempt's token, which only its person's page knows. */

const PATIENCE = 2000; /* ms; some old browsers never answer the first opening */
const newest = (a, b) => (!b || (a && (a.epoch > b.epoch || (a.epoch === b.epoch && a.revision >= b.revision))) ? a : b);

function openDatabase() {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error("no answer")), PATIENCE);
    const asked = indexedDB.open("exam", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("log");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

/* what to do inside one transaction; done when it is on the disk */
function inDatabase(database, mode, act) {
  return new Promise((done, fail) => {
    const work = database.transaction("log", mode, { durability: "strict" });
    const answer = {};
    work.oncomplete = () => done(answer.value);
    work.onerror = work.onabort = () => fail(work.error);
    act(work.objectStore("log"), answer);
  });
}

const database = (opened, key) => ({
  kind: "database",
  read: () => inDatabase(opened, "readonly", (store, answer) => (store.get(key).onsuccess = (e) => (answer.value = e.target.result))),
  clear: () => inDatabase(opened, "readwrite", (store) => store.delete(key)),
  write: (record) =>
    inDatabase(opened, "readwrite", (store, answer) => {
      store.get(key).onsuccess = (e) => {
        answer.value = !(e.target.result?.epoch > record.epoch);
        if (answer.value) store.put(record, key);
        store.transaction.commit?.(); /* at once: the page may be going */
      };
    }),
});

function pairs(key) {
  const read = () => JSON.parse(localStorage.getItem(key));
  localStorage.setItem(`${key}?`, ""); /* throws where nothing may be kept */
  localStorage.removeItem(`${key}?`);
  return {
    kind: "pairs",
    read,
    clear: () => localStorage.removeItem(key),
    write(record) {
      if (read()?.epoch > record.epoch) return false;
      localStorage.setItem(key, JSON.stringify(record));
      return true;
    },
  };
}

const memory = { kind: "memory", read: () => null, clear: () => {}, write: () => true };

export async function openLog(token) {
  const places = [];
  try {
    places.push(database(await openDatabase(), token));
  } catch {} /* the next place serves */
  try {
    places.push(pairs(`exam:${token}`));
  } catch {}
  places.push(memory);

  let last = Promise.resolve();
  async function write(record) {
    try {
      return await places[0].write(record);
    } catch {
      places.shift(); /* memory never refuses */
      return write(record);
    }
  }
  return {
    kind: () => places[0].kind,
    async read() {
      const found = await Promise.all(places.map(async (place) => place.read()).map((one) => one.catch(() => null)));
      return found.reduce((best, one) => newest(one, best), null);
    },
    /* one after the other; true when kept, false when a page that was opened later keeps the record now */
    write: (record) => (last = last.then(() => write(record))),
    clear: () => (last = last.then(() => Promise.all(places.map(async (place) => place.clear()).map((one) => one.catch(() => null))))),
  };
}
