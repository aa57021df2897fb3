// Everything here makes pages quicker to use; each of them works without it.

const menu = document.querySelector(".menu");
const narrow = window.matchMedia("(max-width: 800px)");
const fold = () => { if (menu) menu.open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();

const problems = document.querySelector(".problems");
if (problems) problems.focus();

// What was done is said once.
const here = new URL(window.location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  window.history.replaceState(null, "", here);
}

const theme = document.querySelector("#theme");
if (theme) theme.addEventListener("change", () => theme.form.submit());

// A proposal for a field that is derived from another, until somebody types one.
for (const field of document.querySelectorAll("[data-derived-from]")) {
  const source = document.getElementById(field.dataset.derivedFrom);
  let isOwn = field.value !== "";
  field.addEventListener("input", () => { isOwn = field.value !== ""; });
  source?.addEventListener("input", () => {
    if (isOwn) return;
    field.value = source.value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  });
}

// Whoever leaves a form with unsaved changes is asked.
for (const form of document.querySelectorAll("form[data-guard]")) {
  let isChanged = false;
  // What a trial asks for is not saved anyway.
  form.addEventListener("input", (event) => { isChanged ||= !event.target.name?.startsWith?.("_"); });
  form.addEventListener("submit", () => { isChanged = false; });
  window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
}

// A run under way tells how far it is; at its end the page is shown as it is then.
for (const section of document.querySelectorAll("[data-events]")) {
  const words = section.querySelector("[data-progress]");
  const bar = section.querySelector("progress");
  const source = new EventSource(section.dataset.events);
  const seen = [];
  // The pace of the last half minute, and what is left at it.
  const pace = (settled, total) => {
    const now = Date.now();
    seen.push([now, settled]);
    while (seen.length > 2 && now - seen[0][0] > 30000) seen.shift();
    const [[then, before]] = seen;
    const rate = (settled - before) * 1000 / (now - then);
    if (!(rate > 0) || !Number.isFinite(rate)) return "";
    const seconds = Math.ceil((total - settled) / rate);
    const left = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
    return ` · ${words.dataset.rate.replace("{rate}", rate.toLocaleString("en", { maximumFractionDigits: rate < 10 ? 1 : 0 })).replace("{left}", left)}`;
  };
  const show = (event) => {
    const run = JSON.parse(event.data);
    const counts = run.counts ?? [];
    const total = counts.reduce((sum, count) => sum + count.count, 0);
    const open = counts.filter((count) => count.outcome === "planned" || count.outcome === "sent")
      .reduce((sum, count) => sum + count.count, 0);
    if (run.is_final) { source.close(); window.location.reload(); return; }
    if (run.status === "applying" && total > 0) {
      bar.max = total;
      bar.value = total - open;
      words.textContent = words.dataset.words.replace("{done}", (total - open).toLocaleString("en"))
        .replace("{total}", total.toLocaleString("en")) + pace(total - open, total);
    }
  };
  for (const name of ["message", "run", "progress", "end"]) source.addEventListener(name, show);
}

// Times in the zone of whoever reads them; the moment in UTC stays in the title.
const near = (date) => date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  const date = new Date(time.dateTime);
  if ("exact" in time.dataset) time.textContent = near(date);
  else time.title = `${near(date)} (${time.title})`;
}
const zone = document.querySelector("[data-zone]");
if (zone) zone.textContent = zone.dataset.zone.replace("{zone}", Intl.DateTimeFormat().resolvedOptions().timeZone);

// Python in colours, with the numbers of its lines: a picture behind a text field, which stays an ordinary one.
const python = /(#[^\n]*)|((?:[rbuf]{0,2})(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|\b(and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False)\b|\b(\d[\d_.]*)\b/gi;
const colours = [, "comment", "string", "keyword", "number"];

function paint(line, text) {
  let end = 0;
  for (const match of text.matchAll(python)) {
    line.append(text.slice(end, match.index));
    const part = document.createElement("span");
    part.className = `code-${colours.find((_, group) => group > 0 && match[group] !== undefined)}`;
    part.textContent = match[0];
    line.append(part);
    end = match.index + match[0].length;
  }
  line.append(text.slice(end));
}

for (const field of document.querySelectorAll("textarea.code[data-python]")) {
  const editor = document.createElement("div");
  editor.className = "editor";
  const numbers = document.createElement("div");
  const picture = document.createElement("div");
  for (const part of [numbers, picture]) part.setAttribute("aria-hidden", "true");
  numbers.className = "editor-numbers";
  picture.className = "editor-picture";
  field.before(editor);
  editor.append(numbers, picture, field);
  const wrong = () => new Set([...document.querySelectorAll(`#${field.id}-error, #trial .error`)]
    .flatMap((error) => [...error.textContent.matchAll(/\bline (\d+)/gi)]).map((match) => Number(match[1])));
  const show = () => {
    picture.textContent = "";
    paint(picture, field.value + "\n");
    const lines = wrong();
    numbers.replaceChildren(...field.value.split("\n").map((_, place) => {
      const number = document.createElement("span");
      number.textContent = place + 1;
      if (lines.has(place + 1)) number.className = "wrong";
      return number;
    }));
    scroll();
  };
  const scroll = () => {
    picture.style.transform = `translate(${-field.scrollLeft}px, ${-field.scrollTop}px)`;
    numbers.style.transform = `translateY(${-field.scrollTop}px)`;
  };
  field.addEventListener("input", show);
  field.addEventListener("scroll", scroll);
  document.addEventListener("tried", show);
  // A new line is as deep as the one before it, and deeper behind a colon.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const before = field.value.slice(0, field.selectionStart).split("\n").pop();
    const depth = before.match(/^ */)[0] + (/:\s*(#.*)?$/.test(before) ? "    " : "");
    event.preventDefault();
    document.execCommand("insertText", false, `\n${depth}`);
  });
  show();
}

// What can be tried is tried without leaving the page, and by itself while somebody types where that is cheap.
const trial = document.querySelector("#trial");
if (trial) {
  const form = trial.closest("form");
  const button = trial.querySelector("button[name=_try]");
  const status = trial.querySelector("[data-status]");
  let under = null;
  const attempt = async () => {
    under?.abort();
    const own = under = new AbortController();
    const began = Date.now();
    const tick = () => { status.textContent = `${status.dataset.working} … ${Math.round((Date.now() - began) / 1000)} s`; };
    const clock = window.setInterval(tick, 1000);
    tick();
    const body = new URLSearchParams(new FormData(form, button));
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: own.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(".problems") ?? page.querySelector("#trial [data-result]");
      if (!found) throw new Error(page.querySelector("main")?.textContent ?? "");
      trial.querySelector("[data-result]").replaceChildren(...(found.matches(".problems") ? [found] : found.childNodes));
      status.textContent = "";
      document.dispatchEvent(new Event("tried"));
    } catch (error) {
      if (own.signal.aborted) return;
      status.textContent = error.message;
    } finally {
      window.clearInterval(clock);
    }
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter !== button) return;
    event.preventDefault();
    attempt();
  });
  if ("live" in trial.dataset) {
    let pause;
    form.addEventListener("input", (event) => {
      if (event.target.name.startsWith("_") || trial.querySelector("#sample").checked) return;
      window.clearTimeout(pause);
      pause = window.setTimeout(() => { if ([...trial.querySelectorAll("[data-people]")].some((names) => names.value)) attempt(); }, 800);
    });
  }
}

