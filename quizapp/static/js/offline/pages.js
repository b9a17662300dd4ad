/* The views of the offline page. Addresses: #daily, #practice/3, #wrong, #law/<edition>/<article>/<anchor>. */

import { give, now } from "./sending.js";
import { answered, chosenIn, here, more, nextOpen, questionsOf, today } from "./state.js";
import { address } from "./talking.js";
import { tell } from "./telling.js";
import { ask, contents, feedback, item, part, put, reading, row } from "./view.js";

const SERIES = { daily: "日常测验", practice: "练习", wrong: "错题本" };
const NONE = {
  daily: "今天的测验还没有保存到本机。联网后点“更新内容”，系统会为您选题。",
  practice: "本机没有可以练习的试题。",
  wrong: "错题本是空的。",
};
const DONE = {
  daily: ["今天的测验已完成", "今天不需要再练习。"],
  practice: ["本机的练习题已做完", "联网后更新内容，可以换一组题。"],
  wrong: ["本机的错题已做完", "在两个不同的日子答对后，该题移出错题本。"],
};
const place = document.getElementById("offline");
const where = document.getElementById("where");
const dock = document.querySelector(".dock");

/* an empty view: its title and where the arrow leads, back to the list when not given elsewhere */
function frame(title, back) {
  document.querySelector(".topbar-title").textContent = title;
  const arrow = document.querySelector(".topbar a.iconbtn");
  arrow.setAttribute("href", back || address("practice/"));
  arrow.setAttribute("aria-label", back ? "返回离线练习" : "返回练习");
  place.replaceChildren();
  dock.firstElementChild.replaceChildren();
  dock.hidden = true;
  where.querySelector(".progress-line > p").hidden = true;
  for (const old of where.querySelectorAll(".segments, progress")) old.remove();
  where.hidden = !here.set;
}

function progress(series, number) {
  const all = questionsOf(series);
  const line = where.querySelector(".progress-line > p");
  line.hidden = false;
  line.querySelector("b").textContent = number;
  line.lastChild.data = `/ ${all.length}题`;
  const bar = part(all.length > 20 ? "bar" : "segments");
  if (all.length > 20) Object.assign(bar, { max: all.length, value: number });
  else
    for (const [n, revision] of all.entries()) {
      const mark = document.createElement("i");
      mark.className = n + 1 === number ? "now" : chosenIn(series, revision) ? "done" : "";
      bar.append(mark);
    }
  where.firstElementChild.append(bar);
}

function questionView(series, number) {
  const revision = questionsOf(series)[number - 1];
  if (!revision) return overview(series);
  const question = here.set.questions[revision];
  const chosen = chosenIn(series, revision);
  frame(SERIES[series], series === "wrong" ? "#wrong" : "#");
  progress(series, number);
  dock.hidden = false;
  if (chosen) {
    place.append(ask(question, chosen), feedback(question, chosen, here.set.articles));
    const next = nextOpen(series, number);
    const button = put(part("next"), { span: next ? "下一题" : "查看结果" });
    button.setAttribute("href", `#${series}/${next || "done"}`);
    dock.firstElementChild.append(button);
    return;
  }
  const form = part("form");
  const day = series === "daily" ? here.set.daily.day : null;
  form.append(ask(question));
  form.addEventListener("submit", (event) => submitted(event, series, revision, day));
  place.append(form);
  dock.firstElementChild.append(part("submit"));
}

async function submitted(event, series, revision, day) {
  event.preventDefault();
  const form = event.target;
  const chosen = [...form.querySelectorAll("input:checked")].map((input) => input.value).join("");
  if (!chosen) {
    if (!form.querySelector(".note")) form.before(put(part("note-live"), { ".said": "请先选择答案，再提交。" }));
    return;
  }
  await give(series, revision, chosen, day);
  questionView(series, questionsOf(series).indexOf(revision) + 1); /* a new set may have come meanwhile */
  const came = document.getElementById("feedback");
  if (more.size) return window.scrollTo(0, 0); /* to what is told of it */
  if (!came) return;
  came.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  came.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
}

/* how far a series is, or what came out of it */
function summary(series, all, next) {
  if (next) {
    const { total } = here.set.wrong;
    const said = series === "wrong" && total > all.length ? `共${total}题，本机保存最近的${all.length}题` : `共${all.length}题`;
    const node = put(part("open"), { p: `${said}，已答${answered(series)}题。` });
    node.querySelector("a").setAttribute("href", `#${series}/${next}`);
    return node;
  }
  const right = all.filter((revision) => chosenIn(series, revision) === here.set.questions[revision].key).length;
  const [title, words] = DONE[series];
  return put(part("done"), { h2: title, p: `共${all.length}题，答对${right}题。${words}` });
}

