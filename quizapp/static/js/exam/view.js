/* What the page shows: one question of the paper, the answer card, counts and marks. It knows nothing of the server. */

import { answered, numbers, spoken } from "./sheet.js";

const id = (name) => document.getElementById(name);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const set = (element, text) => element && element.textContent !== text && (element.textContent = text);

export const questions = all("#paper [data-question]");
const count = questions.length;
const options = questions.map((question) => all(".option input", question));
const flags = questions.map((question) => question.querySelector("[data-doubt]"));
const next = id("next");
history.scrollRestoration = "manual";
const nextWord = next.querySelector("span").textContent;

export const lettersAt = (n) => options[n - 1].filter((input) => input.checked).map((input) => input.value).join("");
export const served = () => options.map((inputs) => inputs.filter((input) => input.defaultChecked).map((input) => input.value).join(""));
export const servedDoubts = () => numbers(flags, (flag) => flag.defaultChecked);
export const numberOf = (element) => questions.indexOf(element.closest("[data-question]")) + 1;

for (const [i, question] of questions.entries()) {
  question.tabIndex = -1;
  question.setAttribute("role", "group");
  question.setAttribute("aria-label", `第${i + 1}题，共${count}题`);
}

/* the number of the question that the address names, #7 or #q7 */
export const named = () => Number(location.hash.replace(/^#q?/, ""));

/* question n and nothing else */
export function show(n, focus) {
  questions.forEach((question, i) => (question.hidden = i + 1 !== n));
  set(document.querySelector("[data-progress-number]"), String(n));
  for (const segment of all("[data-segment]")) segment.classList.toggle("now", Number(segment.dataset.segment) === n);
  for (const cell of all("[data-cell]")) {
    const here = Number(cell.dataset.cell) === n;
    cell.classList.toggle("now", here);
    if (here) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
  }
  id("previous").disabled = n === 1;
  set(next.querySelector("span"), n === count ? "检查并交卷" : nextWord);
  next.classList.toggle("last", n === count);
  history.replaceState(history.state, "", `#${n}`); /* no element's name: nothing scrolls */
  window.scrollTo(0, 0);
  if (focus) questions[n - 1].focus({ preventScroll: true });
}

/* the letters and flags of the whole paper */
export function paint(slots, doubts) {
  questions.forEach((question, i) => {
    for (const input of options[i]) input.checked = slots[i].includes(input.value);
    flags[i].checked = doubts.has(i + 1);
    window.page.showChosen(question);
  });
  tally(slots, doubts);
}

/* what the letters add up to: segments, cells, legends, and what is said before 交卷 */
export function tally(slots, doubts) {
  const done = answered(slots);
  for (const segment of all("[data-segment]")) segment.classList.toggle("done", Boolean(slots[segment.dataset.segment - 1]));
  const bar = document.querySelector("[data-progress-bar]");
  if (bar) bar.value = done;
  for (const cell of all("[data-cell]")) {
    const n = Number(cell.dataset.cell);
    const [filled, flagged] = [Boolean(slots[n - 1]), doubts.has(n)];
    cell.classList.toggle("answered", filled);
    cell.classList.toggle("flagged", flagged);
    cell.setAttribute("aria-label", `第${n}题，${filled ? "已答" : "未答"}${flagged ? "，待检查" : ""}`);
  }
  const figures = { answered: done, open: count - done, flagged: doubts.size };
  for (const place of all("[data-legend]")) set(place, String(figures[place.dataset.legend]));
  const card = document.querySelector(".dock .for-sheet");
  set(card.querySelector("[data-count]"), `${done}/${count}`);
  card.setAttribute("aria-label", `答题卡，已答${done}题，共${count}题`);
  const empty = numbers(slots, (letters) => !letters);
  const words = empty.length ? `还有${empty.length}题未答（第${spoken(empty)}题）。` : "全部题目已作答。";
  const check = doubts.size ? `待检查${doubts.size}题（第${spoken([...doubts].sort((a, b) => a - b))}题）。` : "";
  set(id("left-open"), `${words}${check}交卷后不能修改。`);
}

/* whether the answers are stored; inMemory: the device keeps nothing */
export function mark(state, inMemory) {
  const device = inMemory ? "请不要关闭页面" : "答案已存本机";
  const [look, words] = {
    opening: ["saving", "正在打开…"],
    saving: ["saving", "保存中…"],
    again: ["saving", "正在补传…"],
    saved: ["saved", "已保存"],
    net: ["offline", `网络中断，${device}`],
    busy: ["offline", `系统繁忙，${device}`],
    fault: ["failed", "保存失败"],
  }[state];
  document.querySelector("[data-save]").dataset.state = look;
  set(document.querySelector("[data-save-text]"), words);
  id("retry").hidden = state !== "fault";
}

export function time(words, late) {
  const pill = document.querySelector("[data-clock]");
  set(pill.querySelector("[data-clock-text]"), words);
  pill.classList.toggle("late", late);
}

export const announce = (words) => set(id("announce"), words);

/* one sentence above the question, kept until the page goes */
export function note(words) {
  const made = id("note").content.cloneNode(true);
  made.querySelector("p").textContent = words;
  id("notes").append(made);
}

/* instead of the questions: a heading, lines, and which of the buttons there serve now */
export function end(title, lines, ...actions) {
  for (const sheet of all("dialog[open]:not([data-must])")) sheet.close();
  const place = id("ended");
  place.querySelector("h2").textContent = title;
  id("ended-lines").replaceChildren(
    ...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })),
  );
  set(id("ended-state"), "");
  for (const action of all("[data-action]", place)) action.hidden = !actions.includes(action.dataset.action);
  for (const question of questions) question.hidden = true; /* the keyboard chooses nothing either */
  document.body.classList.add("over");
  place.hidden = false;
  place.focus();
}

export function endState(words) {
  set(id("ended-state"), words);
}

export function goOn() {
  document.body.classList.remove("over");
  id("ended").hidden = true;
}

/* a dialog that must be answered: it cannot be closed by Escape or a press beside it */
export function must(name) {
  const dialog = id(name);
  let needed = false;
  dialog.addEventListener("click", (event) => event.target === dialog && event.stopPropagation());
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => needed && dialog.showModal());
  return {
    dialog,
    ask() {
      needed = true;
      dialog.hidden = false;
      window.page.openSheet(name);
    },
    done() {
      needed = false;
      window.page.closeSheet(dialog);
      dialog.hidden = true;
    },
  };
}
