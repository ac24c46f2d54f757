// All cameras with their newest pictures, and one of them live.

import { again, ask, make, notice, told } from "./asking.js";
import { momentText, word } from "./words.js";

const STILL_S = 3;
const STATE_S = 2;

const path = (name, file = "") => `/api/v1/cameras/${encodeURIComponent(name)}${file}`;

function stateChip(camera) {
  const chips = [make("span", { class: `chip ${camera.state}` }, word(`state.${camera.state}`))];
  if (camera.is_moving) chips.push(make("span", { class: "chip moving" }, word("moving")));
  if (!camera.is_armed && camera.state !== "disabled") {
    chips.push(make("span", { class: "chip" }, word("unarmed")));
  }
  return make("span", { class: "chips" }, ...chips);
}

// A still: the next one is asked for when the last has come, so that a slow way is not filled.
function still(camera, signal) {
  const image = make("img", { alt: word("picture", camera.name), width: 640, height: 360 });
  const none = make("p", { class: "none", hidden: true }, word("noPicture"));
  let isWaiting = false;
  const renew = () => {
    if (isWaiting) return;
    isWaiting = true;
    image.src = `${path(camera.name, "/snapshot.jpg")}#${Date.now()}`;
  };
  const show = (isThere) => {
    isWaiting = false;
    image.hidden = !isThere;
    none.hidden = isThere;
  };
  image.addEventListener("load", () => show(true));
  image.addEventListener("error", () => show(false));
  const frame = make("div", { class: "frame" }, image, none);
  new IntersectionObserver(([seen], observer) => {
    if (!seen.isIntersecting) return;
    observer.disconnect();
    renew();
    again(STILL_S, renew, signal);
  }).observe(frame);
  return frame;
}

export async function camerasView(main, _, signal) {
  const { cameras } = await ask("/api/v1/cameras", { signal });
  if (cameras.length === 1) {
    location.replace(`#/camera/${cameras[0].name}`);
    return;
  }
  const lines = new Map();
  const cards = cameras.map((camera) => {
    const line = make("p", { class: "why" });
    const head = make("div", { class: "row" }, make("h2", {}, camera.name));
    lines.set(camera.name, { line, head });
    return make("li", {}, make("a", { class: "card", href: `#/camera/${camera.name}` },
      still(camera, signal), head, line));
  });
  const update = (all) => {
    for (const camera of all) {
      const found = lines.get(camera.name);
      if (!found) continue;
      found.head.querySelector(".chips")?.remove();
      found.head.append(stateChip(camera));
      const since = word("since", momentText(new Date(camera.since_utc)));
      const unrecorded = camera.unrecorded_why ? `${word("unrecorded")}: ${camera.unrecorded_why}` : "";
      found.line.textContent = camera.state === "live" ? unrecorded : `${since}. ${camera.why}`;
    }
  };
  update(cameras);
  main.replaceChildren(make("h1", { class: "unseen" }, word("cameras")), make("ul", { class: "cards" }, ...cards));
  again(STATE_S, () => ask("/api/v1/cameras", { signal }).then((found) => update(found.cameras), told), signal);
}

function megabytesOf(bytes) {
  return bytes ? `${(bytes / 1e6).toFixed(1)} MB` : "";
}

function factsOf(camera) {
  const since = word("since", momentText(new Date(camera.since_utc)));
  const rows = [
    ["fact.state", `${word(`state.${camera.state}`)}, ${since}`],
    ["fact.why", camera.why],
    ["unrecorded", camera.unrecorded_why],
    ["fact.lost", camera.lost_events || ""],
    ["fact.pictures", camera.pictures_hz.toFixed(1)],
    ["fact.age", camera.age_s === null ? "" : word("ago", camera.age_s.toFixed(1))],
    ["fact.dropped", camera.dropped || ""],
    ["fact.starts", word("times", camera.starts)],
    ["fact.size", camera.size ? camera.size.join(" × ") : ""],
    ["fact.written", megabytesOf(camera.written_bytes)],
    ["fact.written_day", megabytesOf(camera.written_day_bytes)],
  ];
  return rows.filter(([, value]) => value !== "").flatMap(([name, value]) =>
    [make("dt", {}, word(name)), make("dd", {}, value)]);
}

