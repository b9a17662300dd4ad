/* Answered questions of practice: the next one is there at once. Floor: Chromium 86, iOS 14.5. */

/* the next question is fetched while the explanation is read; fetching it writes nothing and brings no key */
let ahead = null;
function fetchAhead() {
  ahead = null;
  const link = document.querySelector('a[data-enter][data-key="next"]');
  if (link && document.getElementById("feedback")) fetchPage(link.href).then((found) => { ahead = found; });
}

export function fetchPage(wanted) {
  return fetch(wanted, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text().then((text) => ({ wanted, url: answer.url, text })) : null))
    .catch(() => null);
}

export function show(found) {
  const next = new DOMParser().parseFromString(found.text, "text/html");
  if (!next.querySelector("[data-question]") || next.body.className !== document.body.className) return false;
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  history.pushState(null, "", found.url);
  const question = document.querySelector("[data-question]");
  if (question.querySelector(".option input")) window.page.showChosen(question);
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
  fetchAhead();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest && event.target.closest("a[data-enter]");
  if (link && ahead && ahead.wanted === link.href && show(ahead)) event.preventDefault();
});
addEventListener("popstate", () => location.reload());
fetchAhead();
