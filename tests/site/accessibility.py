"""Barriers on the page that a tab shows, by Chromium's own accessibility tree and computed colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pytest loads it as a plugin, first
    from tests.site.browser import Browser

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
WIDTH = 360
CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "img"}

STRUCTURE = """
const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
const broken = [...document.querySelectorAll('[aria-describedby], [aria-errormessage], label[for]')]
  .flatMap((node) => ['aria-describedby', 'aria-errormessage', 'for'].map((name) => node.getAttribute(name)))
  .filter((id) => id && !document.getElementById(id));
return [
  ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two of #${id}`),
  ...broken.map((id) => `no #${id}`),
  ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']),
  ...(document.title && document.documentElement.lang ? [] : ['no title or language']),
];"""

CONTRAST = """
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
  .map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
  .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
const behind = (node) => {
  const colour = getComputedStyle(node).backgroundColor;
  return (parts(colour)[3] ?? 1) > 0 || !node.parentElement ? colour : behind(node.parentElement);
};
return [...document.querySelectorAll('main *, #masthead *, #footer *')]
  .filter((node) => node.checkVisibility() && !node.closest('.unseen, .skip, :disabled')
    && [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim()))
  .map((node) => [node, light(getComputedStyle(node).color), light(behind(node))])
  .map(([node, a, b]) => [node, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)])
  .filter(([, ratio]) => ratio < arguments[0])
  .map(([node, ratio]) => `contrast of ${ratio.toFixed(2)}: ${node.textContent.trim().slice(0, 40)}`);"""


def barriers(browser: Browser) -> list[str]:
    """Controls without a name, broken references, missing structure, pale text in light and dark, and a page
    that is wider than a phone."""
    found = [*_unnamed(browser), *browser.run(STRUCTURE)]
    for scheme in ("dark", "light"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        found += [f"{scheme}: {line}" for line in browser.run(CONTRAST, LEAST_CONTRAST)]
    if browser.run("return document.documentElement.scrollWidth") > WIDTH:
        found.append("wider than a phone")
    return found


def _unnamed(browser: Browser) -> list[str]:
    nodes = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [f"{_value(node, 'role')} without a name" for node in nodes if _is_unnamed(node)]


def _is_unnamed(node: dict[str, Any]) -> bool:
    return not node["ignored"] and _value(node, "role") in CONTROLS and not _value(node, "name")


def _value(node: dict[str, Any], name: str) -> str:
    return str(node.get(name, {}).get("value", "")).lower()
