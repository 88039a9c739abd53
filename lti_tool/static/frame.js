// Tells the LMS how high the page is, so that the page scrolls once and not twice. Canvas listens (its "lti.frameResize"
// message), Moodle does not and keeps its own height. Only a height is told, so any parent may hear it.
"use strict";

(() => {
  if (window.parent === window) return;
  // In a frame as high as the page nothing could stick to an edge that is in sight.
  if (document.querySelector(".sticky-bar")) return;

  const LEAST = 320;
  const PAUSE = 100;
  let told = 0;
  let waiting = 0;

  const tell = () => {
    const height = Math.max(LEAST, Math.ceil(document.body.getBoundingClientRect().height));
    if (height === told) return;
    told = height;
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  };

  new ResizeObserver(() => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(tell, PAUSE);
  }).observe(document.body);
})();
