/* Reading a regulation: contents in a sheet, sharing, reading aloud. The page reads well without. Floor: Chromium 86, iOS 14.5. */

/* the contents stand once in the page, at the side; a phone shows them in a sheet */
const side = document.querySelector("[data-contents] nav");
const sheet = document.querySelector("#contents .sheet-body");
if (side && sheet) {
  const copy = side.cloneNode(true);
  sheet.append(copy);
  copy.addEventListener("click", (event) => {
    if (event.target.closest("a")) window.page.closeSheet(document.getElementById("contents"));
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () =>
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}));
}

/* reading aloud: a sentence is one utterance, so that browsers which cut long ones off read to the end */
const SPEED = "reader-speed"; /* kept on this device */
const bar = document.querySelector("[data-aloud-bar]");
const text = document.querySelector("[data-aloud-text]");
const speech = window.speechSynthesis;
const chinese = () => speech.getVoices().filter((voice) => /^(zh|cmn)/i.test(voice.lang));

if (bar && text && speech && typeof SpeechSynthesisUtterance === "function") {
  const offer = () => { bar.hidden = !chinese().length; };
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  const control = (name) => bar.querySelector(`[data-aloud="${name}"]`);
  const speed = bar.querySelector("[data-aloud-speed]");
  const label = bar.querySelector("[data-aloud-label]");
  let sentences = null; /* each a list of spans */
  let at = 0;
  let state = "silent"; /* silent, speaking, paused */
  let turn = 0; /* what an utterance of an earlier turn still reports is not heard */

  try { speed.value = localStorage.getItem(SPEED) ?? "1"; } catch { /* no storage: the usual speed */ }
  if (!speed.value) speed.value = "1";

  const words = (place) => sentences[place].map((span) => span.textContent).join("");

  function show(next) {
    state = next;
    const running = next !== "silent";
    label.textContent = { silent: "朗读", speaking: "暂停", paused: "继续" }[next];
    for (const name of ["back", "on", "stop"]) control(name).hidden = !running;
    bar.querySelector("[data-aloud-hint]").hidden = !running;
    bar.classList.toggle("running", running);
    text.classList.toggle("can-jump", running);
    if (navigator.mediaSession) navigator.mediaSession.playbackState = { silent: "none", speaking: "playing", paused: "paused" }[next];
  }

  function mark(place) {
    for (const span of text.querySelectorAll(".saying")) span.classList.remove("saying");
    if (place === null) return;
    for (const span of sentences[place]) span.classList.add("saying");
    const box = sentences[place][0].getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (box.top < 80 || box.bottom > innerHeight - 160) sentences[place][0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  function say(place) {
    sentences = sentences ?? cut(text);
    const mine = ++turn;
    speech.cancel();
    if (place >= sentences.length) return stop();
    at = Math.max(0, place);
    show("speaking");
    mark(at);
    const utterance = new SpeechSynthesisUtterance(words(at));
    const voices = chinese();
    utterance.voice = voices.find((voice) => /^(zh|cmn)[-_](hans[-_])?cn/i.test(voice.lang)) ?? voices[0];
    utterance.lang = "zh-CN";
    utterance.rate = Number(speed.value);
    utterance.onend = () => { if (mine === turn && state === "speaking") say(at + 1); };
    utterance.onerror = () => { if (mine === turn) stop(); };
    speech.speak(utterance);
  }

  function stop() {
    turn += 1;
    speech.cancel();
    mark(null);
    show("silent");
  }

  /* pause() is silent on some phones: the sentence is said again from its beginning */
  function pause() {
    turn += 1;
    speech.cancel();
    show("paused");
  }

  const acts = {
    play: () => (state === "speaking" ? pause() : say(state === "paused" ? at : first())),
    back: () => say(at - 1),
    on: () => say(at + 1),
    stop,
  };
  for (const [name, act] of Object.entries(acts)) control(name).addEventListener("click", act);

  speed.addEventListener("change", () => {
    try { localStorage.setItem(SPEED, speed.value); } catch { /* for this page only */ }
    if (state === "speaking") say(at);
  });

  /* from here: a press on any sentence while reading; from a provision that the address points out */
  text.addEventListener("click", (event) => {
    if (state === "silent" || event.target.closest("a, button")) return;
    const span = event.target.closest("[data-sentence]");
    if (span) say(Number(span.dataset.sentence));
  });
  function first() {
    sentences = sentences ?? cut(text);
    const pointed = text.querySelector(".at, :target");
    const begins = pointed ? sentences.findIndex((spans) => pointed.contains(spans[0])) : 0;
    return Math.max(0, begins);
  }

  if (navigator.mediaSession) {
    if (typeof MediaMetadata === "function")
      navigator.mediaSession.metadata = new MediaMetadata({ title: bar.dataset.title, artist: document.title.split(" · ").pop() });
    const keys = { play: () => say(at), pause, stop, previoustrack: acts.back, nexttrack: acts.on };
    for (const [name, act] of Object.entries(keys))
      try { navigator.mediaSession.setActionHandler(name, () => { if (state !== "silent") act(); }); } catch { /* an action this browser does not know */ }
  }
  addEventListener("pagehide", stop);
}

/* Sentences end with a sign or with their paragraph. Each becomes spans: one for every stretch between links and marks. */
function cut(root) {
  const found = [];
  for (const block of root.querySelectorAll("h1, h2, h3, .law-text")) {
    let open = false;
    const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walk.nextNode()) nodes.push(walk.currentNode);
    for (const node of nodes) {
      for (const piece of node.data.match(/[^。；！？]+[。；！？]*|[。；！？]+/g) ?? []) {
        if (!piece.trim()) continue;
        if (!open) found.push([]);
        const span = document.createElement("span");
        span.dataset.sentence = String(found.length - 1);
        span.textContent = piece;
        node.parentNode.insertBefore(span, node);
        found[found.length - 1].push(span);
        open = !/[。；！？]$/.test(piece);
      }
      node.remove();
    }
  }
  return found;
}
