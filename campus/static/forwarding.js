"use strict";
// Passes what the tool asks on to the course page, and the course page's answers back to the tool.
(() => {
  const tool = new URL(document.body.dataset.origin).origin;
  const askers = new Map();

  window.addEventListener("message", ({ data, origin, source }) => {
    if (origin === tool && data?.message_id) {
      askers.set(data.message_id, source);
      window.parent.postMessage({ forwarded: data }, window.location.origin);
    } else if (origin === window.location.origin && source === window.parent && data?.answered) {
      askers.get(data.answered.message_id)?.postMessage(data.answered, tool);
      askers.delete(data.answered.message_id);
    }
  });
})();
