"""What results come to: figures, a table for people, and the same for programs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

import msgspec

from havana.evaluate.cases import Placed
from havana.evaluate.metrics import Figure, auroc, detection, percentile, share
from havana.evaluate.results import Result

Articles = Mapping[str, tuple[str, str]]
"""Title and path by id."""
_SHARES = "escalation, F1", "known from unknown (AUROC)"
_WIDTH = 34


class Named(msgspec.Struct, frozen=True):
    """A figure by its name."""

    name: str
    figure: Figure


class Report(msgspec.Struct, frozen=True):
    """All figures. Times are in milliseconds; tokens are None where no model counted them."""

    model: str
    articles: int
    cases: int
    failed: int
    figures: list[Named]
    first_word_ms: dict[str, float | None]
    tokens: dict[str, int] | None
    results: list[dict[str, object]]


def without_article(cases: Sequence[Placed], articles: Articles) -> Placed | None:
    """The first case that names an article which is not there."""
    return next((c for c in cases if c.case.article is not None and not _meant(c.case.article, articles)), None)


def report(model: str, results: Sequence[Result], articles: Articles) -> Report:
    """`results` as they came."""
    times = [result.first_word_s * 1000 for result in results if result.first_word_s is not None]
    counted = [result.tokens for result in results if result.tokens is not None]
    return Report(
        model=model,
        articles=len(articles),
        cases=len(results),
        failed=sum(result.did == "failed" for result in results),
        figures=[Named(name, figure) for name, figure in _figures(results, articles)],
        first_word_ms={"p50": _rounded(percentile(times, 0.5)), "p95": _rounded(percentile(times, 0.95))},
        tokens={"input": sum(i for i, _ in counted), "output": sum(o for _, o in counted)} if counted else None,
        results=[_plain(result, articles) for result in results],
    )


def table(report: Report) -> Iterator[str]:
    """Lines to print."""
    yield f"{report.model}: {report.cases} cases, {report.articles} articles"
    yield ""
    yield f"{'':{_WIDTH}}  value   95 % interval   cases"
    for named in report.figures:
        yield f"{named.name:{_WIDTH}}{_shown(named)}".rstrip()
    first, last = report.first_word_ms["p50"], report.first_word_ms["p95"]
    yield ""
    if first is not None and last is not None:
        yield f"{'time to the first word':{_WIDTH}}p50 {first:.0f} ms, p95 {last:.0f} ms"
    if report.tokens is not None:
        yield f"{'tokens':{_WIDTH}}{report.tokens['input']} read, {report.tokens['output']} written"
    if report.failed:
        yield f"{'failed':{_WIDTH}}{report.failed} of {report.cases}"


def wrong(result: Result, articles: Articles) -> str | None:
    """A line about a case that did not come out as expected."""
    case = result.case
    if result.did != case.expect and not (case.expect == "offer" and result.offered):
        why = f": {result.problem}" if result.problem else ""
        return f"{result.placed.where}: {result.did} in place of {case.expect}{why}: {case.text}"
    if case.article is not None and result.found[:1] != [*_meant(case.article, articles)][:1]:
        first = articles[result.found[0]][0] if result.found else "nothing"
        return f"{result.placed.where}: found {first} before {case.article}: {case.text}"
    return None


def _figures(results: Sequence[Result], articles: Articles) -> Iterator[tuple[str, Figure]]:
    escalated = detection([(r.case.expect == "escalate", r.did == "escalate") for r in results])
    known = [r for r in results if r.case.expect == "answer"]
    unknown = [r for r in results if r.case.expect == "unknown"]
    asked = [r for r in results if r.case.expect == "offer"]
    placed = [(r, _meant(r.case.article, articles)) for r in results if r.case.article is not None]
    yield "escalation, precision", escalated.precision
    yield "escalation, recall", escalated.recall
    yield "escalation, F1", escalated.f1
    yield "offers", share(sum(r.offered for r in results), len(results))
    yield "offers where one is expected", share(sum(r.offered for r in asked), len(asked))
    yield "answered, of what has an answer", _done("answer", known)
    yield "answered, of what has none", _done("answer", unknown)
    yield "right article first", share(sum(bool(ids & {*r.found[:1]}) for r, ids in placed), len(placed))
    yield "right article among first three", share(sum(bool(ids & {*r.found[:3]}) for r, ids in placed), len(placed))
    yield "known from unknown (AUROC)", auroc([r.score for r in known], [r.score for r in unknown])


def _done(what: str, results: Sequence[Result]) -> Figure:
    return share(sum(result.did == what for result in results), len(results))


def _meant(name: str, articles: Articles) -> frozenset[str]:
    """The articles (ids) with this title, or else with a path that ends so."""
    titled = {id_ for id_, (title, _) in articles.items() if title.casefold() == name.casefold()}
    wanted = PurePath(name).parts
    return frozenset(
        titled or {id_ for id_, (_, path) in articles.items() if PurePath(path).parts[-len(wanted) :] == wanted}
    )


def _shown(named: Named) -> str:
    figure = named.figure
    if figure.value is None or figure.low is None or figure.high is None:
        return "      -"
    if named.name in _SHARES:
        return f"{figure.value:7.3f}  {figure.low:6.3f} … {figure.high:5.3f} {figure.of:6}"
    return f"{figure.value:7.1%}  {figure.low:6.1%} … {figure.high:<6.1%}{figure.of:6}"


def _plain(result: Result, articles: Articles) -> dict[str, object]:
    return {
        "where": result.placed.where,
        "text": result.case.text,
        "expect": result.case.expect,
        "did": result.did,
        "offered": result.offered,
        "article": result.case.article,
        "found": [articles[id_][0] for id_ in result.found[:3] if id_ in articles],
        "score": result.score,
        "first_word_ms": _rounded(result.first_word_s and result.first_word_s * 1000),
        "reply": result.text,
        "problem": result.problem,
    }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 2)
