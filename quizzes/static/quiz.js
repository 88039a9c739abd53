// The time left on an attempt: in words until the last minutes, then counting; hands in when it is over.
(() => {
  "use strict";
  const shown = document.getElementById("time-left");
  const warning = document.getElementById("time-warning");
  const form = document.getElementById("answers");
  if (!shown || !form) return;

  const countsFrom = Number(shown.dataset.countsFrom);
  const words = JSON.parse(shown.dataset.words);
  // The server says how many seconds are left; only the time since then is measured here.
  const endsAt = Date.now() + Number(shown.dataset.seconds) * 1000;
  const warnAt = [countsFrom, 60];
  let handedIn = false;

  const counted = (seconds) => {
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    return shown.dataset.counting.replace("{time}", time);
  };

  const tick = () => {
    const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    const inWords = words[Math.ceil(seconds / 60)];
    const text = seconds > countsFrom || seconds === 0 ? inWords : counted(seconds);
    if (shown.textContent !== text) shown.textContent = text;
    shown.classList.toggle("is-short", seconds <= countsFrom);
    if (warnAt.length && seconds <= warnAt[0]) {
      while (warnAt.length && seconds <= warnAt[0]) warnAt.shift();
      warning.textContent = inWords;
    }
    if (seconds === 0 && !handedIn) {
      handedIn = true;
      form.requestSubmit(document.getElementById("hand-in"));
    }
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.id === "hand-in") handedIn = true;
  });
  // A page brought back by the browser's Back button shows old answers and an old clock.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  tick();
  window.setInterval(tick, 1000);
})();
