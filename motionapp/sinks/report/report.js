"use strict";
// Comfort only: without it the page says the same.
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const valueOf = (cell, kind) => {
    const text = cell.dataset.v ?? cell.textContent.trim();
    return kind === "number" ? Number(text) : text;
  };

  // Tables are sorted by a click on a heading; equal rows keep their order.
  for (const table of all("table[data-sortable]")) {
    const body = table.tBodies[0];
    for (const head of all("th[data-sort]", table.tHead)) {
      // No <button>: on paper it would be missing from the headings of every page but the first.
      const button = document.createElement("span");
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") === "ascending";
        all("th[aria-sort]", table.tHead).forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const sign = falls ? -1 : 1;
        const keyed = [...body.rows].map((row) => [valueOf(row.cells[head.cellIndex], head.dataset.sort), row]);
        keyed.sort(([a], [b]) => sign * (typeof a === "number" ? a - b : a.localeCompare(b)));
        body.append(...keyed.map(([, row]) => row));
      });
    }
  }

  // A choice and a search hide rows; the number of those that are left is said.
  const filter = document.getElementById("filter");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const table = filter && document.getElementById(filter.dataset.table);
  const apply = () => {
    const label = filter.value;
    const words = search ? search.value.toLowerCase() : "";
    let left = 0;
    for (const row of table.tBodies[0].rows) {
      const fits = (!label || row.dataset.label === label) && (!words || row.textContent.toLowerCase().includes(words));
      row.hidden = !fits;
      left += fits;
    }
    shown.textContent = label || words ? `${left} of ${table.tBodies[0].rows.length}` : "";
  };
  if (table) {
    filter.closest(".tools").hidden = false;
    filter.addEventListener("change", apply);
    search?.addEventListener("input", apply);
    apply(); // a browser keeps what was chosen when the page is loaded again
  }

  // A row that is asked for is shown, whatever was filtered.
  const arrive = () => {
    const row = /^#e\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!row) return;
    if (row.hidden) { filter.value = ""; apply(); }
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  };
  addEventListener("hashchange", arrive);
  arrive();

  // The time under the pointer, by the clock that the page uses.
  const drawing = document.getElementById("timeline");
  const readout = document.getElementById("readout");
  if (drawing && readout) {
    const data = drawing.dataset;
    const from = Number(data.from), to = Number(data.to), until = Number(data.until);
    const levels = data.levels ? data.levels.split(",") : [];
    const offsets = data.offsets ? data.offsets.split(" ").map((each) => each.split(":").map(Number)) : [];
    const two = (number) => String(number).padStart(2, "0");
    const clock = (time) => {
      if (!data.start) {
        const tenths = Math.max(0, Math.round(time * 10)), hours = Math.floor(tenths / 36000);
        return `${hours ? `${hours}:` : ""}${two(Math.floor(tenths / 600) % 60)}:${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
      }
      const [, offset] = offsets.filter(([since]) => since <= time).at(-1) ?? offsets[0];
      const text = new Date(Number(data.start) + Math.round(time * 10) * 100 + offset * 1000).toISOString();
      if (offsets.length < 2) return text.slice(11, 21);
      const minutes = Math.abs(offset) / 60;
      return `${text.slice(11, 21)} ${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    };
    const cursor = document.getElementById("cursor");
    drawing.addEventListener("pointermove", (event) => {
      const box = drawing.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      const time = from + share * (to - from);
      const level = levels[Math.floor((time - from) / (until - from) * levels.length)];
      const name = event.target.closest("a")?.querySelector("title").textContent;
      const state = level === undefined || level === "" ? "no picture" : `activity ${level} of 100`;
      readout.textContent = `${clock(time)} · ${name ?? state}`;
      cursor.setAttribute("x1", `${share * 100}%`);
      cursor.setAttribute("x2", `${share * 100}%`);
      cursor.setAttribute("visibility", "visible");
    });
    drawing.addEventListener("pointerleave", () => {
      readout.textContent = "";
      cursor.setAttribute("visibility", "hidden");
    });
    drawing.addEventListener("focusin", (event) => {
      readout.textContent = event.target.closest("a")?.querySelector("title").textContent ?? "";
    });
  }

  // On paper nothing can be opened.
  addEventListener("beforeprint", () => all("details").forEach((each) => { each.open = true; }));
})();
