"""The keyboard alone. Every stop of the Tab key is seen: it has an outline, and nothing lies on it."""

FOCUS = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  const rect = e.getBoundingClientRect();
  const top = document.elementFromPoint(rect.left + Math.min(rect.width / 2, 20), rect.top + Math.min(rect.height / 2, 10));
  const isOwn = (part) => e.contains(part) || part.contains(e) || [...(e.labels ?? [])].some((label) => label.contains(part));
  const isCovered = top && !isOwn(top);
  return {
    words: (e.labels?.[0]?.textContent ?? e.getAttribute("aria-label") ?? e.textContent).trim().replace(/\\s+/g, " ").slice(0, 80),
    id: e.id, html: e.outerHTML.slice(0, 160),
    isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    isInView: rect.bottom > 0 && rect.top < innerHeight && rect.right > 0 && rect.left < innerWidth && !isCovered,
  };
}
"""
STOPS = 140


class Keys:
    def __init__(self, page):
        self.page = page

    def focus(self):
        return self.page.evaluate(FOCUS) or {"words": "", "id": "", "isSeen": True, "isInView": True, "html": ""}

    def press(self, key):
        self.page.keyboard.press(key)

    def type(self, text):
        """Types into the field that has the focus, in place of what is there."""
        self.press("Control+a")
        self.page.keyboard.type(text)

    def tab(self, key="Tab"):
        self.press(key)
        focus = self.focus()
        assert focus["isSeen"], f"{self.page.url}: the focus is not seen on {focus['html']}"
        assert focus["isInView"], f"{self.page.url}: the focus is out of sight on {focus['html']}"
        return focus

    def to(self, wanted):
        """Tabs to the control with an id (`#name`) or with these words."""
        for _ in range(STOPS):
            focus = self.focus()
            if wanted in (f"#{focus['id']}", focus["words"]):
                return
            self.tab()
        raise AssertionError(f"{self.page.url}: the Tab key does not reach {wanted}, but {self.focus()['html']}")

    def follow(self, wanted, key="Enter"):
        """Tabs to a link or button, and leaves the page with it."""
        self.to(wanted)
        with self.page.expect_navigation():
            self.press(key)

    def fill(self, **fields):
        for name, text in fields.items():
            self.to(f"#{name}")
            self.type(text)

    def errors(self):
        """After a form that has errors, the focus is on their summary."""
        assert self.page.evaluate("document.activeElement.matches('.problems')"), self.focus()["html"]
        assert self.page.title().startswith("Error: "), self.page.title()
