// An attempt's page: every answer is queued under a number that grows and sent within two seconds, until the server says
// that it is kept. The page opened last is the one that answers; an older one can be read, and says so.
"use strict";

(async () => {
  const form = document.getElementById("answers");
  if (!form || !window.openQueue || !window.openFiles) return;

  const SOON = 300;
  const TYPED = 1500;
  const PULSE = 4000;
  const LONGEST_WAIT = 30000;
  const PATIENCE = 15000;
  const MOST = 100;
  const ROOM = 300000;
  // Room for so many changes of one answer before the page is opened again.
  const STEP = 10000;
  const { attempt, batch, opening, pulse } = form.dataset;
  const saving = document.getElementById("saving");
  const elsewhere = document.getElementById("elsewhere");
  const tooLate = document.getElementById("too-late");
  const granted = document.getElementById("granted");
  const stillOpen = document.getElementById("still-open");
  const openWords = JSON.parse(stillOpen.dataset.words);
  const token = form.elements.csrf_token?.value ?? "";
  const sections = new Map(
    [...form.querySelectorAll("[data-place]")].map((section) => [Number(section.dataset.place), section]),
  );

  const queue = await window.openQueue(attempt);
  // Questions whose answers are to be checked once they are kept; whoever answers once more before that has thought again.
  const toCheck = new Map();
  let epoch = null;
  let newest = 0; // The newest opening that this page knows of: the server keeps nothing from one that does not.
  let deadline = form.dataset.deadline;
  let isTurn = true;
  let isGone = false;
  let isSending = false;
  let isLeaving = false;
  let wasUsed = queue.size() > 0;
  let failures = 0;
  let failedAt = null;
  let timer = null;

  // What is said of it all

  const timeOf = (moment) =>
    moment?.toLocaleTimeString(document.documentElement.lang || [], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) ?? "";

  const say = (key) => {
    const words = (key ? saving.dataset[key] : "").replace("{time}", timeOf(failedAt));
    if (saving.textContent !== words) saving.textContent = words;
    saving.classList.toggle("is-waiting", key === "offline" || key === "gone");
  };

  const sayHowItIs = () => {
    if (isGone) say("gone");
    else if (failures && isAnythingWaiting()) say("offline");
    else if (isAnythingWaiting()) say("saving");
    else if (wasUsed) say("saved");
  };

  const mark = (place, words) => {
    const saved = document.getElementById(`saved-${place}`);
    if (saved && saved.textContent !== words) saved.textContent = words;
  };

  const numbered = (place) => document.querySelector(`[data-number="${place}"]`);

  const markStrip = (place, kind, yes) => {
    const number = numbered(place);
    if (!number) return;
    number.classList.toggle(`is-${kind}`, yes);
    number.querySelector(`.when-${kind}`).hidden = !yes;
  };

  const countOpen = () => {
    const open = [...document.querySelectorAll("[data-number]")].filter((each) => each.querySelector(".when-answered").hidden);
    const places = open.map((each) => each.dataset.number).join(", ");
    const words = openWords[open.length].replace("{places}", places);
    if (stillOpen.textContent.trim() !== words) stillOpen.textContent = words;
  };

  // An answer as its fields have it, and back

  const fieldsOf = (section) =>
    [...section.querySelectorAll("input[name^=q], select[name^=q], textarea[name^=q]")].filter((field) => field.type !== "file");
  const partOf = (field) => (field.name.includes("-") ? field.name.slice(field.name.indexOf("-") + 1) : "chosen");
  const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
  const isPicked = (field) => isChoice(field) || field.type === "file" || field.tagName === "SELECT";
  const flagOf = (section) => section.querySelector("input[name^=flag]");

  const responseOf = (section) => {
    const response = {};
    for (const field of fieldsOf(section)) {
      if (isChoice(field) ? !field.checked : !field.value) continue;
      (response[partOf(field)] ??= []).push(field.value);
    }
    return response;
  };

  const restore = (section, entry) => {
    for (const field of fieldsOf(section)) {
      const given = entry.response[partOf(field)] ?? [];
      if (isChoice(field)) field.checked = given.includes(field.value);
      else field.value = given[0] ?? "";
    }
    const flag = flagOf(section);
    if (flag) flag.checked = entry.flagged;
  };

  const nextNumber = (section) => {
    const seq = Math.max(Number(section.dataset.seq), (epoch ?? Number(form.elements.epoch.value) + 1) * STEP) + 1;
    section.dataset.seq = seq;
    wasUsed = true;
    return seq;
  };

  const keep = (section) => {
    if ("isChecked" in section.dataset) return;
    const place = Number(section.dataset.place);
    toCheck.delete(place);
    const seq = nextNumber(section);
    const flagged = flagOf(section)?.checked ?? false;
    queue.put({ place, seq, response: responseOf(section), flagged });
    markStrip(place, "flagged", flagged);
    mark(place, "");
    sayHowItIs();
  };

  // Talking to the server

  const ask = (address, options = {}) =>
    fetch(address, {
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      ...options,
      headers: { Accept: "application/json", "X-CSRFToken": token, ...options.headers },
    });

  const read = async (answer) => (answer.headers.get("Content-Type") ?? "").includes("json") ? answer.json() : null;

  const failed = () => {
    failures += 1;
    failedAt ??= new Date();
  };

  const hear = (state) => {
    failures = 0;
    failedAt = null;
    newest = Math.max(newest, state.epoch);
    if (epoch !== null && state.epoch > epoch) giveWay();
    if (state.deadline === deadline) {
      window.quizClock.set(state.left);
    } else if (state.words) {
      deadline = state.deadline;
      granted.textContent = state.granted;
      granted.hidden = !state.granted;
      window.quizClock.set(state.left, state.words);
      window.quizClock.tell();
    } else {
      void beat();
    }
  };

  // Whether the server can be reached and this is still its visit; what it said, or null.
  const reach = async (address, options) => {
    try {
      const answer = await ask(address, options);
      const said = await read(answer);
      if (answer.status === 410 || said?.is_open === false) {
        over(said);
        return null;
      }
      if (said) {
        if (isGone) isGone = false;
        return { answer, said };
      }
      // No JSON: the visit has ended, or somebody else's has begun in this browser. Or the server is not well.
      if (answer.type === "opaqueredirect" || [400, 401, 403, 404].includes(answer.status)) isGone = true;
      else failed();
    } catch {
      failed();
    }
    return null;
  };

  const beat = async () => {
    const found = await reach(`${pulse}?known=${encodeURIComponent(deadline)}`);
    if (found) hear(found.said);
    sayHowItIs();
    return found !== null;
  };

  // As many as one request may carry.
  const nextBatch = () => {
    let room = ROOM;
    return queue.all().filter((entry, number) => {
      room -= JSON.stringify(entry).length;
      return number === 0 || (number < MOST && room > 0);
    });
  };

  const settle = (sent, said) => {
    for (const { place, seq } of sent) {
      if (said.refused?.[place]) {
        queue.drop(place, seq);
        mark(place, said.refused[place]);
        if (said.checked?.includes(place)) void showChecked(place, said.refused[place]);
      } else if (said.answers?.[place] >= seq) {
        queue.drop(place, seq);
        if (!queue.get(place)) mark(place, saving.dataset.saved);
        if (place in said.answered) markStrip(place, "answered", said.answered[place]);
      }
    }
    countOpen();
  };

  const files = window.openFiles({
    sections,
    token,
    reach,
    settle(place, said) {
      hear(said);
      if (!queue.get(place)) mark(place, said.answered[place] ? saving.dataset.saved : "");
      markStrip(place, "answered", said.answered[place]);
      countOpen();
    },
  });
  const isAnythingWaiting = () => queue.size() > 0 || files.size() > 0;

  // Sends what waits, answers a batch after another and then the files; whether nothing waits any more.
  const flush = async (options = {}) => {
    if (isSending || isLeaving) return false;
    isSending = true;
    try {
      while (isAnythingWaiting()) {
        if (!queue.size()) {
          sayHowItIs();
          if (await files.send()) continue;
          break;
        }
        const sent = nextBatch();
        const rows = sent.map(({ place, seq, response, flagged }) => [place, seq, response, flagged]);
        sayHowItIs();
        const found = await reach(batch, {
          method: "POST",
          body: JSON.stringify({ epoch: newest, answers: rows }),
          headers: { "Content-Type": "application/json" },
          ...options,
        });
        if (!found) break;
        if (found.answer.status === 413) {
          for (const { place, seq } of sent) {
            queue.drop(place, seq);
            mark(place, found.said.error);
          }
          continue;
        }
        if (!found.said.answers) {
          failed();
          break;
        }
        hear(found.said);
        settle(sent, found.said);
      }
    } finally {
      isSending = false;
      sayHowItIs();
    }
    if (isAnythingWaiting()) soon(wait());
    return !isAnythingWaiting();
  };

  const wait = () => isGone ? LONGEST_WAIT : Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(failures, 5));

  const soon = (delay) => {
    if (timer !== null && delay > SOON) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = null;
      void (epoch === null ? open() : flush());
    }, delay);
  };

  // A question is checked: its answer is kept first, then fixed, and what came of it stands below

  const checkAddress = (section) => form.dataset.check.replace("/0/", `/${section.dataset.place}/`);

  const askToCheck = (section) =>
    reach(checkAddress(section), {
      method: "POST",
      body: new URLSearchParams({ csrf_token: token, seq: section.dataset.seq }),
    });

  const show = (section, said, words) => {
    const place = Number(section.dataset.place);
    const had = section.contains(document.activeElement);
    section.dataset.isChecked = "";
    section.dataset.seq = said.answers[place];
    document.getElementById(`asked-${place}`).innerHTML = said.html;
    mark(place, words);
    markStrip(place, "answered", true);
    markStrip(place, "flagged", false);
    countOpen();
    if (had) document.getElementById(`outcome-${place}`).focus();
  };

  // It was checked from another page: what stands there now is shown, and why what was answered here does not count.
  const showChecked = async (place, words) => {
    const section = sections.get(place);
    if (!section || "isChecked" in section.dataset) return;
    const found = await askToCheck(section);
    if (found?.said.html) show(section, found.said, words);
  };

  const check = async (section, button) => {
    const place = Number(section.dataset.place);
    if (toCheck.has(place)) return;
    const asked = Symbol(place);
    toCheck.set(place, asked);
    mark(place, button.dataset.checking);
    const stillWanted = () => toCheck.get(place) === asked && isTurn && !isLeaving && !isGone;
    if (!failures) await flush();
    while (stillWanted() && (queue.get(place) || failures)) {
      await new Promise((resolve) => window.setTimeout(resolve, SOON));
    }
    const found = stillWanted() ? await askToCheck(section) : null;
    const isLast = toCheck.get(place) === asked;
    if (isLast) toCheck.delete(place);
    if (found) {
      hear(found.said);
      if (found.said.html) show(section, found.said, found.said.error ?? "");
      else mark(place, found.said.error ?? "");
    } else if (isLast) {
      mark(place, "");
    }
    sayHowItIs();
  };

  // Whose turn it is

  const wordOfPage = () => {
    const fresh = [...crypto.getRandomValues(new Uint8Array(8))].map((each) => each.toString(16).padStart(2, "0"));
    try {
      const word = window.sessionStorage.getItem("page") ?? fresh.join("");
      window.sessionStorage.setItem("page", word);
      return word;
    } catch {
      return fresh.join("");
    }
  };

  // What another page has saved since this one was made is shown before anything is answered on top of it.
  const isStale = (numbers) =>
    [...sections].some(([place, section]) => (numbers[place] ?? 0) > Number(section.dataset.seq) && !queue.get(place));

  const open = async () => {
    const body = new URLSearchParams({ page: wordOfPage(), csrf_token: token });
    const found = await reach(opening, { method: "POST", body });
    if (found) {
      if (isStale(found.said.answers)) {
        window.location.reload();
        return;
      }
      epoch = found.said.epoch;
      form.elements.epoch.value = epoch;
      hear(found.said);
      await flush();
    } else if (!isLeaving) {
      sayHowItIs();
      soon(wait());
    }
  };

  const giveWay = () => {
    if (!isTurn) return;
    isTurn = false;
    elsewhere.querySelector("p").textContent = elsewhere.dataset.words;
    elsewhere.hidden = false;
    for (const field of form.querySelectorAll(".question :is(input, select, textarea, button), .sticky-bar button")) {
      field.disabled = true;
    }
    void flush();
  };

  // The attempt has ended. What did not arrive in time is said before the page goes to the result; which answers the
  // server has, it says when asked to keep some.
  const over = (said) => {
    if (isLeaving) return;
    if (queue.size() && !said?.answers) {
      void flush();
      return;
    }
    isLeaving = true;
    const late = queue.all().filter(({ place, seq }) => !(said?.answers?.[place] >= seq));
    const places = [...new Set([...late.map(({ place }) => place), ...files.places()])].sort((one, other) => one - other);
    queue.clear();
    if (!places.length) {
      window.location.reload();
      return;
    }
    for (const field of form.elements) field.disabled = true;
    tooLate.querySelector("p").textContent = tooLate.dataset.words.replace("{places}", places.join(", "));
    tooLate.hidden = false;
    tooLate.querySelector("button").focus();
  };
  tooLate.querySelector("button").addEventListener("click", () => window.location.reload());

  // Leaving the page by one of its buttons: only when everything is kept and the server can be reached

  const leaveBy = async (button) => {
    while (!(await flush()) || !(await beat())) {
      if (isLeaving || !isTurn || isGone) return;
      await new Promise((resolve) => window.setTimeout(resolve, failures ? wait() : SOON));
    }
    if (isLeaving || !isTurn) return;
    isLeaving = true;
    form.requestSubmit(button);
  };

  form.addEventListener("submit", (event) => {
    if (isLeaving) return;
    event.preventDefault();
    const button = event.submitter ?? document.getElementById("save");
    if (button.name === "remove") {
      const section = button.closest("[data-place]");
      files.remove(section, button.value, nextNumber(section));
      soon(0);
    } else if (button.name === "check") {
      void check(button.closest("[data-place]"), button);
    } else if ("saves" in button.dataset) {
      void flush().then(() => isAnythingWaiting() || say("saved"));
    } else {
      void leaveBy(button);
    }
  });

  form.addEventListener("change", (event) => {
    const section = event.target.closest("[data-place]");
    if (!section || !isTurn) return;
    if (event.target.type === "file") {
      files.add(section, () => nextNumber(section));
      sayHowItIs();
    } else {
      keep(section);
    }
    soon(SOON);
  });

  form.addEventListener("input", (event) => {
    const section = event.target.closest("[data-place]");
    if (!section || !isTurn || isPicked(event.target)) return;
    keep(section);
    soon(TYPED);
  });

  elsewhere.querySelector("button").addEventListener("click", async () => {
    await flush();
    window.location.reload();
  });

  window.addEventListener("online", () => {
    failures = 0;
    soon(0);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void flush({ keepalive: true });
    else void beat();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && (files.size() || (queue.size() && !queue.isLasting()))) event.preventDefault();
  });
  // A page brought back by the browser's Back button shows old answers and an old clock.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  let isHandingIn = false;
  window.quizClock.whenOver(() => {
    if (isHandingIn || !isTurn) return;
    isHandingIn = true;
    // Nothing is left to be asked.
    const sure = Object.assign(document.createElement("input"), { type: "hidden", name: "sure", value: "1" });
    form.append(sure);
    say("over");
    void leaveBy(document.getElementById("hand-in"));
  });
  window.setInterval(() => {
    if (document.visibilityState === "visible" && !isLeaving && !isSending) void beat();
  }, PULSE);

  // What waited when the page was left is shown again and sent; what the server has meanwhile is newer.
  for (const entry of queue.all()) {
    const section = sections.get(entry.place);
    if (section && entry.seq <= Number(section.dataset.seq)) {
      queue.drop(entry.place, entry.seq);
    } else if (section && !("isChecked" in section.dataset)) {
      section.dataset.seq = entry.seq;
      restore(section, entry);
      mark(entry.place, "");
    }
  }
  form.dataset.isReady = "";
  await open();
})();
