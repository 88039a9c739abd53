// Files on the page of an attempt: sent one after another as soon as they are chosen, and taken away again. They wait in
// this page alone: unlike other answers they do not outlive it, so whoever leaves while one waits is asked.
"use strict";

(() => {
  // As long as ten megabytes take on a slow line.
  const PATIENCE = 300000;

  // `reach` asks the server and says what it said; `settle` is told what became of a question.
  window.openFiles = ({ sections, token, reach, settle }) => {
    const waiting = [];

    const fieldOf = (section) => section.querySelector("input[type=file]");
    const say = (place, words) => {
      const said = document.createElement("p");
      said.textContent = words;
      document.getElementById(`problem-${place}`).replaceChildren(...(words ? [said] : []));
    };

    for (const section of sections.values()) {
      if (!section.dataset.files) continue;
      fieldOf(section).multiple = Number(section.dataset.most) > 1;
      section.querySelector("[data-sends-files]").hidden = true;
    }

    // What was chosen and is not with the server yet, by name: without a network that may take a while.
    const showWaiting = (place) => {
      const list = document.getElementById(`waiting-${place}`);
      const names = waiting.filter((each) => each.place === place && each.file).map((each) => each.file.name);
      list.replaceChildren(
        ...names.map((name) => {
          const line = document.createElement("li");
          line.textContent = list.dataset.words.replace("{name}", () => name);
          return line;
        }),
      );
      list.hidden = !names.length;
    };

    const isThere = async (file) => {
      try {
        await file.slice(0, 1).arrayBuffer();
        return true;
      } catch {
        return false;
      }
    };

    const bodyOf = ({ place, seq, file, removed }) => {
      const body = new FormData();
      body.set("csrf_token", token);
      body.set("seq", seq);
      if (file) body.set(`q${place}-files`, file);
      else body.set("remove", removed);
      return body;
    };

    const show = (section, place, html) => {
      const list = document.getElementById(`files-${place}`);
      const hadFocus = list.contains(document.activeElement);
      list.innerHTML = html;
      if (hadFocus) fieldOf(section).focus();
    };

    return {
      size: () => waiting.length,
      places: () => waiting.map(({ place }) => place),
      // What was chosen; `number` makes the number of each.
      add(section, number) {
        const place = Number(section.dataset.place);
        const field = fieldOf(section);
        say(place, "");
        for (const file of field.files) {
          if (file.size > Number(section.dataset.mostBytes)) say(place, section.dataset.tooLarge);
          else waiting.push({ place, seq: number(), file });
        }
        field.value = "";
        showWaiting(place);
      },
      remove(section, removed, seq) {
        const place = Number(section.dataset.place);
        say(place, "");
        waiting.push({ place, seq, removed });
      },
      // Sends the first that waits; whether the server has decided about it.
      async send() {
        const [first] = waiting;
        const section = sections.get(first.place);
        if (first.file && !(await isThere(first.file))) {
          waiting.shift();
          showWaiting(first.place);
          say(first.place, section.dataset.unreadable);
          return true;
        }
        const found = await reach(section.dataset.files, {
          method: "POST",
          body: bodyOf(first),
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (!found) return false;
        waiting.shift();
        showWaiting(first.place);
        if (found.said.error) {
          say(first.place, found.said.error);
        } else {
          show(section, first.place, found.said.files);
          settle(first.place, found.said);
        }
        return true;
      },
    };
  };
})();
