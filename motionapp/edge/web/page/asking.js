// Asks the API, and says what went wrong.

import { word } from "./words.js";

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

let isOffline = false;

// "back" is told when the service answers again: what was streamed has ended meanwhile.
export async function ask(path, { method = "GET", body, signal } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      signal,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    isOffline = true;
    throw new Refused(0, word("offline"));
  }
  if (isOffline) {
    isOffline = false;
    notice("");
    document.dispatchEvent(new Event("back"));
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  if (answer.status === 401) document.dispatchEvent(new Event("left"));
  throw new Refused(answer.status, told.detail ?? `${answer.status}`);
}

export function notice(text) {
  document.getElementById("notice").textContent = text;
}

export function told(error) {
  if (error.name !== "AbortError") notice(error.message);
}

// Elements: make("a", { href, class: "x" }, "text", child). Text is never read as markup.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

// Does something again and again while the page is looked at and the view stays.
export function again(seconds, action, signal) {
  const timer = setInterval(() => { if (!document.hidden) action(); }, seconds * 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
