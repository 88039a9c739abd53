// Where this browser keeps no cookie in a frame, the learning platform's page keeps the state of one login for us
// (LTI postMessage storage). Only its origin hears us and is believed; who does not answer in time is not waited for.
"use strict";

(() => {
  const asking = document.getElementById("asking");
  const otherwise = document.getElementById("otherwise");
  const PATIENCE = 2000;
  const { act, target, origin, key, value, onward } = asking.dataset;
  const question = crypto.randomUUID();
  const form = asking.querySelector("form");

  const show = (isAsking) => {
    asking.hidden = !isAsking;
    otherwise.hidden = isAsking;
  };

  const giveUp = () => {
    window.removeEventListener("message", listen);
    show(false);
    document.getElementById("main").focus();
  };

  const goOn = (answer) => {
    if (act === "put") {
      window.location.replace(onward);
    } else {
      form.elements.stored.value = answer;
      form.submit();
    }
  };

  const isAnswer = ({ origin: from, data }) =>
    from === origin && data && data.subject === `lti.${act}_data.response` && data.message_id === question && data.key === key;

  const listen = (event) => {
    if (!isAnswer(event)) return;
    window.clearTimeout(waiting);
    window.removeEventListener("message", listen);
    const isKept = !event.data.error && typeof event.data.value === "string" && (act === "get" || event.data.value === value);
    if (isKept) goOn(event.data.value);
    else giveUp();
  };

  const sibling = (name) => {
    try {
      return window.parent.frames[name] ?? null;
    } catch {
      return null; // a page of another origin refuses to be asked for a frame that it has not
    }
  };

  const frame = () => {
    if (window.parent === window) return null;
    if (target !== "_parent") return sibling(target);
    const around = window.location.ancestorOrigins?.[0];
    return around === undefined || around === origin ? window.parent : null;
  };

  const keeper = frame();
  if (!keeper) {
    giveUp();
    return;
  }
  show(true);
  const waiting = window.setTimeout(giveUp, PATIENCE);
  window.addEventListener("message", listen);
  const message = { subject: `lti.${act}_data`, message_id: question, key };
  if (act === "put") message.value = value;
  keeper.postMessage(message, origin);
})();
