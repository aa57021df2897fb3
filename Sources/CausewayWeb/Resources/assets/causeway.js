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
  form.addEventListener("input", () => { isChanged = true; });
  form.addEventListener("submit", () => { isChanged = false; });
  window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
}

// A run under way tells how far it is; at its end the page is shown as it is then.
for (const section of document.querySelectorAll("[data-events]")) {
  const words = section.querySelector("[data-progress]");
  const bar = section.querySelector("progress");
  const source = new EventSource(section.dataset.events);
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
      words.textContent = `${(total - open).toLocaleString("en")} / ${total.toLocaleString("en")}`;
    }
  };
  for (const name of ["message", "run", "progress", "end"]) source.addEventListener(name, show);
}

// Times in the zone of whoever reads them; the exact moment stays in the title.
for (const time of document.querySelectorAll("time[datetime]")) {
  const date = new Date(time.dateTime);
  time.title = `${date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" })} (${time.title})`;
}
