// Proposes a value for a field that is derived from another, until a value is entered.
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

// Asks before a form with unsaved changes is left.
for (const form of document.querySelectorAll("form[data-guard]")) {
  let isChanged = false;
  // The fields of a preview are never saved.
  form.addEventListener("input", (event) => { isChanged ||= !event.target.name?.startsWith?.("_"); });
  form.addEventListener("submit", () => { isChanged = false; });
  form.querySelector("[data-leave]")?.addEventListener("click", () => { isChanged = false; });
  window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
}

// The F1 key leads to the help of the field that has the focus, or else of the page. So the links of the fields, which would double the
// stops of the Tab key in a form, need none.
for (const link of document.querySelectorAll(".field > .help")) link.tabIndex = -1;
for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = !document.querySelector(".field > .help");
document.addEventListener("keydown", (event) => {
  if (event.key !== "F1" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.(".field:has(> .help)")?.querySelector(":scope > .help") ?? document.querySelector("[data-help]");
  if (!link) return;
  event.preventDefault();
  link.click();
});
