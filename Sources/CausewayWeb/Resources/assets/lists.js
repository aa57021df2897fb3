// Selects all rows of a table, and counts the selected rows.
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
