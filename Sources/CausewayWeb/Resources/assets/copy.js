import { icon } from "./icons.js";

// Puts a button after each value that people copy. Browsers allow it on secure pages only.
export function addCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const value of root.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.title = value.dataset.copy;
    button.setAttribute("aria-label", `${value.dataset.copy}: ${value.textContent}`);
    button.append(icon("copy"));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value.textContent.trim());
      button.classList.add("copied");
      button.replaceChildren(icon("in_sync"));
    });
    value.after(button);
  }
}

addCopyButtons(document);
