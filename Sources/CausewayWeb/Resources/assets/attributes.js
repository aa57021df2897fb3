// Shows attributes as rows of names and values, and writes them to the JSON that is sent.
for (const field of document.querySelectorAll("textarea[data-attributes]")) {
  const words = field.dataset;
  const table = document.createElement("div");
  table.className = "attributes";
  const read = () => {
    try {
      const text = field.value || "{}";
      const value = JSON.parse(text);
      // A value that the rows would change, such as a number too long for a script, is edited as JSON.
      const isSame = JSON.stringify(value) === text.replace(/("(?:\\.|[^"\\])*")|\s+/g, "$1") && !("" in Object(value));
      return isSame && value && typeof value === "object" && !Array.isArray(value) ? value : null;
    } catch { return null; }
  };
  const text = (value) => (typeof value === "string" && !/^(true|false|null|-?\d|[\[{"])/.test(value) ? value : JSON.stringify(value));
  const value = (typed) => { try { return JSON.parse(typed); } catch { return typed; } };
  const write = () => {
    const all = {};
    for (const row of table.querySelectorAll(".attribute")) {
      const [name, content] = row.querySelectorAll("input");
      if (name.value) all[name.value] = value(content.value);
    }
    field.value = JSON.stringify(all, null, 2);
  };
  const form = field.closest("form");
  let count = 0;
  const add = (name, content) => {
    const row = document.createElement("div");
    row.className = "attribute";
    count += 1;
    for (const [label, shown] of [[words.name, name], [words.value, content]]) {
      const input = document.createElement("input");
      input.value = shown;
      input.setAttribute("aria-label", `${label} ${count}`);
      input.placeholder = label;
      input.addEventListener("input", write);
      row.append(input);
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = words.remove;
    remove.setAttribute("aria-label", `${words.remove} ${count}`);
    remove.addEventListener("click", () => { row.remove(); write(); form?.dispatchEvent(new Event("input")); more.focus(); });
    row.append(remove);
    more.before(row);
    return row;
  };
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = words.add;
  more.addEventListener("click", () => add("", "").querySelector("input").focus());
  const present = read();
  if (present) {
    table.append(more);
    field.before(table);
    for (const [name, content] of Object.entries(present)) add(name, text(content));
    const json = document.createElement("details");
    json.append(Object.assign(document.createElement("summary"), { textContent: words.json }));
    table.after(json);
    json.append(field);
    field.addEventListener("input", () => {
      const changed = read();
      if (!changed) return;
      table.querySelectorAll(".attribute").forEach((row) => row.remove());
      for (const [name, content] of Object.entries(changed)) add(name, text(content));
    });
  }
}
