"""The judge that counts: a real browser that says what markup does and what it is made of.

Bodies are put into a live page by `innerHTML`, serialised and put in once more (what mutation XSS
lives on), parsed as a document of their own, and their links are clicked. All network is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from aggregator.text import policy
from tests.support.browser import chromium

BATCH = 250

JUDGE = """
async ({ bodies, tags, attributes, embed, schemes }) => {
  const findings = [];
  window.hits = 0;
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = () => { window.hits += 1; };
  const stay = (event) => {
    const link = event.target.closest("a");
    if (link && !/^(javascript|data|vbscript|blob):$/.test(link.protocol)) event.preventDefault();
  };
  window.addEventListener("click", stay);
  const walk = (root, index, how) => {
    for (const element of root.querySelectorAll("*")) {
      const tag = element.localName;
      if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !tags.includes(tag))
        findings.push([index, how, `element ${element.nodeName}`]);
      const allowed = tag === "iframe" ? embed : [...attributes["*"], ...(attributes[tag] || [])];
      for (const { name, value } of element.attributes) {
        if (!allowed.includes(name)) findings.push([index, how, `${tag} ${name}=${value}`]);
        if (["href", "src", "poster"].includes(name)) {
          let scheme = "unreadable";
          try { scheme = new URL(value, "bad:").protocol; } catch { }
          if (!schemes.includes(scheme)) findings.push([index, how, `${tag} ${name}=${value}`]);
        }
      }
    }
  };
  const place = document.createElement("div");
  document.body.append(place);
  for (const [index, body] of bodies.entries()) {
    const before = window.hits;
    place.innerHTML = body;
    walk(place, index, "live");
    const first = place.innerHTML;
    place.innerHTML = first;
    walk(place, index, "again");
    if (place.innerHTML !== first) findings.push([index, "again", "it changes"]);
    walk(new DOMParser().parseFromString(body, "text/html").body, index, "document");
    for (const link of place.querySelectorAll("a, summary, img")) {
      link.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      link.click();
    }
    if (window.hits !== before) findings.push([index, "live", "it ran"]);
  }
  await new Promise((done) => setTimeout(done, 50));
  place.remove();
  if (window.hits) findings.push([-1, "batch", `${window.hits} executions`]);
  return findings;
}
"""

RUNS = """
async (texts) => {
  const findings = [];
  window.hits = 0;
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = () => { window.hits += 1; };
  const place = document.createElement("div");
  document.body.append(place);
  for (const [index, text] of texts.entries()) {
    place.innerHTML = text;
    const first = place.innerHTML;
    place.innerHTML = first;
    for (const element of place.querySelectorAll("*"))
      for (const { name, value } of element.attributes)
        if (value) findings.push([index, `${element.localName} ${name}`]);
  }
  await new Promise((done) => setTimeout(done, 50));
  place.remove();
  if (window.hits) findings.push([-1, `${window.hits} executions`]);
  return findings;
}
"""
"""For plain text that somebody takes for HTML: without attributes nothing in it runs or loads."""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page of a browser that reaches nothing."""
    with chromium() as browser:
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        page.set_content("<!doctype html><title>judge</title><body></body>")
        yield page


def judge(page: Any, bodies: Sequence[str]) -> list[Any]:
    """What is wrong with clean bodies: (number, how it was read, what), nothing if all is well."""
    policy_for_page = {
        "tags": [*policy.TAGS, policy.EMBED],
        "attributes": {tag: list(names) for tag, names in policy.ATTRIBUTES.items()},
        "embed": list(policy.EMBED_ATTRIBUTES),
        "schemes": [f"{scheme}:" for scheme in policy.LINK_SCHEMES],
    }
    return list(page.evaluate(JUDGE, {"bodies": list(bodies), **policy_for_page}))


def run(page: Any, texts: Sequence[str]) -> list[Any]:
    """What plain texts do where somebody takes them for HTML; nothing if all is well."""
    return list(page.evaluate(RUNS, list(texts)))
