// Tells the LMS how high the page is, so that the page scrolls once and not twice. Canvas listens (its "lti.frameResize"
// message), Moodle does not and keeps its own height. Only origins that may frame the page hear it; nobody is listened to.
"use strict";

(() => {
  if (window.parent === window) return;
  // In a frame as high as the page nothing could stick to an edge that is in sight.
  if (document.querySelector(".sticky-bar")) return;

  const LEAST = 320;
  const PAUSE = 100;
  const framedBy = document.querySelector("meta[name=framed-by]")?.content.split(" ").filter(Boolean) ?? [];
  // Browsers that name the page around us spare the others a message, and the console a complaint.
  const around = window.location.ancestorOrigins?.[0];
  const hearers = framedBy.filter((each) => !each.includes("*") && (around === undefined || each === around));
  let told = 0;
  let waiting = 0;

  const tell = () => {
    const height = Math.max(LEAST, Math.ceil(document.body.getBoundingClientRect().height));
    if (height === told) return;
    told = height;
    for (const origin of hearers) window.parent.postMessage({ subject: "lti.frameResize", height }, origin);
  };

  if (hearers.length === 0) return;
  new ResizeObserver(() => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(tell, PAUSE);
  }).observe(document.body);
})();
