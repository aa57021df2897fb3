// Shows the progress of a run. When the run ends, the page is loaded again; a live page notices it by itself.
const watched = new WeakMap();

export function watchRuns(root) {
  for (const section of root.querySelectorAll("[data-events]")) {
    const before = watched.get(section);
    if (before?.address === section.dataset.events) continue;
    before?.source.close();
    watched.set(section, { address: section.dataset.events, source: watch(section) });
  }
}

function watch(section) {
  const words = section.querySelector("[data-progress]");
  const bar = section.querySelector("progress");
  const source = new EventSource(section.dataset.events);
  const seen = [];
  // The rate of the last half minute, and the remaining time at this rate.
  const pace = (settled, total) => {
    const now = Date.now();
    seen.push([now, settled]);
    while (seen.length > 2 && now - seen[0][0] > 30000) seen.shift();
    const [[then, before]] = seen;
    const rate = (settled - before) * 1000 / (now - then);
    if (!(rate > 0) || !Number.isFinite(rate)) return "";
    const seconds = Math.ceil((total - settled) / rate);
    const left = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
    const perSecond = rate.toLocaleString(document.documentElement.lang, { maximumFractionDigits: rate < 10 ? 1 : 0 });
    return ` · ${words.dataset.rate.replace("{rate}", perSecond).replace("{left}", left)}`;
  };
  const show = (event) => {
    if (!section.isConnected) { source.close(); return; }
    const run = JSON.parse(event.data);
    const counts = run.counts ?? [];
    const total = counts.reduce((sum, count) => sum + count.count, 0);
    const open = counts.filter((count) => count.outcome === "planned" || count.outcome === "sent")
      .reduce((sum, count) => sum + count.count, 0);
    if (run.is_final) {
      source.close();
      if (!document.querySelector("[data-stream]")) window.location.reload();
      return;
    }
    if (run.status === "applying" && total > 0) {
      bar.max = total;
      bar.value = total - open;
      words.textContent = words.dataset.words.replace("{done}", (total - open).toLocaleString(document.documentElement.lang))
        .replace("{total}", total.toLocaleString(document.documentElement.lang)) + pace(total - open, total);
    }
  };
  for (const name of ["message", "run", "progress", "end"]) source.addEventListener(name, show);
  return source;
}

watchRuns(document);
