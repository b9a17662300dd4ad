/* Choosing questions in the list: all of the page with one press, how many are chosen. Without it the list of 范围
   does the same, where there is one. */

const form = document.querySelector("[data-choosing]");
const all = form?.querySelector("[data-pick-page]");

if (all) {
  const box = all.querySelector("input");
  const picks = [...form.querySelectorAll("[name=pick]")];
  const told = all.querySelector("[data-picked]");
  const scope = form.elements.scope;

  const show = () => {
    const count = picks.filter((pick) => pick.checked).length;
    box.checked = count === picks.length;
    box.indeterminate = count > 0 && count < picks.length;
    told.textContent = count ? `，已选${count}题` : "";
    if (count && scope) scope.value = "picked";
  };
  form.addEventListener("change", (event) => {
    if (event.target === box) for (const pick of picks) pick.checked = box.checked;
    if (event.target === box || event.target.name === "pick") show();
  });
  all.hidden = false;
  show(); /* a browser that comes back keeps the ticks */
}
