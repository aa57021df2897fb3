// Suggests results of the search while a person types. The list follows the combobox pattern (ARIA Authoring Practices, "Combobox").
const field = document.querySelector("#find");
if (field) {
  const form = field.closest("form");
  const list = document.createElement("ul");
  const status = document.createElement("span");
  list.id = "found";
  list.className = "found";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.getAttribute("aria-label"));
  status.className = "aside";
  status.setAttribute("role", "status");
  form.append(list, status);
  const settings = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "found", "aria-expanded": "false" };
  for (const [name, value] of Object.entries(settings)) field.setAttribute(name, value);

  let active = -1;
  const choose = (place) => {
    active = place;
    for (const [index, option] of [...list.children].entries()) option.setAttribute("aria-selected", index === place);
    if (place < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  };
  const open = (isOpen) => {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", isOpen);
    choose(-1);
  };
  const option = (hit, index) => {
    const item = document.createElement("li");
    item.id = `found-${index}`;
    item.setAttribute("role", "option");
    item.dataset.address = hit.querySelector("a").getAttribute("href");
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = hit.dataset.kind;
    item.append(hit.querySelector("a").textContent, kind);
    return item;
  };
  const show = (page) => {
    if (document.activeElement !== field) return;
    const hits = [...page.querySelectorAll("[data-hit]")].slice(0, 12);
    list.replaceChildren(...hits.map(option));
    status.textContent = hits.length ? field.dataset.found.replace("{count}", hits.length) : field.dataset.none;
    open(hits.length > 0);
  };

  let pause, under;
  const ask = async () => {
    under?.abort();
    if (field.value.trim().length < 2) { open(false); status.textContent = ""; return; }
    const own = under = new AbortController();
    try {
      const answer = await fetch(`${form.action}?${new URLSearchParams({ q: field.value })}`, { signal: own.signal });
      if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (error) {
      if (!own.signal.aborted) open(false);
    }
  };
  const follow = (item) => { if (item) window.location.assign(item.dataset.address); };
  field.addEventListener("input", () => { window.clearTimeout(pause); pause = window.setTimeout(ask, 120); });
  field.addEventListener("blur", () => window.setTimeout(() => open(false), 150));
  field.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); under?.abort(); open(false); }
    if (event.key === "Enter" && active >= 0) { event.preventDefault(); follow(list.children[active]); }
    if (list.hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    choose(event.key === "ArrowDown" ? (active + 2) % (count + 1) - 1 : (active + 1 + count) % (count + 1) - 1);
  });
  list.addEventListener("mousedown", (event) => { event.preventDefault(); follow(event.target.closest("li")); });

  // A single character is a shortcut unless the person has turned that off; Control or Command with K always is one.
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    const isSingle = event.key === field.dataset.shortcut && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping;
    const isCombination = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isSingle && !isCombination) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
