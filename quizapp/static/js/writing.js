/* Writing a question: the preview follows what is typed, and words of the law are taken over into 依据.
   Without it the buttons 预览 and 查看条文 do the same. */

const form = document.querySelector("[data-writing]");
const place = document.querySelector("[data-preview]");
const state = document.querySelector("[data-preview-state]");
const PAUSE = 400; /* ms without typing before the server is asked */
let timer = 0;
let asking = null;

function later() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

async function refresh() {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  let failed = "";
  try {
    const reply = await fetch(form.dataset.writing, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      redirect: "error", /* to the sign-in page: what is typed stays here */
      headers: { "X-CSRFToken": window.page.token(), "X-Part": "preview" },
      signal: mine.signal,
    });
    if (!reply.ok) throw new Error(String(reply.status));
    show(await reply.text());
  } catch (error) {
    if (mine.signal.aborted) return false;
    failed = "预览暂时不能更新，已填写的内容不受影响。";
  }
  if (state.textContent !== failed) state.textContent = failed;
  return !failed;
}

/* the server's own page, parsed as such: no text becomes markup here */
function show(page) {
  const parsed = new DOMParser().parseFromString(page, "text/html");
  place.replaceChildren(...parsed.body.childNodes);
  offer();
}

/* what only works with script is shown by script */
function offer() {
  for (const el of place.querySelectorAll("[data-cite], [data-cite-hint]")) el.hidden = false;
}

/* the words chosen within a line, or all of it, as a new line of 依据 */
function cite(button) {
  const line = button.closest("[data-provision]");
  const words = line.querySelector("[data-words]");
  const chosen = getSelection();
  const inside = chosen.rangeCount && words.contains(chosen.anchorNode) && words.contains(chosen.focusNode);
  const text = (inside && chosen.toString().trim()) || words.textContent;
  const field = form.elements.citations;
  const before = field.value.trimEnd();
  field.value = `${before ? `${before}\n` : ""}${line.dataset.provision} “${text.replace(/\s*\n\s*/g, "").trim()}”`;
  field.focus();
  later();
}

form.addEventListener("input", (event) => {
  if (event.target !== form.elements.article) later();
});
form.elements.article?.addEventListener("change", async () => {
  if ((await refresh()) && !matchMedia("(min-width: 1024px)").matches) document.getElementById("article-text")?.scrollIntoView();
});
place.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-cite]")) event.preventDefault(); /* the selection stays */
});
place.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cite]");
  if (button) cite(button);
});
offer();
