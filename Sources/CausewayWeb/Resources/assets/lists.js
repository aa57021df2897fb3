// Selects all rows of a table, and counts the selected rows.
for (const all of document.querySelectorAll("[data-all]")) {
  const form = document.getElementById(all.getAttribute("form"));
  const boxes = [...document.querySelectorAll(`input[name=chosen][form="${form.id}"]`)];
  const words = form.querySelector("[data-chosen]");
  const matching = form.querySelector("[data-total]");
  const count = () => {
    const selected = boxes.filter((box) => box.checked).length;
    const chosen = matching?.checked ? Number(matching.dataset.total).toLocaleString(document.documentElement.lang) : selected;
    all.checked = selected === boxes.length;
    all.indeterminate = selected > 0 && selected < boxes.length;
    if (words) words.textContent = words.dataset.chosen.replace("{count}", chosen);
  };
  all.closest("[hidden]")?.removeAttribute("hidden");
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); count(); });
  matching?.addEventListener("change", () => {
    if (matching.checked) boxes.forEach((box) => { box.checked = true; });
    count();
  });
  boxes.forEach((box) => box.addEventListener("change", () => {
    if (matching && !box.checked) matching.checked = false;
    count();
  }));
  count();
}
