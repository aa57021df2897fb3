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
