"""The accessibility tree of a page as Chromium gives it to a screen reader, as text that people can read:

    heading 1 "Create Microsoft Entra Provider"
    textbox "Client ID" [required, invalid] described "Enter the client ID."

Expected outlines are files in `outlines`. With `outlines` on standard input, a folder, they are written there.
"""

import difflib
import json
import pathlib
import re

from walk.server import EXPRESSION, ORIGIN, OUTLINES, TENANT

EXPECTED = pathlib.Path(__file__).parent / "outlines"
# What a screen reader does not say, or says as a part of something else.
SILENT = {
    "generic", "none", "InlineTextBox", "LineBreak", "ListMarker", "RootWebArea", "MenuListPopup", "image", "strong", "emphasis", "rowgroup",
    "paragraph", "code", "time", "mark", "insertion", "deletion",
}
# Texts that are the names of a control, a group or a table, and so are told there.
PARTS_OF_NAMES = {"LabelText", "Legend", "caption"}
NAMED_BY_TEXT = {"link", "button", "heading", "option", "DisclosureTriangle", "cell", "rowheader", "columnheader", "term", "checkbox", "radio"}
STATES = (
    "invalid", "required", "disabled", "expanded", "checked", "pressed", "selected", "readonly", "multiline", "hasPopup", "autocomplete", "live",
    "keyshortcuts", "busy",
)
UNSAID = (False, "false", None, "none", "")


def check(page, name, part="main"):
    """Compares the outline of a page, or of its part with a role, with the expected one."""
    found = outline(page, part)
    if OUTLINES:
        pathlib.Path(OUTLINES, f"{name}.txt").write_text(found, encoding="utf-8")
        return
    expected = (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")
    lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), f"{name}, expected", f"{name}, found", lineterm="")
    assert found == expected, "\n".join(lines)


def outline(page, part):
    client = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in client.send("Accessibility.getFullAXTree")["nodes"]}
    current = currents(client)
    client.detach()
    lines = [f"title {quoted(page.title())}"]
    top = next(node for node in nodes.values() if value(node, "role") == "RootWebArea")
    if part:
        top = next(node for node in nodes.values() if value(node, "role") == part and not node["ignored"])
    write(top, nodes, current, 0, lines)
    return "\n".join(lines) + "\n"


def currents(client):
    """The nodes with `aria-current`, which the protocol's tree leaves out."""
    root = client.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = client.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[aria-current]"})["nodeIds"]
    described = [client.send("DOM.describeNode", {"nodeId": node})["node"] for node in found]
    return {node["backendNodeId"]: node["attributes"][node["attributes"].index("aria-current") + 1] for node in described}


def value(node, name):
    return node.get(name, {}).get("value", "")


def write(node, nodes, current, depth, lines):
    role, name = value(node, "role"), value(node, "name")
    if role in PARTS_OF_NAMES and not node["ignored"]:
        return
    isTold = not node["ignored"] and role not in SILENT
    if isTold and role == "StaticText":
        if name.strip():
            lines.append("  " * depth + "text " + quoted(name))
        return
    if isTold:
        lines.append("  " * depth + told(node, role, name, current))
    if isTold and is_said_by_name(node, role, name, nodes):
        return
    children = [nodes[child] for child in node.get("childIds", []) if child in nodes]
    # How many runs there were depends on how quickly one followed another: of their table, the caption and the head are enough.
    for child in children[:2] if (role, name) == ("table", "Runs") else children:
        write(child, nodes, current, depth + isTold, lines)


def is_said_by_name(node, role, name, nodes):
    """Whether there is nothing below a node but the text that is its name or its value."""
    if role in ("textbox", "searchbox", "combobox"):
        return not has_role(node, nodes, "option")
    has_control = has_role(node, nodes, "link", "button", "textbox", "checkbox", "combobox")
    return role == "term" or role in NAMED_BY_TEXT and bool(name) and not has_control


def has_role(node, nodes, *roles):
    below = [nodes[child] for child in node.get("childIds", []) if child in nodes]
    return any(value(child, "role") in roles and not child["ignored"] or has_role(child, nodes, *roles) for child in below)


def told(node, role, name, current):
    properties = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    words = [{"DisclosureTriangle": "summary"}.get(role, role)]
    if role == "heading":
        words.append(str(properties.get("level")))
    if name.strip():
        words.append(quoted(name))
    said = [state for state in STATES if properties.get(state) not in UNSAID]
    states = [state if properties[state] in (True, "true") else f"{state} {properties[state]}" for state in said]
    if "checked" in properties and properties["checked"] in UNSAID:
        states.append("not checked")
    if "expanded" in properties and properties["expanded"] in UNSAID:
        states.append("collapsed")
    if node.get("backendDOMNodeId") in current:
        states.append(f"current {current[node['backendDOMNodeId']]}")
    if states:
        words.append(f"[{', '.join(states)}]")
    if value(node, "value") not in UNSAID and role not in ("progressbar",):
        words.append("value " + quoted(str(value(node, "value"))))
    if value(node, "description"):
        words.append("described " + quoted(value(node, "description")))
    return " ".join(words)


def quoted(text):
    """The text without what is another one in each test."""
    text = text.replace(EXPRESSION, "{expression}").replace(ORIGIN, "{origin}")
    for name in ("client_id", "tenant_id", "graph_endpoint", "login_endpoint"):
        text = text.replace(TENANT[name], "{" + name + "}")
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "{id}", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "{uid}", text)
    text = re.sub(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}(, \d\d:\d\d(:\d\d)?)?", "{time}", text)
    text = re.sub(r"just now|in a moment|(in )?\d+ (second|minute|hour)s?( ago)?\b", "{time}", text)
    text = re.sub(r"\bat minute \d+", "at minute {minute}", text)
    return json.dumps(re.sub(r"\s+", " ", text).strip(), ensure_ascii=False)