// Attributes as rows of names and values, over the JSON that is sent.
for (const field of document.querySelectorAll("textarea[data-attributes]")) {
  const words = field.dataset;
  const table = document.createElement("div");
  table.className = "attributes";
  const read = () => {
    try {
      const text = field.value || "{}";
      const value = JSON.parse(text);
      // What would come back otherwise than it is, such as a number too long for a script, is left to the JSON.
      const isSame = JSON.stringify(value) === text.replace(/("(?:\\.|[^"\\])*")|\s+/g, "$1") && !("" in Object(value));
      return isSame && value && typeof value === "object" && !Array.isArray(value) ? value : null;
    } catch { return null; }
  };
  const text = (value) => (typeof value === "string" && !/^(true|false|null|-?\d|[\[{"])/.test(value) ? value : JSON.stringify(value));
  const value = (typed) => { try { return JSON.parse(typed); } catch { return typed; } };
  const write = () => {
    const all = {};
    for (const row of table.querySelectorAll(".attribute")) {
      const [name, content] = row.querySelectorAll("input");
      if (name.value) all[name.value] = value(content.value);
    }
    field.value = JSON.stringify(all, null, 2);
  };
  const form = field.closest("form");
  let count = 0;
  const add = (name, content) => {
    const row = document.createElement("div");
    row.className = "attribute";
    count += 1;
    for (const [label, shown] of [[words.name, name], [words.value, content]]) {
      const input = document.createElement("input");
      input.value = shown;
      input.setAttribute("aria-label", `${label} ${count}`);
      input.placeholder = label;
      input.addEventListener("input", write);
      row.append(input);
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = words.remove;
    remove.setAttribute("aria-label", `${words.remove} ${count}`);
    remove.addEventListener("click", () => { row.remove(); write(); form?.dispatchEvent(new Event("input")); more.focus(); });
    row.append(remove);
    more.before(row);
    return row;
  };
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = words.add;
  more.addEventListener("click", () => add("", "").querySelector("input").focus());
  const present = read();
  if (present) {
    table.append(more);
    field.before(table);
    for (const [name, content] of Object.entries(present)) add(name, text(content));
    const json = document.createElement("details");
    json.append(Object.assign(document.createElement("summary"), { textContent: words.json }));
    table.after(json);
    json.append(field);
    field.addEventListener("input", () => {
      const changed = read();
      if (!changed) return;
      table.querySelectorAll(".attribute").forEach((row) => row.remove());
      for (const [name, content] of Object.entries(changed)) add(name, text(content));
    });
  }
}

// UTF-8, or what spreadsheets write instead.
function decoded(bytes) {
  const mark = new Uint8Array(bytes.slice(0, 2)).join();
  if (mark === "255,254") return new TextDecoder("utf-16le").decode(bytes);
  if (mark === "254,255") return new TextDecoder("utf-16be").decode(bytes);
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("windows-1252").decode(bytes); }
}

// A file fills the text field beside it; it is read here and sent as that text.
for (const picker of document.querySelectorAll("input[type=file][data-fills]")) {
  picker.closest(".field").hidden = false;
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    const isTooLarge = file?.size > Number(picker.dataset.most);
    picker.setCustomValidity(isTooLarge ? picker.dataset.large : "");
    picker.reportValidity();
    if (file && !isTooLarge) document.getElementById(picker.dataset.fills).value = decoded(await file.arrayBuffer());
  });
}

// All rows of a table at once, and how many are chosen.
for (const all of document.querySelectorAll("[data-all]")) {
  const form = document.getElementById(all.getAttribute("form"));
  const boxes = [...document.querySelectorAll(`input[name=chosen][form="${form.id}"]`)];
  const words = form.querySelector("[data-chosen]");
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    if (words) words.textContent = words.dataset.chosen.replace("{count}", chosen);
  };
  all.closest("[hidden]")?.removeAttribute("hidden");
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); count(); });
  boxes.forEach((box) => box.addEventListener("change", count));
  count();
}
