// Suggests names while a person types, as a combobox with a list (ARIA Authoring Practices). The names come from the API.
const pause = 150;
const most = 8;

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const words = field.dataset;
  const list = Object.assign(document.createElement("ul"), { id: `${field.id}-suggestions`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
  const status = Object.assign(document.createElement("span"), { className: "aside" });
  status.setAttribute("role", "status");
  field.after(list, status);
  field.removeAttribute("list");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  let active = -1;

  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const options = [...list.children];
    if (!options.length) return;
    active = (index + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", place === active));
    field.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    field.value = option.dataset.value;
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const option = (row, index) => {
    const item = Object.assign(document.createElement("li"), { id: `${list.id}-${index}` });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.value = row[words.value];
    item.append(Object.assign(document.createElement("bdi"), { textContent: row[words.value] }));
    const further = row[words.further];
    if (further && further !== row[words.value]) {
      item.append(" ", Object.assign(document.createElement("bdi"), { className: "hint", textContent: further }));
    }
    // The field keeps the focus.
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
    return item;
  };

  let asked = 0;
  const find = async () => {
    const own = asked += 1;
    const wanted = field.value.trim();
    if (!wanted) { close(); return; }
    const address = new URL(words.suggest, window.location.href);
    address.searchParams.set("search", wanted);
    address.searchParams.set("page_size", most);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (own !== asked || !answer.ok || document.activeElement !== field) return;
    const { pagination, results } = await answer.json();
    list.replaceChildren(...results.map(option));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    // A list with what is in the field already would only cover the buttons below it.
    list.hidden = results.length === 0 || (results.length === 1 && results[0][words.value] === wanted);
    field.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = words.found.replace("{shown}", results.length).replace("{count}", pagination.count);
  };
  let wait;
  field.addEventListener("input", () => {
    window.clearTimeout(wait);
    wait = window.setTimeout(find, pause);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) find(); else mark(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      take(list.children[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  field.addEventListener("blur", () => { asked += 1; close(); });
}
