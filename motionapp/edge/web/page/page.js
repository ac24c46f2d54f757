// Which view is shown, and who is logged in.

import { ask, make, notice, told } from "./asking.js";
import { cameraView, camerasView } from "./cameras.js";
import { dayView } from "./day.js";
import { eventView, eventsView } from "./events.js";
import { language, word } from "./words.js";

const main = document.getElementById("main");
const views = document.getElementById("views");
const leave = document.getElementById("leave");
let role = null;
let needsToken = true;
let shown = new AbortController();

const ROUTES = [
  [/^\/cameras$/, "cameras", camerasView],
  [/^\/camera\/(?<name>[a-z0-9_-]+)$/, "cameras", cameraView],
  [/^\/events$/, "events", eventsView],
  [/^\/event\/(?<number>\d+)$/, "events", eventView],
  [/^\/day$/, "day", dayView],
];

async function show() {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  const found = ROUTES.map(([pattern, tab, view]) => ({ match: pattern.exec(path), tab, view })).find(({ match }) => match);
  if (!found) {
    location.replace("#/cameras");
    return;
  }
  notice("");
  for (const link of views.children) {
    if (link.dataset.tab === found.tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    await found.view(main, { ...found.match.groups, role, query: new URLSearchParams(query) }, signal);
    if (signal.aborted) return;
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
    document.body.dataset.from = path.slice(1);
  } catch (error) {
    if (signal.aborted || error.status === 401) return;
    told(error);
    main.replaceChildren(make("p", { class: "empty" }, error.message));
  }
}

function login() {
  shown.abort();
  views.hidden = leave.hidden = true;
  const token = make("input", { type: "password", name: "token", autocomplete: "current-password", required: true });
  const enter = async (event) => {
    event.preventDefault();
    try {
      ({ role } = await ask("/api/v1/session", { method: "POST", body: { token: token.value } }));
      begin();
    } catch (error) {
      told(error);
      token.select();
    }
  };
  main.replaceChildren(make("form", { class: "panel login", onsubmit: enter },
    make("h1", {}, word("login")),
    // Who stores tokens wants a name beside them.
    make("input", { type: "text", name: "username", value: "motionapp", autocomplete: "username", hidden: true }),
    make("label", {}, word("token"), token),
    make("small", {}, word("loginHint")),
    make("button", {}, word("login"))));
  token.focus();
}

function begin() {
  notice("");
  views.hidden = false;
  leave.hidden = !needsToken;
  show();
}

document.documentElement.lang = language;
document.getElementById("skip").textContent = word("skip");
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
views.setAttribute("aria-label", word("views"));
views.append(...["cameras", "events", "day"].map((tab) =>
  make("a", { href: `#/${tab}`, "data-tab": tab }, make("span", { class: `icon ${tab}`, "aria-hidden": "true" }), word(tab))));
leave.textContent = word("logout");
leave.addEventListener("click", async () => {
  await ask("/api/v1/session", { method: "DELETE" }).catch(told);
  role = null;
  login();
  notice(word("loggedOut"));
});
addEventListener("hashchange", () => { if (role !== null) show(); });
document.addEventListener("left", () => { if (role !== null) { role = null; login(); } });

try {
  ({ role, needs_token: needsToken } = await ask("/api/v1/session"));
  if (role === null) login();
  else begin();
} catch (error) {
  told(error);
  setTimeout(() => location.reload(), 5000);
}
