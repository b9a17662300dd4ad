/* Practice questions: Enter sends the chosen answer, and goes on after the feedback. The page works without it. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const own = event.target.closest && event.target.closest("a, button, summary, select, textarea");
  if (own) return; /* what has the focus does its own thing */
  const next = document.querySelector('[data-key="next"]');
  if (!next) return;
  event.preventDefault();
  next.click();
});
