"use strict";
// The tool may ask for a taller or lower frame; nobody else may.
(() => {
  const frame = document.getElementById("tool");
  const lowest = 200, highest = 20000;

  const read = (data) => {
    if (typeof data !== "string") return data;
    try { return JSON.parse(data); } catch { return null; }
  };

  window.addEventListener("message", (event) => {
    if (event.origin !== new URL(frame.dataset.origin).origin || event.source !== frame.contentWindow) return;
    const message = read(event.data);
    if (!message || message.subject !== "lti.frameResize") return;
    const height = Number(message.height);
    if (!Number.isFinite(height)) return;
    frame.height = String(Math.ceil(Math.min(Math.max(height, lowest), highest)));
    event.source.postMessage(
      { subject: "lti.frameResize.response", message_id: message.message_id }, event.origin);
  });
})();
