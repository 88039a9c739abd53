// A rater's page keeps what is written by itself, a moment after each change, until the server says that it is kept.
// Each save has a number, one more than the newest that this page knows of: whoever saves from another page meanwhile
// has newer answers, and this page then says so and saves no more.
"use strict";

(() => {
  const form = document.getElementById("review");
  if (!form) return;

  const SOON = 400;
  const TYPED = 1500;
  const LONGEST_WAIT = 30000;
  const PATIENCE = 15000;
  const saving = document.getElementById("saving");
  const elsewhere = document.getElementById("elsewhere");
  const openWords = saving.dataset.open;

  let isDirty = false;
  let isStopped = "isCrossed" in form.dataset;
  let isLeaving = false;
  let waiting = null;
  let sending = null;
  let timer = null;
  let failures = 0;

  const say = (key, after = "") => {
    const words = saving.dataset[key] + after;
    if (saving.textContent !== words) saving.textContent = words;
    saving.classList.toggle("is-waiting", ["offline", "gone", "over"].includes(key));
  };

  const stop = () => {
    isStopped = true;
    isDirty = false;
    waiting = null;
  };

  // What waits is sent again as it was until it is known what became of it; only then what was written since.
  const next = () => {
    if (!waiting) {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) body.append(name, value);
      body.set("seq", Number(form.elements.seq.value) + 1);
      waiting = body;
      isDirty = false;
    }
    return waiting;
  };

  const showRefused = (refused) => {
    for (const box of form.querySelectorAll(".field-errors[data-by-itself]")) {
      if (!(box.id.replace(/-errors$/, "") in refused)) {
        box.replaceChildren();
        box.hidden = true;
      }
    }
    for (const [id, sentence] of Object.entries(refused)) {
      const box = document.getElementById(`${id}-errors`);
      if (!box) continue;
      const words = document.createElement("p");
      words.textContent = sentence;
      box.replaceChildren(words);
      box.dataset.byItself = "";
      box.hidden = false;
    }
  };

  const settle = (status, said) => {
    failures = 0;
    waiting = null;
    if (status === 200) {
      form.elements.seq.value = said.seq;
      showRefused(said.refused);
      if (!isDirty) say("saved", said.open ? `, ${openWords.replace("{n}", said.open)}` : "");
    } else if (status === 409) {
      stop();
      elsewhere.hidden = false;
      elsewhere.scrollIntoView({ block: "center" });
    } else {
      stop();
      say("over");
    }
  };

  const send = async (options) => {
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: next(),
        redirect: "manual",
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
        ...options,
      });
      const isOurs = (answer.headers.get("Content-Type") ?? "").includes("json");
      if (isOurs && [200, 409, 410].includes(answer.status)) {
        settle(answer.status, await answer.json());
        return true;
      }
      // No JSON: the visit has ended. Or the server is not well, which may pass.
      if (answer.type === "opaqueredirect" || [400, 401, 403, 404].includes(answer.status)) {
        say("gone");
        failures = 5;
        return false;
      }
    } catch {
      // The network is gone, or the answer was lost on its way.
    }
    failures += 1;
    say("offline");
    return false;
  };

  const flush = async (options = {}) => {
    if (sending) await sending;
    while (!isStopped && (isDirty || waiting)) {
      if (!failures) say("saving");
      sending = send(options);
      const isDone = await sending;
      sending = null;
      if (!isDone) {
        soon(Math.min(LONGEST_WAIT, 1000 * 2 ** failures));
        return false;
      }
    }
    return !isStopped;
  };

  const soon = (delay) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = null;
      if (!sending) void flush();
    }, delay);
  };

  const changed = (delay) => {
    if (isStopped) return;
    isDirty = true;
    if (!failures) soon(delay);
  };

  form.addEventListener("change", () => changed(SOON));
  form.addEventListener("input", (event) => {
    if (event.target.tagName === "TEXTAREA") changed(TYPED);
  });

  // Leaving by a button: what is on its way arrives first, so that the page knows the newest number.
  form.addEventListener("submit", async (event) => {
    if (isLeaving || (!isDirty && !waiting && !sending)) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    window.clearTimeout(timer);
    const isKept = await flush();
    if (isKept || isStopped) {
      isLeaving = isKept;
      if (isKept) form.requestSubmit(button);
    } else {
      say("offline");
    }
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !sending) void flush({ keepalive: true });
  });
  window.addEventListener("online", () => {
    failures = 0;
    soon(0);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && (isDirty || waiting)) event.preventDefault();
  });
  // A page brought back by the browser's Back button shows old answers.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  form.dataset.isReady = "";
})();
