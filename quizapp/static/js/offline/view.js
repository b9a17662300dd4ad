/* From the set to what is seen. All markup comes from the <template> elements of the page, which the server makes with
   the macros of its own pages; here texts are put into it. */

const BLANK = /（(?:　　|　| {2}| )?）/; /* as the macro stem_text has it */

export const part = (name) => document.getElementById(`t-${name}`).content.firstElementChild.cloneNode(true);

/* put(node, {".t": "text"}): text of what the selectors find; nothing (null) removes it */
export function put(node, texts) {
  for (const [selector, text] of Object.entries(texts)) {
    const found = node.querySelector(selector);
    if (text === null) found.remove();
    else found.textContent = text;
  }
  return node;
}

export const item = (title, url, meta, end = "", name = "item") => {
  const node = put(part(name), { ".t": title, ".m": meta || null, ".end": end || null });
  if (url) node.querySelector("a").setAttribute("href", url);
  return node;
};

/* the words with the letters in the first empty brackets */
function stem(legend, text, chosen) {
  const [first, ...rest] = text.split(BLANK);
  legend.textContent = first;
  rest.forEach((words, n) => {
    const blank = part("blank");
    if (n) blank.querySelector("b").removeAttribute("data-blank");
    else blank.querySelector("b").textContent = chosen;
    legend.append(blank, words);
  });
}

/* letter → right, wrong, missed, plain; as quizapp/bank/deciding.py */
function verdict(question, chosen, letter) {
  if (question.key.includes(letter)) return chosen.includes(letter) || !question.many ? "right" : "missed";
  return chosen.includes(letter) ? "wrong" : "plain";
}

/* a question to be answered, or, with the chosen letters, answered */
export function ask(question, chosen = "") {
  const node = put(part("ask"), { ".tag": question.kind });
  const rule = node.querySelector(".question-head span:not(.tag)");
  if (chosen || !question.rule) rule.remove();
  else rule.textContent = question.rule;
  if (question.many) node.querySelector(".question").classList.add("many");
  stem(node.querySelector(".stem"), question.stem, chosen);
  const options = question.options.map((text, n) => {
    const letter = String.fromCharCode(65 + n);
    const option = part(chosen ? `option-${verdict(question, chosen, letter)}` : question.many ? "many" : "single");
    if (!chosen) option.querySelector("input").value = letter;
    return put(option, { ".letter": letter, ".text": text });
  });
  node.querySelector(".options").append(...options);
  return node;
}

/* the lines of an article, the stretches of `marks` in <mark> */
function lines(article, marks) {
  return article.lines.map(([, , text], number) => {
    const line = document.createElement("p");
    line.className = "law-text";
    let at = 0;
    for (const [, start, end] of marks.filter(([of]) => of === number)) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      line.append(text.slice(at, start), mark);
      at = end;
    }
    line.append(text.slice(at));
    return line;
  });
}

/* the general text, and what is said of single options */
function reasons(text, items) {
  const node = put(part("why"), { p: text || null });
  const list = node.querySelector("dl");
  if (!items.length) list.remove();
  else
    list.replaceChildren(
      ...items.flatMap((said) =>
        said.map((words, at) => {
          const one = document.createElement(at ? "dd" : "dt");
          one.textContent = words;
          return one;
        }),
      ),
    );
  return node;
}

/* right or wrong, and why. articles: of the set */
export function feedback(question, chosen, articles) {
  const right = chosen === question.key;
  const node = part(right ? "feedback-right" : "feedback-wrong");
  const answer = question.judge ? `应选“${question.options[question.key.charCodeAt(0) - 65]}”` : `正确答案${question.key}`;
  put(node, { ".end": right ? null : answer });
  const body = node.querySelector(".feedback-body");
  body.textContent = "";
  for (const [key, words, anchor, marks] of question.laws) {
    const law = put(part("law"), { ".law-number": articles[key].words, ".law-source span": `《${articles[key].title}》${words}` });
    law.querySelector("a").setAttribute("href", `#law/${key}${anchor.includes(".") ? `/${anchor}` : ""}`);
    law.querySelector(".law-source").before(...lines(articles[key], marks));
    body.append(law);
  }
  for (const [source, quote] of question.documents)
    body.append(put(part("document"), { ".law-text": quote, ".law-source span": `${source}（未逐字核验）` }));
  if (question.why[0] || question.why[1].length) body.append(reasons(...question.why));
  return node;
}

/* an article to be read; `asked`: the anchor of the place that is looked for */
export function reading(article, asked) {
  const node = put(part("article"), { ".law-number": article.words });
  for (const [anchor, kind, text] of article.lines) {
    const line = document.createElement("p");
    line.className = kind === "paragraph" ? "law-text" : "law-text item-p";
    line.id = anchor;
    line.textContent = text;
    if (anchor === asked) line.classList.add("asked");
    node.querySelector(".article").append(line);
  }
  return node;
}

/* the contents of a regulation, one fold a chapter */
export function contents(law, articles) {
  const node = put(part("contents"), { ".card-head h2": "目录", ".card-head .cap": `共${law.chapters.reduce((n, c) => n + c.articles.length, 0)}条` });
  law.chapters.forEach((chapter, n) => {
    const fold = put(part("chapter"), { ".t": chapter.title, ".m": chapter.span });
    fold.open = law.chapters.length === 1;
    for (const number of chapter.articles) {
      const { words, lines: said } = articles[`${law.edition}/${number}`];
      const row = put(part("contents-row"), { ".t": words, ".m": said.length ? said[0][2] : "" });
      row.querySelector("a").setAttribute("href", `#law/${law.edition}/${number}`);
      fold.querySelector(".list").append(row);
    }
    if (chapter.part && (!n || law.chapters[n - 1].part !== chapter.part)) {
      const head = document.createElement("h3");
      head.className = "part";
      head.textContent = chapter.part;
      node.append(head);
    }
    node.append(fold);
  });
  return node;
}

/* a question in a list of what came out: right, wrong or open */
export function row(question, number, chosen, url) {
  const state = !chosen ? "open" : chosen === question.key ? "right" : "wrong";
  const words = { open: "未答", right: "答对", wrong: "答错" }[state];
  const node = put(part(`row-${state}`).querySelector("li"), { ".t": `${number}. ${question.stem}`, ".m": `${question.kind}，${words}` });
  node.querySelector("a").setAttribute("href", url);
  return node;
}
