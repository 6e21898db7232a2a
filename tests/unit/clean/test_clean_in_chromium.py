"""The judge that counts: what a real browser makes of every clean body of the XSS corpus.

Each body is put into a live page by `innerHTML`, serialised and put in once more (what mutation
XSS lives on), parsed as a document of its own, and its links are clicked. All network is refused.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from aggregator.clean.body import clean_body
from aggregator.model.entries import RawText
from aggregator.text import policy
from aggregator.text.markup import sanitize
from tests.support.bodies import EMBEDS, xss_payloads
from tests.support.entries import BASE, cleaning
from tests.support.shared import require

CHROMIUM = shutil.which("chromium") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
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


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page of a browser that reaches nothing."""
    require("chromium", present=bool(CHROMIUM))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        page.set_content("<!doctype html><title>judge</title><body></body>")
        yield page
        browser.close()


def _judge(page: Any, bodies: list[str]) -> list[Any]:
    policy_for_page = {
        "tags": [*policy.TAGS, policy.EMBED],
        "attributes": {tag: list(names) for tag, names in policy.ATTRIBUTES.items()},
        "embed": list(policy.EMBED_ATTRIBUTES),
        "schemes": [f"{scheme}:" for scheme in policy.LINK_SCHEMES],
    }
    return list(page.evaluate(JUDGE, {"bodies": bodies, **policy_for_page}))


def test_the_judge_sees(page: Any) -> None:
    """Raw payloads do run in this page, so that silence means something."""
    raw = ["<img src=x: onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>']
    findings = _judge(page, raw)
    assert {found[0] for found in findings} >= {-1, 0, 1}


@pytest.mark.parametrize("sanitizer", ["bleach", "nh3"])
def test_nothing_runs(page: Any, sanitizer: str) -> None:
    """No clean body runs anything, holds anything off the policy, or changes when read again."""
    how = cleaning("nh3" if sanitizer == "nh3" else "bleach")
    payloads = set(xss_payloads())
    cleaned = {clean_body(RawText(payload), BASE, (), how).html for payload in payloads}
    # The sanitizer must hold alone, too: a step before it that fails must not open the door.
    alone = {sanitize(payload, how.clean.sanitizer, EMBEDS) for payload in payloads}
    bodies = sorted(cleaned | alone)
    assert len(bodies) > 400
    for start in range(0, len(bodies), BATCH):
        batch = bodies[start : start + BATCH]
        findings = _judge(page, batch)
        assert findings == [], [batch[found[0]] for found in findings[:3]]
