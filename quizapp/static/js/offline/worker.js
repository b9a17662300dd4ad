/* The worker of the offline pages. The server puts `KEPT` before this text: version, page, files, modules, fallback,
   signOut. It keeps one page that is the same for everybody, and that page's files. Nothing of a person is in its cache,
   no answer, no page of an exam: whatever is not named here goes to the network as if there were no worker. */

const NAME = `offline ${KEPT.fallback[0]}`; /* as in database.js: several installations may stand on one host */
const CACHE = `${NAME} ${KEPT.version}`;
const kept = (address) => caches.match(address, { cacheName: CACHE }); /* opening a cache that was deleted would make it */

async function fill() {
  const cache = await caches.open(CACHE);
  const fetched = async (address, how) => {
    const reply = await fetch(address, { credentials: "omit", redirect: "error", cache: how });
    if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
    return cache.put(address, reply);
  };
  const fresh = [KEPT.page, ...KEPT.modules].map((address) => fetched(address, "no-cache"));
  await Promise.all([...fresh, ...KEPT.files.map((address) => fetched(address, "default"))]);
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(`${NAME} `) && name !== CACHE).map((name) => caches.delete(name)));
}

/* signing out: the page, its files and the set go; answers that wait stay for their person (see database.js) */
async function forget() {
  await caches.delete(CACHE);
  await new Promise((done) => {
    const asked = indexedDB.open(NAME);
    asked.onupgradeneeded = () => asked.transaction.abort(); /* there is none */
    asked.onerror = done;
    asked.onsuccess = () => {
      const work = asked.result.transaction(["kept", "given"], "readwrite");
      for (const name of ["kept", "given"]) work.objectStore(name).clear();
      work.oncomplete = work.onabort = () => {
        asked.result.close();
        done();
      };
    };
  });
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));

const ownPage = async (event) => {
  const found = await kept(KEPT.page);
  if (found) return found;
  event.waitUntil(fill().catch(() => {})); /* emptied by signing out */
  return fetch(event.request);
};

/* a module has no version in its address: only the kept page may have the kept one */
const module = async (event, path) => {
  const page = await self.clients.get(event.clientId);
  const own = page && new URL(page.url).pathname === KEPT.page;
  return (own && (await kept(path))) || fetch(event.request);
};

const within = (path, start) => path === start || (start !== KEPT.fallback[0] && path.startsWith(start));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (origin !== self.location.origin) return;
  if (method === "POST" && mode === "navigate" && pathname === KEPT.signOut) event.waitUntil(forget());
  if (method !== "GET") return;
  if (mode === "navigate") {
    if (pathname === KEPT.page) event.respondWith(ownPage(event));
    else if (KEPT.fallback.some((start) => within(pathname, start)))
      event.respondWith(fetch(event.request).catch(() => Response.redirect(KEPT.page)));
  } else if (KEPT.files.includes(pathname + search))
    event.respondWith(kept(pathname + search).then((found) => found || fetch(event.request)));
  else if (KEPT.modules.includes(pathname)) event.respondWith(module(event, pathname));
});
