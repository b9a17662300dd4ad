/* Runs before the first paint: with script, one question at a time. Should the other scripts fail to load, or the browser
   be too old for them, the paper stays one form with 保存 and 交卷. */
(function () {
  var root = document.documentElement;
  if (!("noModule" in document.createElement("script"))) return;
  root.classList.add("js");
  window.addEventListener("error", function () {
    if (!root.classList.contains("ready")) root.classList.remove("js");
  }, true);
})();
