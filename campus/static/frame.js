"use strict";
// The tool may ask for a taller or lower frame, and to have values kept for it; nobody else may.
(() => {
  const frame = document.getElementById("tool");
  const tool = new URL(frame.dataset.origin).origin;
  const { storage } = frame.dataset;
  const lowest = 200, highest = 20000, longest = 4096;
  const kept = new Map();

  const read = (data) => {
    if (typeof data !== "string") return data;
    try { return JSON.parse(data); } catch { return null; }
  };

  const resize = (message) => {
    const height = Number(message.height);
    if (!Number.isFinite(height)) return null;
    frame.height = String(Math.ceil(Math.min(Math.max(height, lowest), highest)));
    return {};
  };

  const capabilities = () => {
    const named = storage && storage !== "_parent" ? { frame: storage } : {};
    const storing = storage ? ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, ...named })) : [];
    return { supported_messages: [{ subject: "lti.capabilities" }, { subject: "lti.frameResize" }, ...storing] };
  };

  const refuse = (code, message) => ({ error: { code, message } });
  const isText = (value) => typeof value === "string" && value !== "" && value.length <= longest;

  const put = ({ key, value, message_id }) => {
    if ("silent" in frame.dataset) return null;
    if (!isText(key) || !isText(message_id)) return refuse("bad_request", "key and message_id must be texts");
    if (value === null || value === undefined) kept.delete(key);
    else if (isText(value)) kept.set(key, value);
    else return refuse("bad_request", "value must be a text");
    return { key, value };
  };

  const get = ({ key, message_id }) => {
    if ("silent" in frame.dataset) return null;
    if (!isText(key) || !isText(message_id)) return refuse("bad_request", "key and message_id must be texts");
    return { key, value: "forgetful" in frame.dataset ? null : (kept.get(key) ?? null) };
  };

  const direct = { "lti.frameResize": resize, "lti.capabilities": capabilities };
  const storing = { "lti.put_data": put, "lti.get_data": get };
  const heard = storage === "_parent" ? { ...direct, ...storing } : direct;

  const answer = (acts, message) => {
    const done = Object.hasOwn(acts, message?.subject ?? "") ? acts[message.subject](message) : null;
    return done && { subject: `${message.subject}.response`, message_id: message.message_id, ...done };
  };

  window.addEventListener("message", ({ data, origin, source }) => {
    const forwarding = storage && storage !== "_parent" ? window.frames[storage] : null;
    if (origin === tool && source === frame.contentWindow) {
      const said = answer(heard, read(data));
      if (said) source.postMessage(said, origin);
    } else if (origin === window.location.origin && forwarding && source === forwarding && data?.forwarded) {
      const answered = answer(storing, data.forwarded);
      if (answered) source.postMessage({ answered }, origin);
    }
  });
})();
