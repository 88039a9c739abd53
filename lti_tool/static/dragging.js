// Somebody is dragged onto a place, and what a button would send is sent: a shortcut, without which nothing is missing.
// What can be dragged has data-drag, its name; data-href and data-act say what is sent where, with {place} in it.
// Places have data-place, their key, and data-name, and stand in .drag-places; the words that are said, at #drag-said.
"use strict";

(() => {
  const form = document.getElementById("dropping");
  const said = document.getElementById("drag-said");
  if (!form || !said) return;

  const LEAST = 160;
  const root = document.documentElement;
  const box = document.querySelector(".drag-places");
  const places = [...document.querySelectorAll("[data-place]")];
  let row = null;
  let over = null;
  let isInEarnest = false;

  for (const hint of document.querySelectorAll("[data-for-dragging]")) hint.hidden = false;
  for (const grip of document.querySelectorAll(".grip")) {
    grip.hidden = false;
    grip.draggable = true;
  }

  const say = (words, place) => {
    const names = { "{who}": row.dataset.drag, "{place}": place?.dataset.name };
    said.textContent = words.replace(/\{who\}|\{place\}/g, (blank) => names[blank]);
  };

  const isOpen = (place) => place && place.dataset.place !== row.dataset.from;

  // A frame may be higher than the window around it: only this tells which part of it is in sight.
  const look = (then) => {
    new IntersectionObserver(([{ intersectionRect: sight }], observer) => {
      observer.disconnect();
      if (!row) return;
      root.style.setProperty("--sight-start", `${sight.top}px`);
      then?.(sight);
    }).observe(root);
  };

  // The places come into sight: over the whole height, or where the row is not.
  const bringPlaces = (sight) => {
    const [mine, theirs] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
    const isBeside = mine.right <= theirs.left || theirs.right <= mine.left;
    const [top, bottom] = [sight.top + said.offsetHeight + 16, sight.bottom - 8];
    const isAbove = !isBeside && mine.top - top > bottom - mine.bottom;
    const most = isBeside ? bottom - top : Math.max(isAbove ? mine.top - top : bottom - mine.bottom, LEAST);
    const height = Math.min(most, box.scrollHeight);
    box.parentElement.style.minBlockSize = `${box.parentElement.offsetHeight}px`;
    Object.assign(box.style, {
      left: `${theirs.left}px`,
      width: `${theirs.width}px`,
      top: `${isBeside || isAbove ? top : bottom - height}px`,
      maxHeight: `${most}px`,
    });
    root.classList.add("is-under-way");
  };

  const pointAt = (place) => {
    if (place === over) return;
    over?.classList.remove("is-under");
    over = place;
    over?.classList.add("is-under");
    if (!over) say(said.dataset.dragging);
    else say("full" in over.dataset ? said.dataset.overFull : said.dataset.over, over);
  };

  const end = (words) => {
    over?.classList.remove("is-under");
    for (const place of places) place.classList.remove("is-place");
    root.classList.remove("is-dragging", "is-under-way");
    box.removeAttribute("style");
    box.parentElement.removeAttribute("style");
    said.textContent = words;
    row = over = null;
    isInEarnest = false;
  };

  document.addEventListener("dragstart", (event) => {
    // Text that is marked, or a picture, is dragged as ever.
    const held = event.target instanceof Element && event.target.closest(".grip, [data-drag] a");
    row = held ? held.closest("[data-drag]") : null;
    if (!row) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.drag);
    event.dataTransfer.setDragImage(row, 16, 16);
    // Chromium ends a drag if the page changes while it begins.
    window.setTimeout(() => {
      if (!row) return;
      look();
      root.classList.add("is-dragging");
      for (const place of places) place.classList.toggle("is-place", isOpen(place));
      say(said.dataset.dragging);
    });
  });

  const move = (event) => {
    if (!row) return;
    if (!isInEarnest && !row.contains(event.target)) {
      isInEarnest = true;
      // Rows that change places among themselves are places too: those stay where they are.
      if (!box.contains(row)) look(bringPlaces);
    }
    const place = event.target instanceof Element ? event.target.closest("[data-place]") : null;
    pointAt(isOpen(place) ? place : null);
    if (over) event.preventDefault();
  };

  document.addEventListener("dragenter", move);
  document.addEventListener("dragover", move);

  document.addEventListener("drop", (event) => {
    if (!row || !over) return;
    event.preventDefault();
    form.action = row.dataset.href;
    form.elements.act.value = row.dataset.act.replace("{place}", over.dataset.place);
    end("");
    form.submit();
  });

  // Let go elsewhere, or Escape; after a drop there is nothing left to end.
  document.addEventListener("dragend", () => {
    if (row) end(said.dataset.ended);
  });
})();
