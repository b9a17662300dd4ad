/* Practice questions: Enter answers and goes on, stars and marks are kept in place. The pages work without it. */

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
