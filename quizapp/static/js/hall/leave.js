/* The receipt on a shared computer: it counts down and signs out. */

const box = document.querySelector("[data-leave]");
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

if (box) {
  const end = performance.now() + Number(box.dataset.leave) * 1000;
  const text = box.querySelector("[data-leave-text]");
  const form = box.querySelector("form");
  const count = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    text.textContent = `${left}秒后自动退出`;
    if (left) return;
    clearInterval(count);
    form.submit();
  }, 250);
}
