/* The invigilator's list follows the hall: figures, states, minutes and buttons, every few seconds. An open form stays. */

const EVERY = 8000; /* ms */
const TONES = { absent: "warn", waiting: "brand-t", answering: "brand-t", done: "ok" };
const box = document.querySelector("[data-desk]");
const at = document.querySelector("[data-desk-at]");
const set = (element, text) => element.textContent !== text && (element.textContent = text);

function show(row, told) {
  const badge = row.querySelector("[data-state]");
  set(badge, told.word);
  badge.className = `badge ${TONES[told.state]}`;
  set(row.querySelector("[data-seat]"), told.seat ? String(told.seat) : "");
  set(row.querySelector("[data-left]"), told.left ? `还剩${told.left}` : "");
  set(row.querySelector("[data-remark]"), told.remark);
  for (const act of row.querySelectorAll("[data-act]")) {
    const open = act.querySelector("details[open]");
    act.hidden = !told.acts.includes(act.dataset.act) && !open;
  }
}

async function ask() {
  let told = null;
  try {
    const reply = await fetch(box.dataset.desk, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (reply.status === 401 || reply.redirected) return set(at, "登录已过期，请刷新本页重新登录。");
    if (reply.ok) told = await reply.json();
  } catch {} /* the connection is gone: said below, asked again */
  if (!told) set(at, "网络中断，下面是中断前的情况，正在重试。");
  else {
    set(at, `${told.at}更新`);
    for (const place of box.querySelectorAll("[data-count]")) set(place, String(told.counts[place.dataset.count]));
    const rows = [...document.querySelectorAll("[data-place]")];
    for (const row of rows) if (told.rows[row.dataset.place]) show(row, told.rows[row.dataset.place]);
    const answering = document.querySelector("[data-when-answering]");
    if (answering) answering.hidden = !told.counts.answering;
    if (told.ended || rows.length !== Object.keys(told.rows).length) return location.reload();
  }
  setTimeout(ask, EVERY);
}

setTimeout(ask, EVERY);
