// The editor of questions: rows added without asking the server, areas drawn by clicking, Enter for the next
// row, Ctrl+Enter for the next question.
"use strict";

(() => {
  const editor = document.getElementById("editor");
  if (!editor) return;

  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    editor.requestSubmit(editor.querySelector("button.is-primary"));
  });

  // Nobody sends a file and only then hears that its words are missing, and has to choose it again.
  for (const button of editor.querySelectorAll("[data-words]")) {
    const words = document.getElementById(button.dataset.words);
    button.addEventListener("click", (event) => {
      words.setCustomValidity(words.value.trim() ? "" : button.dataset.lacking);
      if (!words.reportValidity()) event.preventDefault();
    });
    words.addEventListener("input", () => words.setCustomValidity(""));
  }

  // A row more is the last one again, emptied and counted on; the server numbers rows in the same way.
  const addRow = (list) => {
    const rows = list.querySelectorAll(":scope > fieldset");
    const last = rows[rows.length - 1];
    if (!last) return false;
    const [from, to] = [rows.length - 1, rows.length];
    const row = last.cloneNode(true);
    const name = list.dataset.rows;
    for (const each of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of ["id", "name", "for", "aria-describedby"]) {
        const said = each.getAttribute(attribute);
        if (said) each.setAttribute(attribute, said.replaceAll(`${name}-${from}-`, `${name}-${to}-`));
      }
    }
    row.id = `${name}-row-${to + 1}`;
    for (const number of row.querySelectorAll("[data-number]")) number.textContent = String(to + 1);
    for (const error of row.querySelectorAll(".field-errors")) error.remove();
    for (const field of row.querySelectorAll("input, textarea, select")) {
      field.removeAttribute("aria-invalid");
      if (field.type === "checkbox") field.checked = false;
      else if (field.tagName === "SELECT") field.selectedIndex = last.querySelector("select").selectedIndex;
      else field.value = "";
    }
    last.after(row);
    row.querySelector("textarea, input:not([type=hidden]), select")?.focus();
    return true;
  };

  const most = 100;

  // Enter goes on to the next field of a list, and past the list from an empty row; Shift+Enter begins a new line.
  const onward = (list) => {
    const others = [...editor.querySelectorAll("textarea, select, input:not([type=hidden], [type=file])")];
    return others.find((each) => list.compareDocumentPosition(each) === Node.DOCUMENT_POSITION_FOLLOWING);
  };
  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const [field, list] = [event.target, event.target.closest("[data-rows]")];
    if (!list || !field.matches("textarea[rows='1'], [type=checkbox]")) return;
    event.preventDefault();
    const row = field.closest("fieldset.card");
    const words = [...row.querySelectorAll("textarea")];
    const next = words[words.indexOf(field) + 1];
    const isBlank = words.every((each) => !each.value.trim()) && field.type !== "checkbox";
    if (isBlank) onward(list)?.focus();
    else if (next && field !== words.at(-1) && field.type !== "checkbox") next.focus();
    else if (row.nextElementSibling?.matches("fieldset")) row.nextElementSibling.querySelector("textarea").focus();
    else if (list.querySelectorAll(":scope > fieldset").length < most) addRow(list);
  });
  for (const list of editor.querySelectorAll("[data-rows]")) {
    for (const hint of list.querySelectorAll("[data-return]")) hint.hidden = !list.querySelector("textarea[rows='1']");
    list.querySelector("[data-more]").addEventListener("click", (event) => {
      const number = list.querySelectorAll(":scope > fieldset").length;
      if (number < most && addRow(list)) event.preventDefault();
    });
  }

  // Areas of a picture: clicks become the numbers of the row that was last in use.
  const drawing = editor.querySelector("[data-drawing]");
  const areas = editor.querySelector("[data-rows=areas]");
  if (!drawing || !areas) return;
  const picture = drawing.querySelector("img");
  const hint = drawing.querySelector("[data-drawing-hint]");
  hint.textContent = drawing.dataset.first;
  hint.hidden = false;
  drawing.classList.add("is-on");
  let row = areas.querySelector("fieldset");
  let points = [];
  areas.addEventListener("focusin", (event) => {
    const now = event.target.closest("fieldset.card");
    if (!now || now === row) return;
    row = now;
    points = [];
  });

  const numbers = (shape) => {
    const [[x, y], [farX, farY] = [x, y]] = points;
    if (shape === "rect") return [Math.min(x, farX), Math.min(y, farY), Math.max(x, farX), Math.max(y, farY)];
    if (shape === "circle") return [x, y, Math.round(Math.hypot(farX - x, farY - y))];
    return points.flat();
  };

  const draw = (shape, at) => {
    const space = "http://www.w3.org/2000/svg";
    const kind = { rect: "rect", circle: "circle" }[shape] ?? "polygon";
    const drawn = document.createElementNS(space, kind);
    const said = {
      rect: () => ({ x: at[0], y: at[1], width: at[2] - at[0], height: at[3] - at[1] }),
      circle: () => ({ cx: at[0], cy: at[1], r: at[2] }),
      polygon: () => ({ points: at.join(" ") }),
    }[kind]();
    for (const [name, value] of Object.entries(said)) drawn.setAttribute(name, String(value));
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", `0 0 ${picture.getAttribute("width")} ${picture.getAttribute("height")}`);
    svg.setAttribute("aria-hidden", "true");
    svg.append(drawn);
    const area = document.createElement("div");
    area.className = "area";
    area.dataset.now = "";
    area.append(svg);
    drawing.querySelector("[data-now]")?.remove();
    drawing.querySelector(".hotspot").append(area);
  };

  drawing.querySelector(".hotspot").addEventListener("click", (event) => {
    const shape = row.querySelector("select").value;
    const frame = picture.getBoundingClientRect();
    const scale = Number(picture.getAttribute("width")) / frame.width;
    if (shape !== "poly" && points.length === 2) points = [];
    points.push([Math.round((event.clientX - frame.left) * scale), Math.round((event.clientY - frame.top) * scale)]);
    const at = numbers(shape);
    row.querySelector("[name$=-coords]").value = at.join(", ");
    draw(shape, at);
  });
})();
