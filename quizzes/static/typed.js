// What is typed and not saved yet: leaving the page asks first, and where the visit ended in between the words wait in
// this browser for a week, and stand here again.
"use strict";

(() => {
  const START = "typed ";
  const OLDEST = 7 * 24 * 60 * 60 * 1000;
  const OURS = /^(csrf_token|token|picture|sound|q\d.*|flag\d+)$/;

  const quietly = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return null;
    }
  };
  const read = (store, key) => JSON.parse(store.getItem(key) ?? "null");

  // What was saved need not wait any more; the address of the page after saving says which form that was.
  const saved = new URLSearchParams(window.location.search).get("saved");
  quietly((store) => {
    for (const key of Object.keys(store).filter((each) => each.startsWith(START))) {
      const kept = read(store, key);
      if (!kept || kept.token === saved || kept.at < Date.now() - OLDEST) store.removeItem(key);
    }
  });

  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  const key = START + form.dataset.keeps;
  const token = () => form.elements.token.value;

  const said = () =>
    [...new FormData(form)].filter(([name, value]) => !OURS.test(name) && typeof value === "string");
  const begun = JSON.stringify(said());
  const hasChanged = () => "unsaved" in form.dataset || JSON.stringify(said()) !== begun;

  const keep = () =>
    quietly((store) => {
      if (!hasChanged()) store.removeItem(key);
      else store.setItem(key, JSON.stringify({ at: Date.now(), token: token(), fields: said() }));
    });

  // A row that is not there yet is added as its button would.
  const fieldsOf = (name) => {
    const found = () => form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    const list = name.match(/^(\w+)-(\d+)-/);
    const more = list && form.querySelector(`[data-rows="${list[1]}"] [data-more]`);
    for (let left = more ? Number(list[2]) + 1 : 0; left > 0 && !found().length; left -= 1) more.click();
    return found();
  };

  const bringBack = (fields) => {
    for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) {
      if (!OURS.test(box.name)) box.checked = false;
    }
    for (const [name, value] of fields) {
      for (const field of fieldsOf(name)) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = field.checked || field.value === value;
        else field.value = value;
      }
    }
  };

  let isLeaving = false;
  const note = document.getElementById("typed-before");
  const kept = quietly((store) => read(store, key));
  if (kept && kept.token !== token() && !("unsaved" in form.dataset)) {
    bringBack(kept.fields);
    note.hidden = false;
    note.querySelector("button").addEventListener("click", () => {
      quietly((store) => store.removeItem(key));
      note.hidden = true;
      isLeaving = true;
      window.location.reload();
    });
    form.querySelector("textarea")?.focus();
  }

  let later = 0;
  const soon = () => {
    window.clearTimeout(later);
    later = window.setTimeout(keep, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => {
    keep();
    isLeaving = true;
  });
  window.addEventListener("pagehide", () => {
    window.clearTimeout(later);
    if (isLeaving) return;
    keep();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && hasChanged()) event.preventDefault();
  });
})();
