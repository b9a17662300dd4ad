/* Practice questions: Enter answers and goes on, stars and marks are kept in place. The pages work without it. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const own = event.target.closest && event.target.closest("a, button, summary, select, textarea");
  if (own) return; /* what has the focus does its own thing */
  const next = document.querySelector("[data-enter]");
  if (!next) return;
  event.preventDefault();
  next.click();
});

const marking = () => import("./marking.js");
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-star]")) return;
  event.preventDefault();
  marking().then((kept) => kept.star(event.target)).catch(() => location.reload());
});
document.addEventListener("change", ({ target }) => {
  const form = document.getElementById("mark");
  if (form && target.matches("[data-doubt]")) marking().then((kept) => kept.doubt(form, target)).catch(() => (target.checked = !target.checked));
});

document.addEventListener("touchstart", () => import("./swiping.js"), { once: true, passive: true });
