"""What is wrong with a page for those who cannot see, point or widen well: axe's findings, and measures of our own."""

from __future__ import annotations

from playwright.sync_api import Frame

from tests.judges import AXE

# axe runs in the page's own world over the debugging protocol, so the content policy stays as it is.
ASK_AXE = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}`));
}"""

# What sticks to an edge covers half of whatever happens to lie below it; scrolling brings that out again.
UNSTICK = """() => {
  for (const it of document.querySelectorAll(".sticky-bar, .quiz-head")) it.style.position = "static";
}"""

MEASURE = """() => {
  const page = document.documentElement, found = [];
  if (page.scrollWidth > page.clientWidth) {
    const widest = [...document.body.querySelectorAll("*")]
      .filter(it => it.getBoundingClientRect().right > page.clientWidth + 1 && !it.closest(".for-listeners"))
      .map(it => it.outerHTML.slice(0, 100));
    found.push(`scrolls sideways, ${page.scrollWidth} in ${page.clientWidth}: ${widest.slice(0, 3).join(" | ")}`);
  }
  const isShown = it => it.checkVisibility({visibilityProperty: true}) && !it.closest(".for-listeners")
    && getComputedStyle(it).clipPath === "none";
  const isInText = it => it.matches("a") && getComputedStyle(it).display === "inline"
    && it.parentElement.textContent.trim() !== it.textContent.trim();
  for (const it of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!isShown(it) || isInText(it)) continue;
    // A label is part of the target of its control.
    const boxes = [it, ...(it.labels ?? [])].map(each => each.getBoundingClientRect());
    const width = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left));
    const height = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top));
    if (width < 23.99 || height < 23.99) {
      found.push(`target of ${Math.round(width)} by ${Math.round(height)}: ${it.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
}"""


def faults_of(frame: Frame) -> list[str]:
    """Everything axe and our own measures find on the page that stands in this frame now."""
    frame.wait_for_load_state()
    if not frame.evaluate("() => 'axe' in window"):
        frame.evaluate(AXE.read_text("utf-8"))
    frame.evaluate(UNSTICK)
    return [*frame.evaluate(ASK_AXE), *frame.evaluate(MEASURE)]
