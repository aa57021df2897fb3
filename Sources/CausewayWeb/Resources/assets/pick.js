// Puts a field above a long list of checkboxes that leaves only those whose names contain what is typed, and those that are checked.
const few = 8;
for (const list of document.querySelectorAll("[data-pick]")) {
  const choices = [...list.querySelectorAll(".choice")];
  if (choices.length <= few) continue;
  const field = document.createElement("input");
  field.type = "search";
  field.className = "pick";
  field.placeholder = list.dataset.pick;
  field.setAttribute("aria-label", `${list.closest("fieldset").querySelector("legend").textContent.trim()}: ${list.dataset.pick}`);
  const filter = () => {
    const wanted = field.value.trim().toLowerCase();
    for (const choice of choices) {
      choice.hidden = !choice.textContent.toLowerCase().includes(wanted) && !choice.querySelector("input").checked;
    }
  };
  field.addEventListener("input", (event) => { event.stopPropagation(); filter(); });
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  list.before(field);
}
