// Selects objects in two lists: what is checked moves to the list of selected ones. A list has one stop for the Tab key, and the arrow
// keys move in it. If the page does not have all objects, the API is asked for those that a search finds.
const pause = 200;

for (const picker of document.querySelectorAll("[data-picker]")) {
  const words = picker.dataset;
  const [chosen, others] = [picker.querySelector("[data-chosen]"), picker.querySelector("[data-others]")];
  const status = picker.querySelector("[role=status]");
  const search = picker.querySelector("input[type=search]");
  let page = 1;
  let more = "more" in words;
  const isPartial = more;

  const boxes = (list) => [...list.querySelectorAll(".choice:not([hidden]) input")];
  const label = (box) => box.closest(".choice").textContent.trim();
  // One box of each list is reached by the Tab key.
  const stop = (list, box) => {
    for (const each of list.querySelectorAll("input")) each.tabIndex = -1;
    const stopped = box ?? boxes(list)[0];
    if (stopped) stopped.tabIndex = 0;
  };
  const stops = () => { stop(chosen); stop(others); };
  const focus = (list, index) => {
    const all = boxes(list);
    const box = all[Math.min(Math.max(index, 0), all.length - 1)];
    if (!box) return false;
    stop(list, box);
    box.focus();
    return true;
  };

  const choice = (key, name) => {
    const row = document.createElement("div");
    row.className = "choice";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", id: `${words.name}-${key}`, name: words.name, value: key });
    const text = Object.assign(document.createElement("label"), { htmlFor: box.id });
    text.append(Object.assign(document.createElement("bdi"), { textContent: name }));
    row.append(box, text);
    return row;
  };

  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.showMore, hidden: !more });
  picker.querySelector("[data-beyond]")?.remove();
  others.after(button);

  let asked = 0;
  const find = async (next) => {
    const own = asked += 1;
    const address = new URL(words.picker, window.location.href);
    address.searchParams.set("page", next);
    address.searchParams.set("page_size", 50);
    if (search?.value.trim()) address.searchParams.set("search", search.value.trim());
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (own !== asked || !answer.ok) return;
    const { pagination, results } = await answer.json();
    const shown = next === 1 ? [chosen] : [chosen, others];
    const known = new Set(shown.flatMap((list) => [...list.querySelectorAll("input")].map((box) => box.value)));
    const rows = results.map((row) => [String(row[words.key]), row[words.label]])
      .filter(([key]) => !known.has(key) && key !== words.own).map(([key, name]) => choice(key, name));
    if (next === 1) others.replaceChildren(...rows); else others.append(...rows);
    page = next;
    more = pagination.next > 0;
    button.hidden = !more;
    stop(others);
    status.textContent = words.found.replace("{count}", pagination.count);
    if (next > 1) rows[0]?.querySelector("input").focus();
  };
  button.addEventListener("click", () => find(page + 1));

  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    for (const row of others.querySelectorAll(".choice")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    stop(others);
    status.textContent = words.found.replace("{count}", boxes(others).length);
  };

  if (search) {
    // The search is not a value of the form.
    search.removeAttribute("name");
    picker.querySelector(".picker-search input[type=hidden]").remove();
    picker.querySelector(".picker-search button").remove();
    let wait;
    search.addEventListener("input", (event) => {
      event.stopPropagation();
      window.clearTimeout(wait);
      if (isPartial) wait = window.setTimeout(() => find(1), pause); else filter();
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "ArrowDown" && focus(others, 0)) event.preventDefault();
    });
  }

  picker.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox") return;
    const [from, to] = box.checked ? [others, chosen] : [chosen, others];
    const index = boxes(from).indexOf(box);
    const row = box.closest(".choice");
    if (box.checked) to.append(row); else to.prepend(row);
    stops();
    if (!focus(from, index)) (search ?? boxes(to)[0])?.focus();
    const count = boxes(chosen).length;
    status.textContent = (box.checked ? words.moved : words.removed).replace("{name}", label(box)).replace("{count}", count);
  });

  picker.addEventListener("keydown", (event) => {
    const list = event.target.closest("[data-chosen], [data-others]");
    if (!list) return;
    const all = boxes(list);
    const index = all.indexOf(event.target);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (next < 0 && list === others && search) search.focus(); else focus(list, next);
  });
  picker.addEventListener("focusin", (event) => {
    const list = event.target.closest("[data-chosen], [data-others]");
    if (list && event.target.type === "checkbox") stop(list, event.target);
  });
  stops();
}
