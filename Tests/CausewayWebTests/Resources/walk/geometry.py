"""What is drawn at the present size of a page: nothing sticks out, is cut, lies on something else, or breaks within a word."""

FAULTS = r"""
() => {
  const faults = new Set();
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) faults.add(`the page is ${page.scrollWidth} wide`);

  const styles = new Map();
  const style = (e) => styles.get(e) ?? styles.set(e, getComputedStyle(e)).get(e);
  const up = function* (e) { for (; e && e !== page; e = e.parentElement) yield e; };
  // Texts for screen readers alone are clipped to a pixel, and menus and lists of suggestions lie on the page.
  const hidden = new Map();
  const isOffPage = (e) => {
    if (!e || e === page) return false;
    if (!hidden.has(e)) {
      const { clipPath, position, zIndex } = style(e);
      const lies = e.matches("[role=listbox], .panel, .skip, .editor") || (position === "absolute" && Number(zIndex) >= 6);
      hidden.set(e, clipPath !== "none" || lies || isOffPage(e.parentElement));
    }
    return hidden.get(e);
  };
  const name = (e) => `${e.localName}${e.id ? "#" + e.id : ""}${[...e.classList].map((c) => "." + c).join("")}`;
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);

  // The part of a rectangle that no scroller or clipping box hides.
  const seen = (rect, e) => {
    let { left, right, top, bottom } = rect;
    for (const box of up(e)) {
      const { overflowX, overflowY, position } = style(box);
      const outer = box.getBoundingClientRect();
      if (overflowX !== "visible") { left = Math.max(left, outer.left); right = Math.min(right, outer.right); }
      if (overflowY !== "visible") { top = Math.max(top, outer.top); bottom = Math.min(bottom, outer.bottom); }
      if (position === "fixed") break;
    }
    return { left, right, top, bottom };
  };

  const drawn = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || e.closest("script, style, svg, textarea, option, datalist") || !e.checkVisibility() || isOffPage(e)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 0.5 && rect.height > 0.5);
    for (const rect of rects) {
      const part = seen(rect, e);
      if (part.right - part.left > 1 && part.bottom - part.top > 1) drawn.push({ e, text: short(node.data), ...part });
    }
    // A word of letters alone is never broken; a compound may break at its hyphens, also at soft ones. Han characters may break anywhere, and so may
    // JSON.
    if (new Set(rects.map((rect) => Math.round(rect.top))).size > 1 && !e.closest("code, pre")) {
      for (const match of node.data.matchAll(/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u00AD’'-]+/gu)) {
        const [before, after] = [node.data[match.index - 1] ?? " ", node.data[match.index + match[0].length] ?? " "];
        if (/[\p{N}@_\/.=:"]/u.test(before) || /[\p{N}@_\/="]/u.test(after) || /\p{Ll}\p{Lu}/u.test(match[0])) continue;
        for (const part of match[0].matchAll(/[^\u00AD-]{2,}/g)) {
          if (part[0].length > 30) continue;
          const lines = new Set();
          for (let place = match.index + part.index; place < match.index + part.index + part[0].length; place += 1) {
            range.setStart(node, place);
            range.setEnd(node, place + 1);
            // The hyphen of a soft hyphen before a letter is a rectangle of that letter.
            const last = [...range.getClientRects()].pop();
            if (last) lines.add(Math.round(last.top));
          }
          if (lines.size > 1) faults.add(`“${part[0]}” is broken in ${name(e)} in ${name(e.closest("td, th, dd, dt, li, p") ?? e)}`);
        }
      }
    }
    // Text stays in the box of its block.
    const block = [...up(e)].find((box) => !["inline", "contents"].includes(style(box).display));
    const outer = block.getBoundingClientRect();
    for (const rect of rects) {
      const room = style(block).overflowX;
      const isOut = rect.right > outer.right + 2 || rect.left < outer.left - 2;
      if (room === "visible" && isOut) faults.add(`“${short(node.data)}” sticks out of ${name(block)}`);
    }
  }

  // Cut: more than there is room for, and neither a way to scroll nor the whole text in a title.
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg") || !e.checkVisibility() || isOffPage(e)) continue;
    const { overflowX, overflowY } = style(e);
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    const isCut = (cuts(overflowX) && e.scrollWidth > e.clientWidth + 1) || (cuts(overflowY) && e.scrollHeight > e.clientHeight + 2);
    if (isCut && e.textContent.trim() && !e.closest("[title]")) faults.add(`“${short(e.textContent)}” is cut in ${name(e)}`);
    const isFull = e.matches("button, .button, select, .state") && e.scrollWidth > e.clientWidth + 1;
    if (isFull) faults.add(`“${short(e.textContent)}” is too long for ${name(e)}`);
  }

  // Controls without words of their own.
  const worded = new Set(drawn.map((one) => one.e.closest("a, button")));
  for (const e of document.body.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")) {
    if (!e.checkVisibility() || isOffPage(e) || worded.has(e)) continue;
    // The area to press around an icon is larger than what is seen.
    const rect = seen((e.querySelector("svg") ?? e).getBoundingClientRect(), e);
    if (rect.right - rect.left > 1 && rect.bottom - rect.top > 1) drawn.push({ e, text: name(e), isControl: true, ...rect });
  }
  // Of each two, neither lies on the other. Lines may touch.
  drawn.sort((one, other) => one.top - other.top);
  const inset = (one) => (one.isControl ? 1 : (one.bottom - one.top) * 0.22);
  drawn.forEach((one, index) => {
    for (let next = index + 1; next < drawn.length; next += 1) {
      const other = drawn[next];
      if (other.top + inset(other) >= one.bottom - inset(one)) { if (other.top >= one.bottom) break; continue; }
      if (Math.min(one.right, other.right) - Math.max(one.left, other.left) < 2) continue;
      if (one.e.contains(other.e) || other.e.contains(one.e) || isSticky(one.e) !== isSticky(other.e)) continue;
      faults.add(`“${one.text}” and “${other.text}” lie on each other`);
    }
  });
  function isSticky(e) {
    return [...up(e)].some((box) => style(box).position === "sticky");
  }
  return [...faults];
}
"""


def faults(page, name, width):
    """What is wrong with a page at a width."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("window.scrollTo(0, 0)")
    return [f"{name} at {width}: {fault}" for fault in page.evaluate(FAULTS)]
