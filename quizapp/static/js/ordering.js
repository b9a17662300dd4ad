/* Dragging questions into another order. Without it there are the buttons 上移 and 下移. */

const form = document.querySelector("[data-ordering]");
let moving = null;

function row(target) {
  return target.closest ? target.closest("li[data-id]") : null;
}

if (form) {
  for (const item of form.querySelectorAll("li[data-id]")) item.draggable = true;
  form.addEventListener("dragstart", (event) => {
    moving = row(event.target);
    if (moving) event.dataTransfer.effectAllowed = "move";
  });
  form.addEventListener("dragover", (event) => {
    const over = row(event.target);
    if (!moving || !over || over === moving) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over.parentElement.insertBefore(moving, event.clientY > box.top + box.height / 2 ? over.nextSibling : over);
  });
  form.addEventListener("dragend", () => {
    if (!moving) return;
    moving = null;
    const order = document.createElement("input");
    order.type = "hidden";
    order.name = "order";
    order.value = [...form.querySelectorAll("li[data-id]")].map((item) => item.dataset.id).join(",");
    form.append(order);
    form.submit();
  });
}
