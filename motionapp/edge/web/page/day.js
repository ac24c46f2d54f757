// A day as a line for each camera: events, outages, and why there was none at an instant.

import { ask, make, told } from "./asking.js";
import { endOf, eventRow, startOf } from "./events.js";
import { dateText, timeText, word } from "./words.js";

const HOUR = 3_600_000;
const ZOOMS = [24, 6, 1];
const NEAR = 5 * 60_000;
const MOST_PAGES = 5;
const STEP_MS = 60_000;

const dayText = (moment) =>
  `${moment.getFullYear()}-${String(moment.getMonth() + 1).padStart(2, "0")}-${String(moment.getDate()).padStart(2, "0")}`;

function dayOf(text) {
  const [year, month, day] = (text ?? "").split("-").map(Number);
  const found = new Date(year, month - 1, day);
  return Number.isNaN(found.getTime()) ? new Date(new Date().setHours(0, 0, 0, 0)) : found;
}

// On two days of a year a day has not 24 hours.
const nextDay = (day, days = 1) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);

async function eventsOf(begin, end, signal) {
  const found = [];
  const asked = new URLSearchParams({ since: begin.toISOString(), until: end.toISOString(), most: 1000 });
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { events, next_before: next } = await ask(`/api/v1/events?${asked}`, { signal });
    found.push(...events);
    if (next === null) break;
    asked.set("before", next);
  }
  return found;
}

function block(event, begin, span) {
  const from = Math.max(0, (startOf(event) - begin) / span);
  const share = Math.min(1 - from, (endOf(event) - startOf(event)) / span);
  const mark = make("span", { class: `block ${event.kind}` });
  mark.style.left = `${from * 100}%`;
  mark.style.width = `max(3px, ${share * 100}%)`;
  return mark;
}

function hoursOf(begin, span, step) {
  const marks = [];
  for (let at = 0; at <= span - step / 2; at += step) {
    const mark = make("span", {}, new Date(begin.getTime() + at).toTimeString().slice(0, 5));
    mark.style.left = `${(at / span) * 100}%`;
    marks.push(mark);
  }
  return make("div", { class: "hours", "aria-hidden": "true" }, ...marks);
}

