"use strict";
const base = document.body.dataset.base;
const by = id => document.getElementById(id);
const made = (tag, text, attributes = {}) => {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};
const fetched = async path => (await fetch(base + "/" + path)).json();
let list = "users", start = 0, next = null;

function showFigures(page) {
  const counts = page.counts, figures = {
    "Users": page.state.users, "Groups": page.state.groups, "Memberships": page.state.memberships,
    "In the recycle bin": page.state.deleted, "Requests": counts.requests, "Changes": counts.changes,
    "Throttled": counts.throttled, "Faults": Object.values(page.faults).reduce((sum, count) => sum + count, 0)
  };
  by("figures").replaceChildren(...Object.entries(figures).map(([name, value]) => {
    const box = made("div");
    box.append(made("dt", name), made("dd", value.toLocaleString("en")));
    return box;
  }));
}

function showChart(values) {
  const top = Math.max(...values, 1), width = 600 / values.length;
  by("chart").replaceChildren(...values.map((value, place) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const height = 118 * value / top;
    for (const [name, number] of Object.entries({ x: place * width, y: 119 - height, width: width * 0.8, height }))
      bar.setAttribute(name, number);
    return bar;
  }));
  by("chart-caption").textContent =
    `Changes per second over the last two minutes: ${values.at(-1)} now, ${Math.max(...values)} maximum`;
}

function showGauges(page) {
  const names = Object.keys(page.gauges).sort();
  const note = made("p", page.throttling ? "Limits, and how much of each is used:" : "Throttling is off.");
  by("gauges").replaceChildren(note, ...(page.throttling ? names : []).map(name => {
    const gauge = page.gauges[name], used = Math.round(gauge.used * 100), box = made("div", null, { class: "gauge" });
    const label = name.replace(/\/$/, "");
    box.append(made("span", label),
      made("meter", null, { min: 0, max: 100, high: 80, value: Math.min(used, 100), "aria-label": label }), made("span", used + " %"));
    return box;
  }));
}

function showRequests(latest) {
  by("requests").replaceChildren(...latest.slice(0, 25).map(item => {
    const row = made("tr");
    const status = item.status === 0 ? "dropped" : item.status;
    row.append(made("td", item.time.slice(11, 19)), made("td", item.call),
      made("td", status, item.status === 0 || item.status >= 400 ? { class: "bad" } : {}), made("td", item.units));
    return row;
  }));
}

async function showList() {
  const search = encodeURIComponent(by("search").value);
  const page = await fetched(`browse/${list}?start=${start}&search=${search}`);
  next = page.next;
  const columns = list === "groups" ? ["Name", "Members"]
    : list === "users" ? ["Name", "User name", "Enabled"] : ["Name", "Kind", "Deleted"];
  const head = made("tr");
  head.append(...columns.map(name => made("th", name, { scope: "col" })));
  by("head").replaceChildren(head);
  by("rows").replaceChildren(...page.value.map(item => {
    const row = made("tr"), cell = made("td"), open = made("button", item.displayName || item.id, { type: "button", class: "link" });
    open.addEventListener("click", () => showObject(item.id));
    cell.append(open);
    row.append(cell);
    const others = list === "groups" ? [item.members]
      : list === "users" ? [item.userPrincipalName, item.accountEnabled ? "yes" : "no"] : [item.kind, item.deleted];
    row.append(...others.map(value => made("td", value)));
    return row;
  }));
  if (page.value.length === 0) {
    const row = made("tr");
    row.append(made("td", "No entries.", { colspan: columns.length }));
    by("rows").append(row);
  }
  by("first").disabled = start === 0;
  by("next").disabled = next === null;
}

async function showObject(id) {
  const item = await fetched("browse/object/" + id), box = by("object");
  const name = item.properties.displayName || id, parts = [made("h3", name)], table = made("table");
  for (const [key, value] of Object.entries(item.properties).sort()) {
    const row = made("tr");
    row.append(made("th", key, { scope: "row" }), made("td", typeof value === "object" ? JSON.stringify(value) : String(value)));
    table.append(row);
  }
  parts.push(table);
  for (const [title, key] of [["Members", "members"], ["Owners", "owners"], ["Manager", "manager"], ["Member of", "memberOf"]]) {
    if (item[key].length === 0) continue;
    const count = key === "members" && item.memberCount > item[key].length ? ` (the first ${item[key].length} of ${item.memberCount})` : "";
    const entries = made("ul");
    for (const other of item[key]) {
      const entry = made("li"), open = made("button", other.displayName || other.id, { type: "button", class: "link" });
      open.addEventListener("click", () => showObject(other.id));
      entry.append(open);
      entries.append(entry);
    }
    parts.push(made("h4", title + count), entries);
  }
  box.replaceChildren(...parts);
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

async function refresh() {
  try {
    const page = await fetched("page");
    showFigures(page); showChart(page.changes_per_second); showGauges(page); showRequests(page.latest);
  } catch { by("chart-caption").textContent = "The tenant does not answer; it may have been stopped."; }
  setTimeout(refresh, 1000);
}

for (const button of document.querySelectorAll("[data-list]")) button.addEventListener("click", () => {
  list = button.dataset.list; start = 0;
  for (const other of document.querySelectorAll("[data-list]")) other.setAttribute("aria-pressed", String(other === button));
  showList();
});
by("search").addEventListener("input", () => { start = 0; showList(); });
by("first").addEventListener("click", () => { start = 0; showList(); });
by("next").addEventListener("click", () => { start = next; showList(); });
showList(); refresh();
setInterval(() => { if (start === 0 && by("search").value === "") showList(); }, 3000);
