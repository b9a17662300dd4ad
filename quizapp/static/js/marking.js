/* Stars and marks of practice, kept in place; practice.js loads this at the first of them. */

const post = (form, values) => {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  return fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": window.page.token() } });
};
const kept = (answer) => answer.type === "opaqueredirect" || answer.ok;

/* 收藏 in place, so that a chosen option stays; when it cannot be kept the form goes its own way */
export function star(form) {
  const button = form.querySelector("button");
  const on = button.value === "1";
  post(form, { on: button.value }).then((answer) => {
    if (!kept(answer)) throw answer;
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "0" : "1";
  }).catch(() => location.reload());
}

/* 待检查 at once; the form of the answer carries it too */
export function doubt(form, box) {
  post(form, { on: box.checked ? "1" : "0" }).then((answer) => {
    if (!kept(answer)) throw answer;
    const cell = document.querySelector('[data-cell][aria-current="true"]');
    if (!cell) return;
    cell.classList.toggle("flagged", box.checked);
    cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace("，待检查", "") + (box.checked ? "，待检查" : ""));
    const count = document.querySelector("[data-flags]");
    if (count) count.textContent = String(document.querySelectorAll(".cell.flagged").length);
  }).catch(() => { box.checked = !box.checked; });
}
