import { addCopyButtons } from "./copy.js";
import { watchRuns } from "./runs.js";

// Keeps a page up to date while it is seen. A stream says that something has changed; the page is then read again, and only what differs
// is replaced. A page that is not live says so.
const status = document.querySelector("[data-stream]");
const rest = 2000;
const patience = 6000;
let known = status?.dataset.known;
let source, timer, outage, since, isReading, hasEnded;

// Makes a part of the page equal to the same part of a newer one. Equal elements stay, with the focus and what scripts have added.
function update(now, next) {
  if (now.nodeType !== next.nodeType || now.nodeName !== next.nodeName) return now.replaceWith(next);
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.data !== next.data) now.data = next.data;
    return;
  }
  if (now === status || now.isEqualNode(next)) return;
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name) && name !== "open") now.removeAttribute(name);
  for (const { name, value } of [...next.attributes]) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  const [before, after] = [[...now.childNodes], [...next.childNodes]];
  after.forEach((child, place) => { if (place < before.length) update(before[place], child); else now.append(child); });
  for (const child of before.slice(after.length)) child.remove();
}

const state = () => document.querySelector(".title .state")?.textContent.trim();

async function read() {
  const answer = await fetch(window.location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) { window.location.reload(); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [main, next] = [document.querySelector("main"), document.adoptNode(page.querySelector("main"))];
  const done = main.querySelector(":scope > .done");
  if (done && !next.querySelector(":scope > .done")) next.prepend(done.cloneNode(true));
  const live = next.querySelector("[data-stream]");
  if (live) known = live.dataset.known; else end();
  const before = state();
  addCopyButtons(next);
  update(main, next);
  watchRuns(main);
  if (state() !== before) status.textContent = status.dataset.on.replace("{state}", state());
}

// A page that waits for nothing any more is not read again.
function end() {
  hasEnded = true;
  source.close();
  status.remove();
  known = wanted;
}

// Reads the page again, and again if something changed meanwhile, with a rest in between.
async function refresh() {
  if (isReading) return;
  isReading = true;
  try { await read(); } catch { /* The stream breaks too, and says so. */ }
  timer = setTimeout(() => { isReading = false; if (wanted !== known) refresh(); }, rest);
}

let wanted = known;

function showOutage() {
  const time = since.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  status.textContent = status.dataset.off.replace("{time}", time);
  status.className = "banner banner-waiting";
}

function showLive() {
  clearTimeout(outage);
  outage = undefined;
  since = undefined;
  if (status.className === "aside") return;
  status.className = "aside";
  status.textContent = "";
}

function open() {
  source = new EventSource(status.dataset.stream);
  source.addEventListener("open", showLive);
  source.addEventListener("provider", (event) => {
    wanted = event.data;
    if (wanted !== known) refresh();
  });
  source.addEventListener("error", () => {
    since ??= new Date();
    outage ??= setTimeout(showOutage, patience);
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    isReading = false;
    const failed = source;
    setTimeout(() => { if (!document.hidden && !hasEnded && source === failed) open(); }, patience);
  });
}

if (status) {
  open();
  // A browser has few connections, and a page that is not seen needs none.
  document.addEventListener("visibilitychange", () => {
    source.close();
    if (!document.hidden && !hasEnded) open();
  });
}
