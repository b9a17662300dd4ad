/* Practice questions: Enter answers and goes on, stars and marks are kept in place, the next question is there at once.
   The pages work without it. Floor: Chromium 86, iOS 14.5. */

const post = (form, values) => {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  return fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": window.page.token() } });
};
const kept = (answer) => answer.type === "opaqueredirect" || answer.ok;

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const own = event.target.closest && event.target.closest("a, button, summary, select, textarea");
  if (own) return; /* what has the focus does its own thing */
  const next = document.querySelector("[data-enter]");
  if (!next) return;
  event.preventDefault();
  next.click();
});

/* 收藏 in place, so that a chosen option stays; when it cannot be kept the form goes its own way */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-star]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  const on = button.value === "1";
  post(form, { on: button.value }).then((answer) => {
    if (!kept(answer)) throw answer;
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "0" : "1";
  }).catch(() => location.reload());
});

/* 待检查 at once; the form of the answer carries it too */
document.addEventListener("change", (event) => {
  const box = event.target;
  const form = document.getElementById("mark");
  if (!form || !box.matches("[data-doubt]")) return;
  post(form, { on: box.checked ? "1" : "0" }).then((answer) => {
    if (!kept(answer)) throw answer;
    const cell = document.querySelector('[data-cell][aria-current="true"]');
    if (!cell) return;
    cell.classList.toggle("flagged", box.checked);
    cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace("，待检查", "") + (box.checked ? "，待检查" : ""));
    const count = document.querySelector("[data-flags]");
    if (count) count.textContent = String(document.querySelectorAll(".cell.flagged").length);
  }).catch(() => { box.checked = !box.checked; });
});

/* the next question is fetched while the explanation is read; fetching it writes nothing and brings no key */
let ahead = null;
function fetchAhead() {
  ahead = null;
  const link = document.querySelector('a[data-enter][data-key="next"]');
  if (!link || !document.getElementById("feedback")) return;
  const wanted = link.href;
  fetch(wanted, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text().then((text) => ({ wanted, url: answer.url, text })) : null))
    .then((found) => { ahead = found; })
    .catch(() => {});
}

function show(found) {
  const next = new DOMParser().parseFromString(found.text, "text/html");
  if (!next.querySelector("[data-question]") || next.body.className !== document.body.className) return false;
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  history.pushState(null, "", found.url);
  const question = document.querySelector("[data-question]");
  if (question.querySelector(".option input")) window.page.showChosen(question);
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
  fetchAhead();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest && event.target.closest("a[data-enter]");
  if (link && ahead && ahead.wanted === link.href && show(ahead)) event.preventDefault();
});
addEventListener("popstate", () => location.reload());
fetchAhead();
