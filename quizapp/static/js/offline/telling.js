/* What stands above every view: how many answers wait, and what went wrong. */

import { here, more } from "./state.js";
import { part, put } from "./view.js";

const notes = new Map();

/* one note of each name; no text takes it away. link: {text, url} */
export function tell(name, tone, text, link) {
  notes.delete(name);
  if (text) {
    const node = put(part(`note-${tone}`), { ".said": text });
    if (link) {
      const way = put(part("do"), {});
      way.textContent = link.text;
      way.setAttribute("href", link.url);
      node.querySelector(".fill").append(way);
    }
    notes.set(name, node);
  }
  document.getElementById("notes").replaceChildren(...notes.values());
}

export function count(sending) {
  const { waiting } = here;
  const node = document.querySelector("[data-save]");
  node.dataset.state = waiting === 0 ? "saved" : sending ? "saving" : more.size ? "failed" : "offline";
  const text = waiting ? `还有${waiting}条答案待上传` : "已全部上传";
  const words = node.querySelector("[data-save-text]");
  if (words.textContent !== text) words.textContent = text;
}
