// Events with filters, and one of them with its recording.

import { again, ask, make, notice, told } from "./asking.js";
import { labelText, lengthText, momentText, word } from "./words.js";

const KINDS = ["motion", "outage", "covered", "turned", "blurred", "frozen"];
const PAGE = 30;
const NEW_S = 10;

export const startOf = (event) => new Date(event.start_utc);
export const endOf = (event) => new Date(event.end_utc ?? event.last_utc);

export function endText(event) {
  const length = lengthText((endOf(event) - startOf(event)) / 1000);
  if (event.state === "open") return `${length}, ${word("open")}`;
  return event.state === "lost" ? `${length}, ${word("lostEnd")}` : length;
}

export function eventRow(event) {
  const image = event.has_snapshot
    ? make("img", {
      src: `/api/v1/events/${event.number}/snapshot.jpg`, alt: "", loading: "lazy", width: 160, height: 90,
    })
    : make("span", { class: `mark ${event.kind}`, "aria-hidden": "true" });
  image.addEventListener("error", () => image.replaceWith(make("span", { class: "mark" })), { once: true });
  const score = event.score === null ? "" : ` ${Math.round(event.score * 100)} %`;
  return make("li", {}, make("a", { class: "event", href: `#/event/${event.number}` }, image,
    make("span", { class: "what" },
      make("strong", {}, labelText(event), make("span", { class: "score" }, score)),
      make("span", {}, `${event.camera}${event.zone === "all" ? "" : `, ${event.zone}`}`),
      make("span", { class: "when" }, `${momentText(startOf(event))} · ${endText(event)}`)),
    event.is_locked ? make("span", { class: "chip" }, word("kept")) : null));
}

// What the API is asked for: fields that are empty do not matter.
export function askedFor(fields, extra = {}) {
  const asked = new URLSearchParams();
  for (const name of ["camera", "kind", "label"]) if (fields.get(name)) asked.set(name, fields.get(name).trim());
  for (const name of ["since", "until"]) {
    const moment = new Date(fields.get(name) ?? "");
    if (!Number.isNaN(moment.getTime())) asked.set(name, moment.toISOString());
  }
  for (const [name, value] of Object.entries(extra)) asked.set(name, value);
  return asked;
}

function filtersOf(cameras, given, change) {
  const choice = (name, values, text) => make("select", { name },
    make("option", { value: "" }, word("all")),
    ...values.map((value) => make("option", { value, selected: given.get(name) === value }, text(value))));
  const fields = [
    ["camera", choice("camera", cameras, (name) => name)],
    ["kind", choice("kind", KINDS, (kind) => word(`kind.${kind}`))],
    ["label", make("input", { name: "label", value: given.get("label") ?? "", placeholder: word("anyLabel"), list: "labels", autocapitalize: "none" })],
    ["from", make("input", { name: "since", type: "datetime-local", value: given.get("since") ?? "" })],
    ["to", make("input", { name: "until", type: "datetime-local", value: given.get("until") ?? "" })],
  ];
  const form = make("form", { class: "filters" },
    ...fields.map(([name, field]) => make("label", {}, word(name), field)),
    make("datalist", { id: "labels" }),
    make("button", { type: "button", class: "quiet", onclick: () => {
      for (const [, field] of fields) field.value = "";
      change();
    } }, word("clear")));
  form.addEventListener("change", change);
  form.addEventListener("submit", (event) => { event.preventDefault(); change(); });
  return form;
}

