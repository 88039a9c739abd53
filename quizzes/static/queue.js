// Answers that the server has not acknowledged yet. They are kept in the browser (IndexedDB), so that they outlive the
// page, the connection and the visit; where the browser keeps nothing for us, they live as long as the page.
"use strict";

(() => {
  const DAYS = 30;
  const OLDEST = DAYS * 24 * 60 * 60 * 1000;

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  const opened = async () => {
    const request = window.indexedDB.open("quiz", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("answers", { keyPath: ["attempt", "place"] });
    return asked(request);
  };

  const store = (base, mode) => base.transaction("answers", mode).objectStore("answers");

  // What has lain there for a month is of an attempt long closed.
  const forgetOld = async (base) => {
    const answers = store(base, "readwrite");
    for (const each of await asked(answers.getAll())) {
      if (each.at < Date.now() - OLDEST) answers.delete([each.attempt, each.place]);
    }
  };

  // The queue of one attempt: by question the newest answer that waits.
  window.openQueue = async (attempt) => {
    const waiting = new Map();
    let base = null;
    try {
      base = await opened();
      await forgetOld(base);
      const ours = IDBKeyRange.bound([attempt, 0], [attempt, Infinity]);
      for (const each of await asked(store(base, "readonly").getAll(ours))) waiting.set(each.place, each);
    } catch {
      base = null;
    }

    const quietly = (act) => {
      try {
        if (base) act(store(base, "readwrite"));
      } catch {
        base = null;
      }
    };

    return {
      isLasting: () => base !== null,
      size: () => waiting.size,
      get: (place) => waiting.get(place),
      all: () => [...waiting.values()],
      put(entry) {
        const kept = { ...entry, attempt, at: Date.now() };
        waiting.set(entry.place, kept);
        quietly((answers) => answers.put(kept));
      },
      // The server has this one or a newer one: another tab may have put a newer one beside it meanwhile.
      drop(place, seq) {
        if (waiting.get(place)?.seq <= seq) waiting.delete(place);
        quietly((answers) => {
          const found = answers.get([attempt, place]);
          found.onsuccess = () => {
            if (found.result?.seq <= seq) answers.delete([attempt, place]);
          };
        });
      },
      clear() {
        for (const place of [...waiting.keys()]) this.drop(place, Infinity);
      },
    };
  };
})();
