/* Copying, long work, files by drag and drop: loaded by every layout but the question pages. */

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr";
    (button.closest("dialog") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.textContent = "已复制";
  setTimeout(() => { label.textContent = before; }, 2000);
}

/* long work: ask how far it is */
async function poll(box, wait) {
  let job = null;
  try {
    const reply = await fetch(box.dataset.poll, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (reply.ok) job = await reply.json();
  } catch { /* the connection is gone: ask again */ }
  if (job) {
    const text = box.querySelector("[data-poll-text]");
    const bar = box.querySelector("[data-poll-bar]");
    if (job.sentence && text) text.textContent = job.sentence;
    const words = document.querySelector("[data-job-words]");
    if (job.words && words) words.textContent = job.words;
    if (job.total && bar) {
      bar.max = job.total;
      bar.value = job.done;
      box.querySelector("[data-poll-count]").textContent = `${job.done}/${job.total}`;
    }
    if (job.state === "done") return job.url ? location.assign(job.url) : location.reload();
    if (job.state === "failed") return bar?.remove();
  }
  setTimeout(poll, wait, box, Math.min(wait * 1.3, 5000));
}
for (const box of document.querySelectorAll("[data-poll]")) poll(box, 700);

/* a file dropped anywhere in its box */
for (const type of ["dragover", "dragleave", "drop"])
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.("[data-filebox]");
    if (!box) return;
    event.preventDefault();
    box.classList.toggle("over", type === "dragover");
    if (type === "drop" && event.dataTransfer.files.length) box.querySelector("input[type=file]").files = event.dataTransfer.files;
  });
