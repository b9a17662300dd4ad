/* A swipe with one finger does what the buttons 上一题 and 下一题 do; loaded with the first touch. A choice that was not
   handed in stays, as do selected words, an enlarged page and what scrolls by itself. Floor: Chromium 86, iOS 14.5. */

const FAR = 70, STRAIGHT = 30, EDGE = 24; /* CSS pixels; at the edge the finger means the browser */
const dock = (key) => document.querySelector(`[data-key=${key}]`);
const enlarged = () => window.visualViewport && visualViewport.scale > 1.01;

let from = null;
document.addEventListener("touchstart", ({ touches, target }) => {
  const alone = touches.length === 1 && !target.closest("dialog, [role=region]");
  from = alone && !enlarged() && !getSelection().toString() ? touches[0] : null;
}, { passive: true });
document.addEventListener("touchend", ({ changedTouches: [to] }) => {
  if (!from) return;
  const along = to.clientX - from.clientX, across = Math.abs(to.clientY - from.clientY);
  const edge = Math.min(from.clientX, innerWidth - from.clientX) < EDGE;
  from = null;
  if (Math.abs(along) < FAR || across > STRAIGHT || edge) return;
  const way = dock(along < 0 ? "next" : "prev");
  if (way && (way.form || !document.querySelector("#answer :checked"))) way.click();
}, { passive: true });
