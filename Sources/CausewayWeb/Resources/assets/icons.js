const svg = "http://www.w3.org/2000/svg";

// An icon of the sprite, for a control that a script adds.
export function icon(name) {
  const picture = document.createElementNS(svg, "svg");
  picture.classList.add("icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  picture.append(use);
  return picture;
}
