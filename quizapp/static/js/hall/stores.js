/* What this browser keeps of exams (see exam/log.js): IndexedDB "exam" and localStorage "exam:…". */

const PREFIX = "exam:";

function forgetPairs(keep) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && !keep.includes(key.slice(PREFIX.length))) localStorage.removeItem(key);
    sessionStorage.clear();
  } catch {} /* nothing may be kept here: nothing is */
}

/* every record but those of these attempts */
export function forgetOthers(keep) {
  forgetPairs(keep);
  return new Promise((done) => {
    const asked = indexedDB.open("exam", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("log");
    asked.onerror = done;
    asked.onsuccess = () => {
      const work = asked.result.transaction("log", "readwrite");
      const store = work.objectStore("log");
      store.getAllKeys().onsuccess = (event) => {
        for (const key of event.target.result) if (!keep.includes(key)) store.delete(key);
      };
      work.oncomplete = work.onerror = work.onabort = () => {
        asked.result.close();
        done();
      };
    };
  });
}

/* all of it */
export function forgetAll() {
  forgetPairs([]);
  return new Promise((done) => {
    const asked = indexedDB.deleteDatabase("exam");
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
}
