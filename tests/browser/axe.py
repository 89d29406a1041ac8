"""What axe says of a page: the rules of WCAG 2.2, levels A and AA."""

from pathlib import Path

from .screen import Screen

SOURCE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = ("light", "dark")
RUN = """async (levels) => {
  // Menus stand at the end of the document, outside of its parts: a habit of axe's makers, no rule of WCAG.
  const rules = { region: { enabled: false } };
  const { violations } = await axe.run(document, { runOnly: levels, rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => [id, html.slice(0, 200), failureSummary].join(" | ")));
}"""


async def is_accessible(screen: Screen, where: str) -> None:
    """In both schemes; collects all problems before it fails."""
    found: list[str] = []
    for scheme in SCHEMES:
        await screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # By the debugger, which the page's security policy does not concern.
        await screen.page.evaluate(SOURCE.read_text(encoding="utf-8"))
        found += [f"{where}, {scheme}: {problem}" for problem in await screen.page.evaluate(RUN, LEVELS)]
    assert not found, "\n".join(found)