/* question by question; the wrong-question book by chapter */
function overview(series, done) {
  const all = questionsOf(series);
  const next = nextOpen(series);
  if (series !== "wrong" && next && !done) return questionView(series, next);
  frame(SERIES[series], "#");
  if (!all.length) return place.append(put(part("empty"), { p: NONE[series] }));
  place.append(summary(series, all, next));
  const groups = series === "wrong" ? here.set.wrong.groups : [["逐题查看", all]];
  for (const [title, ones] of groups) {
    const card = put(part("rows"), { h2: title, ".cap": series === "wrong" ? `${ones.length}题` : null });
    const rows = ones.map((revision) => {
      const number = all.indexOf(revision) + 1;
      return row(here.set.questions[revision], number, chosenIn(series, revision), `#${series}/${number}`);
    });
    card.querySelector("ol").append(...rows);
    place.append(card);
  }
}

function lawView(edition, article, anchor) {
  const { laws, articles } = here.set;
  const law = laws.find((one) => String(one.edition) === edition);
  const shown = articles[`${edition}/${article}`];
  if (law && !article) {
    frame(law.title, "#");
    return place.append(contents(law, articles));
  }
  if (!shown) return home();
  frame(`《${shown.title}》`, law ? `#law/${edition}` : "#");
  place.append(reading(shown, anchor));
  if (law) place.append(beside(law, article));
  const asked = place.querySelector(".asked");
  if (asked) asked.scrollIntoView({ block: "center" });
}

/* the ways to the articles before and after */
function beside(law, article) {
  const order = law.chapters.flatMap((chapter) => chapter.articles);
  const ways = part("ways");
  for (const [name, step, words] of [["before", -1, "上一条"], ["after", 1, "下一条"]]) {
    const number = order[order.indexOf(article) + step];
    const way = ways.querySelector(`[data-way="${name}"]`);
    if (!number) {
      way.replaceWith(document.createElement("span"));
      continue;
    }
    const key = `${law.edition}/${number}`;
    put(way, { span: here.set.articles[key].words });
    way.setAttribute("aria-label", `${words}，${here.set.articles[key].words}`);
    way.setAttribute("href", `#law/${key}`);
  }
  return ways;
}

function minute(time) {
  const date = new Date(time);
  return `${date.getMonth() + 1}月${date.getDate()}日 ${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`;
}

function dailyCard() {
  const [total, done] = [questionsOf("daily").length, answered("daily")];
  if (!total) {
    const card = put(part("daily"), { p: NONE.daily });
    card.querySelector("a").remove();
    return card;
  }
  const [, month, day] = here.set.daily.day.split("-").map(Number);
  const of = here.set.daily.day === today() ? "" : `${month}月${day}日的测验，`;
  return put(part("daily"), {
    p: `${of}共${total}题，${done === total ? "已完成" : `已答${done}题`}`,
    "a span": done === total ? "查看结果" : done ? "继续答题" : "开始答题",
  });
}

function home() {
  frame("离线练习");
  const { set } = here;
  if (!set) {
    place.append(part("nothing"));
    if ("serviceWorker" in navigator) return;
    place.querySelector("[data-act]").remove();
    return tell("set", "warn", "当前浏览器或网址不支持离线使用：请用较新的浏览器，以https开头的网址打开。");
  }
  const list = part("list");
  list.firstElementChild.append(
    item("练习", "#practice", `已答${answered("practice")}题，共${set.practice.length}题`, "", "item-practice"),
    item("错题本", "#wrong", "在两个不同的日子答对后移出", `${set.wrong.total}题`, "item-wrong"),
    ...set.laws.map((law) => item(law.title, `#law/${law.edition}`, law.facts, "", "item-law")),
  );
  place.append(dailyCard(), list, put(part("about"), { ".kept-at": `内容保存于${minute(here.at)}` }));
}

export function show() {
  const [series, number, article, anchor] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (now.trouble === "locked") return frame("离线练习");
  if (!here.set) return home();
  if (SERIES[series]) return Number(number) ? questionView(series, Number(number)) : overview(series, number === "done");
  if (series === "law") return lawView(number, article, anchor);
  home();
}
