// Tells the LMS that its administrator has read what comes next, so that it closes our frame or window. Only the LMS's
// own origins are told; a browser drops what is meant for another.
"use strict";

(() => {
  const place = document.getElementById("registered");
  const lms = window.opener || (window.parent !== window ? window.parent : null);
  if (!place || !lms) return;

  const origins = JSON.parse(place.dataset.origins);
  const button = place.querySelector("button");
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    for (const origin of origins) lms.postMessage({ subject: "org.imsglobal.lti.close" }, origin);
  });
})();