export async function eventsView(main, { query }, signal) {
  const { cameras } = await ask("/api/v1/cameras", { signal });
  const list = make("ul", { class: "events" });
  const none = make("p", { class: "empty", hidden: true }, word("none"));
  const more = make("button", { type: "button", class: "quiet", hidden: true }, word("more"));
  let following = null;
  let newest = "";
  let asking = 0;

  const labels = (events) => {
    const known = document.getElementById("labels");
    const there = new Set([...known.children].map((one) => one.value));
    for (const { kind, label } of events) {
      if (kind === "motion" && !there.has(label)) {
        there.add(label);
        known.append(make("option", { value: label }));
      }
    }
  };
  const fetchPage = async (before) => {
    const extra = { most: PAGE, ...(before ? { before } : {}) };
    return ask(`/api/v1/events?${askedFor(new FormData(form), extra)}`, { signal });
  };
  const begin = async () => {
    const turn = ++asking;
    const found = await fetchPage(null);
    if (turn !== asking || JSON.stringify(found) === newest) return;
    // Who has gone on to earlier ones is not thrown back.
    if (newest && list.childElementCount > PAGE) return;
    newest = JSON.stringify(found);
    list.replaceChildren(...found.events.map(eventRow));
    none.hidden = found.events.length > 0;
    following = found.next_before;
    more.hidden = following === null;
    labels(found.events);
  };
  const change = () => {
    const shown = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", `#/events${shown.size ? `?${shown}` : ""}`);
    newest = "";
    notice("");
    begin().catch(told);
  };
  more.addEventListener("click", async () => {
    try {
      const found = await fetchPage(following);
      list.append(...found.events.map(eventRow));
      following = found.next_before;
      more.hidden = following === null;
      labels(found.events);
    } catch (error) {
      told(error);
    }
  });
  const form = filtersOf(cameras.map((camera) => camera.name), query, change);
  const isWide = matchMedia("(min-width: 48rem)").matches;
  main.replaceChildren(make("h1", { class: "unseen" }, word("events")),
    make("details", { class: "panel", open: isWide || [...query].length > 0 }, make("summary", {}, word("filters")), form),
    list, none, more);
  await begin();
  again(NEW_S, () => begin().catch(told), signal);
}

function playerOf(event) {
  const where = `/api/v1/events/${event.number}`;
  const video = make("video", {
    controls: true, autoplay: true, muted: true, playsinline: true, preload: "metadata",
    "aria-label": word("recording"),
    poster: event.has_snapshot ? `${where}/snapshot.jpg` : null,
    src: `${where}/recording.mp4`,
  });
  video.muted = true;
  const begun = new Date(event.recording_start_utc ?? event.start_utc);
  const jump = () => { video.currentTime = Math.max(0, (startOf(event) - begun) / 1000); };
  const none = make("p", { class: "empty", hidden: true }, word("noRecording"));
  video.addEventListener("loadedmetadata", jump, { once: true });
  video.addEventListener("error", () => { video.hidden = true; none.hidden = false; });
  const again = () => { jump(); video.play().catch(() => {}); };
  return [video, none, make("div", { class: "row buttons" },
    make("button", { type: "button", onclick: again }, word("jump")),
    make("a", { class: "button", href: `${where}/recording.mp4`, download: `${event.id}.mp4` }, word("store")))];
}

function lockOf(event) {
  const box = make("input", { type: "checkbox", role: "switch", checked: event.is_locked });
  box.addEventListener("change", async () => {
    try {
      const changed = await ask(`/api/v1/events/${event.number}`, { method: "PATCH", body: { is_locked: box.checked } });
      box.checked = changed.is_locked;
      notice(word("saved"));
    } catch (error) {
      box.checked = !box.checked;
      told(error);
    }
  });
  return make("label", { class: "switch" }, box, make("span", {}, word("keep")));
}

export async function eventView(main, { number, role }, signal) {
  const event = await ask(`/api/v1/events/${number}`, { signal });
  const rows = [
    ["camera", make("a", { href: `#/camera/${event.camera}` }, event.camera)],
    ["kind", word(`kind.${event.kind}`)],
    ["start", momentText(startOf(event))],
    ["length", endText(event)],
    ["zone", event.zone === "all" ? "" : event.zone],
    ["score", event.score === null ? "" : `${Math.round(event.score * 100)} %`],
    ["fact.why", event.why],
  ];
  const picture = event.has_recording
    ? playerOf(event)
    : [event.has_snapshot
      ? make("img", { src: `/api/v1/events/${number}/snapshot.jpg`, alt: word("eventPicture"), width: 640, height: 360 })
      : make("p", { class: "empty" }, word("noRecording"))];
  main.replaceChildren(
    make("a", { class: "back", href: "#/events", onclick: (click) => {
      if (history.length > 1 && document.body.dataset.from === "events") { click.preventDefault(); history.back(); }
    } }, word("back")),
    make("h1", {}, labelText(event)),
    make("div", { class: "columns" },
      make("section", { class: "wide" }, ...picture),
      make("section", { class: "narrow" }, make("div", { class: "panel" },
        make("h2", {}, word("event", event.id)),
        make("dl", {}, ...rows.filter(([, value]) => value !== "").flatMap(([name, value]) =>
          [make("dt", {}, word(name)), make("dd", {}, value)])),
        role === "admin" ? lockOf(event) : ""))));
  const video = main.querySelector("video");
  // A hidden view goes on loading otherwise.
  if (video) signal.addEventListener("abort", () => { video.removeAttribute("src"); video.load(); });
}
