/* Shared behaviour. Every page works without it; behaviour hangs on data-attributes. Floor: Chromium 86, iOS 14.5. */

const root = document.documentElement;
const on = (type, run) => document.addEventListener(type, run);
const near = (event, selector) => event.target.closest ? event.target.closest(selector) : null;
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/* what only works with script is shown by script */
for (const el of document.querySelectorAll("[data-print], [data-close-menu]")) el.hidden = false;
const dialogs = typeof HTMLDialogElement === "function" && "showModal" in HTMLDialogElement.prototype;
if (!dialogs) root.classList.add("no-dialog");

/* dialogs: data-open="id", data-close; the focus goes back to the opener */
const openers = new WeakMap();
function openSheet(id, opener) {
  const sheet = document.getElementById(id);
  if (!sheet) return;
  if (!dialogs) {
    sheet.scrollIntoView();
    sheet.querySelector("h2")?.focus();
  } else if (!sheet.open) {
    openers.set(sheet, opener ?? document.activeElement);
    sheet.showModal();
    sheet.querySelector("h2")?.focus();
  }
}
function closeSheet(sheet) {
  if (dialogs && sheet.open) sheet.close();
}
document.addEventListener("close", (event) => openers.get(event.target)?.focus?.(), true);

/* menus: one open at a time, closed by Escape or a press elsewhere */
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
};

on("click", (event) => {
  const opener = near(event, "[data-open]");
  if (opener) {
    event.preventDefault();
    return openSheet(opener.dataset.open, opener);
  }
  const closer = near(event, "[data-close]");
  if (closer && dialogs) {
    event.preventDefault();
    return closeSheet(closer.closest("dialog"));
  }
  if (event.target.nodeName === "DIALOG" && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail) closeSheet(event.target);
    return;
  }
  const cell = near(event, "dialog [data-cell]");
  if (cell) closeSheet(cell.closest("dialog"));
  if (near(event, "[data-print]")) return window.print();
  const cancel = near(event, "[data-close-menu]");
  if (cancel) {
    const menu = cancel.closest("details");
    menu.open = false;
    return menu.querySelector("summary").focus();
  }
  closeMenus(near(event, "details[data-menu]"));
});

on("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  keys(event);
});

/* the keyboard on a question: A–F or 1–6 choose, ← and → move */
function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = near(event, "textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
  if (typing) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (near(event, "input[type=radio], [role=region]")) return;
    const way = document.querySelector(`[data-key="${event.key === "ArrowLeft" ? "prev" : "next"}"]:not([disabled])`);
    if (way) {
      event.preventDefault();
      way.click();
    }
    return;
  }
  const question = [...document.querySelectorAll("[data-question]")].filter((q) => !q.hidden);
  if (question.length !== 1 || !/^[a-h1-8]$/i.test(event.key)) return;
  const inputs = question[0].querySelectorAll(".option input:not([disabled])");
  const at = /\d/.test(event.key) ? Number(event.key) - 1 : event.key.toUpperCase().charCodeAt(0) - 65;
  if (inputs[at]) {
    event.preventDefault();
    inputs[at].focus();
    inputs[at].click();
  }
}

/* the letters in the brackets follow the choice */
function showChosen(question) {
  const blank = question.querySelector("[data-blank]");
  if (blank) blank.textContent = [...question.querySelectorAll(".option input:checked")].map((input) => input.value).join("");
}
on("change", (event) => {
  const question = near(event, "[data-question]");
  if (question && near(event, ".option")) showChosen(question);
  const auto = near(event, "form[data-autosubmit]");
  if (auto) auto.requestSubmit ? auto.requestSubmit() : auto.submit();
});
for (const question of document.querySelectorAll("[data-question]"))
  if (question.querySelector(".option input")) showChosen(question);

/* a form is sent once; the button keeps its width and says so */
on("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  setTimeout(() => {
    if (event.defaultPrevented || form.method !== "post") return;
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000); /* a reply may be a file: the page stays */
    const button = event.submitter ?? form.querySelector("[data-busy]");
    if (!button?.dataset.busy) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    (button.querySelector("span") ?? button).textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
  });
});

/* 字号: at once, and kept by the same form */
on("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-text-size]") || !event.submitter) return;
  event.preventDefault();
  const size = event.submitter.value;
  root.dataset.size = size;
  for (const button of form.querySelectorAll("[name=size]")) button.setAttribute("aria-pressed", String(button.value === size));
  const body = new FormData(form);
  body.set("size", size);
  fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token() } }).catch(() => {});
});

/* after an answer: to the feedback */
const target = document.querySelector("[data-focus]");
if (target) {
  target.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
}

/* for the scripts of single pages; a second import under another address would bind everything twice */
window.page = { token, openSheet, closeSheet, showChosen };
