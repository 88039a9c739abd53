// The time left on an attempt: in words until the last minutes, then counting; says when it is over.
// The server says how many seconds are left; only the time since then is measured here.
"use strict";

(() => {
  const shown = document.getElementById("time-left");
  const warning = document.getElementById("time-warning");
  if (!shown) return;

  const countsFrom = Number(shown.dataset.countsFrom);
  let words = JSON.parse(shown.dataset.words);
  let endsAt = null;
  let warnAt = [];
  let whenOver = () => {};

  const seconds = () => (endsAt === null ? null : Math.max(0, Math.round((endsAt - performance.now()) / 1000)));
  // Each of the words holds down to the next, and numbers come in their order.
  const inWords = (left) => words[Object.keys(words).find((most) => most >= Math.ceil(left / 60))] ?? "";

  const counted = (left) => {
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    return shown.dataset.counting.replace("{time}", time);
  };

  const said = (left) => {
    if (left === null) return shown.dataset.endless;
    return left > countsFrom || left === 0 ? inWords(left) : counted(left);
  };

  const tick = () => {
    const left = seconds();
    const text = said(left);
    if (shown.textContent !== text) shown.textContent = text;
    shown.classList.toggle("is-short", left !== null && left <= countsFrom);
    if (left === null) return;
    if (warnAt.length && left <= warnAt[0]) {
      while (warnAt.length && left <= warnAt[0]) warnAt.shift();
      warning.textContent = inWords(left);
    }
    if (left === 0) whenOver();
  };

  window.quizClock = {
    // `left` are seconds, or null where nothing ends the attempt; `said` are new words by the most minutes left.
    set(left, said) {
      endsAt = left === null ? null : performance.now() + left * 1000;
      if (said) {
        words = said;
        warnAt = [countsFrom, 60].filter((each) => left === null || each < left);
      }
      tick();
    },
    // More time was granted: said aloud, once.
    tell() {
      warning.textContent = shown.dataset.changed.replace("{time}", said(seconds()));
    },
    whenOver(act) {
      whenOver = act;
    },
  };

  window.quizClock.set(shown.dataset.seconds === "" ? null : Number(shown.dataset.seconds), words);
  window.setInterval(tick, 1000);
})();
