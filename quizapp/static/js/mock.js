/* A mock exam: the next question is there at once, while the answer is kept. Floor: Chromium 86; older ones turn pages. */
import { fetchPage, show } from "./ahead.js";

let ahead = null; /* the page of the next question */
let unkept = null; /* the answer on its way, or one that did not arrive: one at a time */

function look() {
  ahead = null;
  const next = document.querySelector('[form="answer"][data-key="next"]');
  if (!next || !/^\d+$/.test(next.value)) return;
  const wanted = new URL(next.value, location.href).href;
  fetchPage(wanted).then((found) => {
    if (found && found.url === wanted && new URL(next.value, location.href).href === wanted) ahead = found;
  });
}

function tell(hidden) {
  const note = document.querySelector("[data-unkept]");
  if (note) note.hidden = hidden;
}

/* the answer to its question; what comes back is the next page with the answer card as it is now */
function keep(answer) {
  answer.going = fetch(answer.form.action, { method: "POST", body: answer.body, credentials: "same-origin" }).then(
    (reply) => {
      if (!reply.ok || reply.url !== answer.next) return turnPage(answer);
      unkept = null;
      tell(true);
      return reply.text().then((text) => freshen(answer.next, text));
    },
    () => {
      answer.going = null;
      tell(false);
    },
  );
  return answer.going;
}

/* signed out, or handed in elsewhere: the browser asks once more and shows what the server says */
function turnPage({ form, body }) {
  const go = document.createElement("input");
  Object.assign(go, { type: "hidden", name: "go", value: body.get("go") });
  unkept = null;
  form.append(go);
  form.hidden = true;
  document.body.append(form);
  form.submit();
}

function freshen(url, text) {
  if (location.href !== url) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of ["[data-progress]", "#answer-card", ".dock .for-sheet"]) {
    const now = document.querySelector(part), then = fresh.querySelector(part);
    if (now && then) now.replaceChildren(...then.childNodes);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (form.id !== "answer" || event.defaultPrevented || !button) return;
  if (unkept) { /* first the answer before this one */
    event.preventDefault();
    const again = () => { if (!unkept && form.isConnected) form.requestSubmit(button); };
    (unkept.going || keep(unkept)).then(again);
    return;
  }
  const next = new URL(button.value, location.href).href;
  if (!ahead || ahead.wanted !== next) return;
  const body = new FormData(form), found = ahead;
  body.set("go", button.value);
  if (!show(found)) return;
  event.preventDefault();
  look();
  unkept = { form, body, next };
  keep(unkept);
});
addEventListener("online", () => unkept && !unkept.going && keep(unkept));
addEventListener("beforeunload", (event) => unkept && event.preventDefault());
look();
