// Highlights Python and numbers its lines, in an element behind an ordinary text field.
const keywords = [
  "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda",
  "nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False",
].join("|");
const python = new RegExp([
  /(#[^\n]*)/.source,
  /((?:[rbuf]{0,2})(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/.source,
  `\\b(${keywords})\\b`,
  /\b(\d[\d_.]*)\b/.source,
].join("|"), "gi");
const colors = [, "comment", "string", "keyword", "number"];

function paint(line, text) {
  let end = 0;
  for (const match of text.matchAll(python)) {
    line.append(text.slice(end, match.index));
    const part = document.createElement("span");
    part.className = `code-${colors.find((_, group) => group > 0 && match[group] !== undefined)}`;
    part.textContent = match[0];
    line.append(part);
    end = match.index + match[0].length;
  }
  line.append(text.slice(end));
}

for (const field of document.querySelectorAll("textarea.code[data-python]")) {
  const editor = document.createElement("div");
  editor.className = "editor";
  const numbers = document.createElement("div");
  const picture = document.createElement("div");
  for (const part of [numbers, picture]) part.setAttribute("aria-hidden", "true");
  numbers.className = "editor-numbers";
  picture.className = "editor-picture";
  field.before(editor);
  editor.append(numbers, picture, field);
  // The word for a line is that of the page's language, and English in errors of the API.
  const line = new RegExp(`\\b(?:line|${field.dataset.line.replace(/\{.*/, "").trim()}) (\\d+)`, "gi");
  // Errors about an earlier text no longer count.
  let isChanged = false;
  const wrong = () => new Set([...document.querySelectorAll(isChanged ? "#preview .error" : `#${field.id}-error`)]
    .flatMap((error) => [...error.textContent.matchAll(line)]).map((match) => Number(match[1])));
  const show = () => {
    picture.textContent = "";
    paint(picture, field.value + "\n");
    const lines = wrong();
    numbers.replaceChildren(...field.value.split("\n").map((_, place) => {
      const number = document.createElement("span");
      number.textContent = place + 1;
      if (lines.has(place + 1)) number.className = "wrong";
      return number;
    }));
    scroll();
  };
  const scroll = () => {
    picture.style.transform = `translate(${-field.scrollLeft}px, ${-field.scrollTop}px)`;
    numbers.style.transform = `translateY(${-field.scrollTop}px)`;
  };
  field.addEventListener("input", () => { isChanged = true; show(); });
  field.addEventListener("scroll", scroll);
  document.addEventListener("tried", () => { isChanged = true; show(); });
  // A new line has the indentation of the line before it, and one level more after a colon.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const before = field.value.slice(0, field.selectionStart).split("\n").pop();
    const depth = before.match(/^ */)[0] + (/:\s*(#.*)?$/.test(before) ? "    " : "");
    event.preventDefault();
    document.execCommand("insertText", false, `\n${depth}`);
  });
  show();
}