export async function dayView(main, { query }, signal) {
  const begin = dayOf(query.get("date"));
  const end = nextDay(begin);
  const span = end - begin;
  const [{ cameras }, events] = await Promise.all(
    [ask("/api/v1/cameras", { signal }), eventsOf(begin, end, signal)]);
  const wanted = query.get("camera");
  const names = cameras.map(({ name }) => name).filter((name) => !wanted || name === wanted);
  const now = Date.now();
  let at = new Date(Math.min(Math.max(begin.getTime(), now - STEP_MS), end.getTime() - 1000));
  let chosen = names[0];

  const go = (day, camera = wanted) => {
    const asked = new URLSearchParams({ date: dayText(day), ...(camera ? { camera } : {}) });
    location.hash = `#/day?${asked}`;
  };
  const date = make("input", { type: "date", value: dayText(begin), max: dayText(new Date()) });
  date.addEventListener("change", () => { if (date.value) go(dayOf(date.value)); });
  const camera = make("select", {}, make("option", { value: "" }, word("all")),
    ...cameras.map(({ name }) => make("option", { value: name, selected: name === wanted }, name)));
  camera.addEventListener("change", () => go(begin, camera.value));

  const time = make("input", { type: "time", step: 1 });
  const answer = make("div", { class: "answer", "aria-live": "polite" });
  const near = make("ul", { class: "events" });
  const nearHead = make("h2", {});
  const which = make("strong", {});
  const lanes = new Map();

  const show = () => {
    const share = (at - begin) / span;
    for (const [name, lane] of lanes) {
      const cursor = lane.querySelector(".cursor");
      cursor.hidden = name !== chosen;
      cursor.style.left = `${share * 100}%`;
      lane.setAttribute("aria-valuenow", String(Math.round((at - begin) / 1000)));
      lane.setAttribute("aria-valuetext", timeText(at));
    }
    which.textContent = chosen ?? "";
    time.value = at.toTimeString().slice(0, 8);
    nearHead.textContent = word("near", timeText(at));
    const found = events.filter((event) => event.camera === chosen && startOf(event) - at < NEAR && at - endOf(event) < NEAR);
    near.replaceChildren(...(found.length ? found.map(eventRow) : [make("li", { class: "empty" }, word("noneNear"))]));
    answer.replaceChildren();
  };
  const choose = (name, moment) => {
    chosen = name;
    at = new Date(Math.min(Math.max(begin, moment), end - 1000));
    show();
  };
  const why = async () => {
    try {
      const asked = new URLSearchParams({ camera: chosen, at: at.toISOString() });
      const told = await ask(`/api/v1/why?${asked}`, { signal });
      const verdicts = (told.verdicts ?? []).filter((one) => one?.sentence);
      answer.replaceChildren(make("p", {}, told.sentence), make("ul", { class: "verdicts" },
        ...verdicts.map((one) => make("li", { class: one.passed ? "passed" : "stopped" },
          make("strong", {}, word(one.passed ? "passed" : "stopped")), ` ${one.sentence}`))));
    } catch (error) {
      if (error.name !== "AbortError") answer.replaceChildren(make("p", {}, error.message));
    }
  };
  time.addEventListener("change", () => {
    const [hours, minutes, seconds = 0] = time.value.split(":").map(Number);
    if (!Number.isNaN(hours)) choose(chosen, new Date(begin.getFullYear(), begin.getMonth(), begin.getDate(), hours, minutes, seconds));
  });

  const strip = make("div", { class: "strip" });
  const hours = make("div", {});
  for (const name of names) {
    const lane = make("div", {
      class: "lane", tabindex: 0, role: "slider", "aria-label": word("lane", name),
      "aria-valuemin": 0, "aria-valuemax": Math.round(span / 1000),
    }, ...events.filter((event) => event.camera === name).map((event) => block(event, begin, span)),
      make("span", { class: "cursor" }));
    lane.addEventListener("click", (click) => {
      const box = lane.getBoundingClientRect();
      choose(name, new Date(begin.getTime() + span * ((click.clientX - box.left) / box.width)));
    });
    lane.addEventListener("keydown", (key) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -60, PageUp: 60 }[key.key];
      if (!steps) return;
      key.preventDefault();
      choose(name, new Date(at.getTime() + steps * STEP_MS * (key.shiftKey ? 10 : 1)));
    });
    lanes.set(name, lane);
    strip.append(make("span", { class: "name", "aria-hidden": "true" }, name), lane);
  }
  strip.append(hours);
  const scroll = make("div", { class: "scroll" }, strip);
  const zooms = ZOOMS.map((zoom) => make("button", { type: "button", onclick: () => magnify(zoom) }, word("hours", zoom)));
  const magnify = (zoom) => {
    for (const [index, button] of zooms.entries()) button.setAttribute("aria-pressed", String(ZOOMS[index] === zoom));
    strip.style.width = `${(24 / zoom) * 100}%`;
    const isNarrow = scroll.clientWidth < 560;
    const step = zoom === 24 ? (isNarrow ? 6 : 3) * HOUR : zoom === 6 ? HOUR : HOUR / 6;
    hours.replaceChildren(hoursOf(begin, span, step));
    scroll.scrollLeft = ((at - begin) / span) * strip.clientWidth - scroll.clientWidth / 2;
  };

  main.replaceChildren(
    make("h1", { class: "unseen" }, word("day")),
    make("form", { class: "filters panel", onsubmit: (event) => event.preventDefault() },
      make("div", { class: "dates" },
        make("button", { type: "button", class: "quiet", "aria-label": word("before"), onclick: () => go(nextDay(begin, -1)) }, "‹"),
        make("label", {}, word("date"), date),
        make("button", { type: "button", class: "quiet", "aria-label": word("after"), disabled: end > now, onclick: () => go(end) }, "›")),
      make("label", {}, word("camera"), camera),
      make("div", { class: "modes", role: "group", "aria-label": word("zoom") }, ...zooms)),
    make("section", { class: "panel" }, scroll,
      make("p", { class: "legend" },
        ...[["motion", "kind.motion"], ["outage", "kind.outage"], ["covered", "trouble"]].map(([kind, name]) =>
          make("span", {}, make("span", { class: `key ${kind}` }), word(name)))),
      make("p", { class: "hint" }, word("askHint"))),
    make("section", { class: "panel" },
      make("div", { class: "row buttons" }, which, make("label", { class: "inline" }, word("instant"), time),
        make("button", { type: "button", onclick: why }, word("whyNot"))),
      answer, nearHead, near),
    make("details", { class: "panel" }, make("summary", {}, `${word("dayList", events.length)}, ${dateText(begin)}`),
      make("ul", { class: "events" }, ...events.filter((event) => !wanted || event.camera === wanted).map(eventRow))));
  if (chosen !== undefined) show();
  magnify(24);
  if (!names.length) told(new Error(word("none")));
}
