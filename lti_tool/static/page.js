// What a page does for itself: the focus goes to what went wrong, and a request without an answer is not silent.
"use strict";

(() => {
  // Browsers ignore autofocus in a frame from elsewhere, which is where these pages live.
  window.addEventListener("load", () => {
    window.requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.querySelector(".error-summary")?.focus();
    });
  });

  const trouble = document.getElementById("trouble");
  const isTrouble = (yes) => {
    if (trouble) trouble.hidden = !yes;
  };
  for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(event, () => isTrouble(true));
  }
  document.addEventListener("htmx:beforeRequest", () => isTrouble(false));

  // What holds only for some answers is seen with these: `data-when="name: value value"`.
  for (const part of document.querySelectorAll("[data-when]")) {
    const [name, values] = part.dataset.when.split(": ");
    const form = part.closest("form");
    const show = () => {
      const isMeant = values.split(" ").includes(new FormData(form).get(name) ?? "");
      part.hidden = !isMeant && !part.querySelector(".field-errors");
    };
    form.addEventListener("change", show);
    show();
  }

  // A menu that is open closes when somebody goes on elsewhere, and by Escape.
  for (const menu of document.querySelectorAll("[data-menu]")) {
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // Printed from within, it is this page that is printed and not the one around the frame.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