function settingsOf(camera, choices, renew) {
  const [low, high] = choices.sensitivity;
  const enabled = make("input", { type: "checkbox", name: "is_enabled", role: "switch", checked: camera.is_enabled });
  const value = make("output", {}, camera.sensitivity.toFixed(1));
  // A slider of powers: as much room for halving as for doubling.
  const slider = make("input", {
    type: "range", name: "sensitivity", step: "any", min: Math.log(low), max: Math.log(high),
    value: Math.log(camera.sensitivity), "aria-describedby": "hint",
  });
  const chosen = () => Math.min(high, Math.max(low, Number(Math.exp(slider.value).toFixed(1))));
  slider.addEventListener("input", () => {
    value.textContent = chosen().toFixed(1);
    slider.setAttribute("aria-valuetext", value.textContent);
  });
  const names = [...new Set([...choices.frontends, camera.frontend].filter(Boolean))];
  const frontend = make("select", { name: "frontend" }, ...names.map((name) =>
    make("option", { value: name, selected: name === camera.frontend },
      choices.frontends.includes(name) ? word(`frontend.${name}`) : name)));
  const save = async (event) => {
    event.preventDefault();
    const changes = {};
    if (enabled.checked !== camera.is_enabled) changes.is_enabled = enabled.checked;
    if (Math.abs(chosen() - camera.sensitivity) > 0.04) changes.sensitivity = chosen();
    if (frontend.value !== camera.frontend) changes.frontend = frontend.value;
    try {
      if (Object.keys(changes).length) {
        camera = await ask(path(camera.name), { method: "PATCH", body: changes });
        renew(camera);
      }
      notice(word("saved"));
    } catch (error) {
      told(error);
    }
  };
  return make("form", { class: "panel", onsubmit: save },
    make("h2", {}, word("settings")),
    make("label", { class: "switch" }, enabled, make("span", {}, word("enabled"))),
    make("label", {}, make("span", { class: "row" }, word("sensitivity"), value), slider),
    make("small", { id: "hint" }, word("sensitivityHint")),
    make("label", {}, word("frontend"), frontend),
    make("button", {}, word("save")));
}

export async function cameraView(main, { name, role }, signal) {
  const [camera, { choices, cameras }] = await Promise.all(
    [ask(path(name), { signal }), ask("/api/v1/cameras", { signal })]);
  const image = make("img", { alt: "", width: 640, height: 360 });
  const none = make("p", { class: "none", hidden: true });
  let isHeat = false;
  let isLive = camera.state === "live";
  let { starts } = camera;
  const show = () => {
    image.hidden = false;
    none.hidden = true;
    none.textContent = word(isHeat ? "noHeat" : "noPicture");
    image.alt = word(isHeat ? "heatPicture" : "livePicture", name);
    image.src = `${path(name, isHeat ? "/heat.png" : isLive ? "/live.mjpg" : "/snapshot.jpg")}#${Date.now()}`;
  };
  image.addEventListener("error", () => { image.hidden = true; none.hidden = false; });
  // The stream ends with the view, else its connection would stay until the picture is forgotten.
  signal.addEventListener("abort", () => image.removeAttribute("src"));
  const modes = ["live", "heat"].map((mode) => make("button", {
    type: "button", "aria-pressed": String(mode === "live"),
    onclick: () => {
      isHeat = mode === "heat";
      for (const [at, button] of modes.entries()) button.setAttribute("aria-pressed", String((at === 1) === isHeat));
      show();
    },
  }, word(mode)));
  const head = make("div", { class: "row" }, make("h1", {}, name), stateChip(camera));
  const facts = make("dl", {}, ...factsOf(camera));
  const renew = (found) => {
    head.lastChild.replaceWith(stateChip(found));
    facts.replaceChildren(...factsOf(found));
    // Where its process has begun again, the picture that is shown has ended.
    if ((found.state === "live") === isLive && found.starts === starts) return;
    isLive = found.state === "live";
    starts = found.starts;
    show();
  };
  document.addEventListener("back", show, { signal });
  show();
  main.replaceChildren(
    cameras.length > 1 ? make("a", { class: "back", href: "#/cameras" }, word("back")) : "",
    head,
    make("div", { class: "columns" },
      make("section", { class: "wide" },
        make("div", { class: "frame" }, image, none),
        make("div", { class: "row buttons" },
          make("div", { class: "modes", role: "group" }, ...modes),
          make("a", { class: "button", href: `#/events?camera=${name}` }, word("events")),
          make("a", { class: "button", href: `#/day?camera=${name}` }, word("day")))),
      make("section", { class: "narrow" },
        role === "admin" ? settingsOf(camera, choices, renew) : "",
        make("div", { class: "panel" }, make("h2", {}, word("facts")), facts))));
  again(STATE_S, () => ask(path(name), { signal }).then(renew, told), signal);
}
