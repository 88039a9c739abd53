"use strict";
// The tool says when it is done; then its frame or window goes and the list of tools comes.
(() => {
  const back = document.currentScript.dataset.back;
  const origin = document.getElementById("tool").dataset.origin;

  window.addEventListener("message", (event) => {
    if (event.origin !== origin || !event.data || event.data.subject !== "org.imsglobal.lti.close") return;
    if (event.source && event.source.parent === event.source) event.source.close();
    window.location.assign(back);
  });
})();
