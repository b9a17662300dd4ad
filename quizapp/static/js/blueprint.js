/* The table of a blueprint: says while typing what cannot hold. Without it the server says so when the draft is saved. */

const form = document.querySelector("[data-blueprint]");
const paper = form.querySelector("[data-paper]");
const problems = form.querySelector("[data-problems]");
let waiting = 0;
let asked = 0;

function tell(said) {
  paper.textContent = said.paper;
  problems.replaceChildren(
    ...said.problems.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }),
  );
}

async function ask() {
  asked += 1;
  const mine = asked;
  try {
    const reply = await fetch(form.dataset.blueprint, { method: "POST", body: new FormData(form) });
    if (reply.ok && mine === asked) tell(await reply.json());
  } catch {
    /* offline: saving says it */
  }
}

/* at once what a cell alone shows: more wanted than there is */
function mark(cell) {
  const caption = cell.parentElement.querySelector("[data-caption]");
  if (!caption) return;
  const least = /^\d{1,3}/.exec(cell.value.trim());
  const missing = (least ? Number(least[0]) : 0) - Number(cell.dataset.have);
  caption.textContent = missing > 0 ? `缺${missing}题` : `${cell.dataset.have}题`;
  caption.classList.toggle("over", missing > 0);
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-cell]")) mark(event.target);
  clearTimeout(waiting);
  waiting = setTimeout(ask, 300);
});
form.addEventListener("change", ask);
for (const cell of form.querySelectorAll("[data-cell]")) mark(cell);
