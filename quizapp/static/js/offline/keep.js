/* On pages of practice, for devices that are used offline: send what waits, and carry today's quiz away once it is drawn. */

function used() {
  try {
    return localStorage.getItem(`offline ${new URL("../../../", import.meta.url).pathname}`) === "1"; /* NAME of database.js */
  } catch {
    return false;
  }
}

if (used())
  window.addEventListener("load", async () => {
    try {
      const [{ openDatabase }, { sync }] = await Promise.all([import("./database.js"), import("./keeping.js")]);
      await sync(await openDatabase());
    } catch {} /* the offline page tells what is wrong */
  });
