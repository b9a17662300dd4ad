/* The form of an exam: totals while typing. Without it the server counts when the draft is saved. */

const form = document.querySelector("[data-exam-form]");
const cells = [...form.querySelectorAll("[data-kind]")];
const worths = [...form.querySelectorAll("[data-worth]")];

const whole = (text) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : 0);
const tenths = (text) => (/^\d{1,4}(\.\d)?$/.test(text.trim()) ? Math.round(Number(text) * 10) : 0);
const points = (count) => String(count / 10);

/* how many of a cell's questions are wanted: 不限章 finds what the chapters leave */
function wantedIn(cell) {
  if (cell.dataset.chapter) return whole(cell.value);
  return cells.filter((other) => other.dataset.kind === cell.dataset.kind).reduce((sum, other) => sum + whole(other.value), 0);
}

function show() {
  let questions = 0;
  let total = 0;
  for (const worth of worths) {
    const kind = worth.dataset.worth;
    const count = cells.filter((cell) => cell.dataset.kind === kind).reduce((sum, cell) => sum + whole(cell.value), 0);
    const earned = count * tenths(worth.value);
    questions += count;
    total += earned;
    form.querySelector(`[data-sum="${kind}"]`).textContent = earned ? `${count}题，${points(earned)}分` : `${count}题`;
  }
  for (const cell of cells) {
    const have = Number(cell.dataset.available);
    const missing = wantedIn(cell) - have;
    const caption = cell.parentElement.querySelector("[data-have]");
    const over = missing > 0 && (whole(cell.value) > 0 || !cell.dataset.chapter);
    caption.textContent = over ? `缺${missing}题` : `${cell.dataset.chapter ? "" : "共"}${have}题`;
    caption.classList.toggle("over", over);
  }
  form.querySelector("[data-total]").textContent = `每份试卷${questions}题，共${points(total)}分`;
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-kind], [data-worth]")) show();
});
show();
