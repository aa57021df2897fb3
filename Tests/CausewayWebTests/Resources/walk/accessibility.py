"""axe-core on a page, and the parts that every page has."""

import json

from axe_playwright_python.sync_playwright import Axe

SCRIPT = Axe().axe_script
RUN = """
async (rules) => {
  const { violations } = await axe.run({ resultTypes: ["violations"], ...rules });
  return violations.map((found) => [found.id, found.nodes.map((node) => node.html.slice(0, 160))]);
}
"""
COLORS = ("color-contrast", "link-in-text-block")


def violations(page, name, **rules):
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return [f"{name}: {rule} in {json.dumps(nodes, ensure_ascii=False)}" for rule, nodes in page.evaluate(RUN, rules)]


def in_colors(page, name):
    """What a theme breaks."""
    return violations(page, name, runOnly={"type": "rule", "values": list(COLORS)})


def in_words(page, name):
    """What a language breaks."""
    return violations(page, name, rules={rule: {"enabled": False} for rule in COLORS})


def check_parts(page, name, language=None):
    """One heading of the first level, a title, a language, and the landmarks."""
    parts = page.evaluate(
        """() => ({
          headings: document.querySelectorAll("h1").length,
          title: document.title,
          language: document.documentElement.lang,
          landmarks: ["main", "body > header"].map((part) => document.querySelectorAll(part).length),
          isNamed: [...document.querySelectorAll("nav, header form")].every((part) => part.matches("[aria-label], [aria-labelledby], .panel *")),
        })"""
    )
    assert parts["headings"] == 1, f"{name} has {parts['headings']} headings"
    assert parts["title"].endswith(" – Causeway") and len(parts["title"]) > 12, f"{name}: {parts['title']}"
    assert parts["language"] == language or (language is None and parts["language"] in ("en", "de")), f"{name}: {parts['language']}"
    assert parts["landmarks"] == [1, 1], f"{name}: {parts['landmarks']}"
    assert parts["isNamed"], f"{name} has a navigation or search without a name"
