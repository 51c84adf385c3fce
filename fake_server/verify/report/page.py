"""The report as one self-contained HTML page."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from fake_server.verify.layers.outcomes import (
    BehaviourFailure,
    BehaviourFinding,
    NotShownReason,
    OperationFinding,
    OperationVerdict,
    Verdict,
)
from fake_server.verify.run.run_report import Report

_CLASSES = {verdict: verdict.value.replace(" ", "-") for verdict in Verdict}
_STYLE = Path(__file__).with_name("page.css")


def as_html(reports: Sequence[Report]) -> str:
    """Return the report as a page: what is broken first, then each API's layers."""
    verdict = "broken" if any(report.broken for report in reports) else "held"
    title = "Contract report: " + ", ".join(report.title for report in reports)
    body = "".join(_api(report) for report in reports)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
        f'<body class="{verdict}"><main>{body}</main></body></html>\n'
    )


def _extent(report: Report) -> str:
    if report.exchanges is not None:
        return f"{report.exchanges} recorded exchanges"
    limit = "" if report.max_requests is None else f" of at most {report.max_requests}"
    return f"{report.requests}{limit} requests"


def _api(report: Report) -> str:
    facts = [
        ("Target", report.target),
        ("Held to", f"the {report.profile} profile"),
        ("Began", report.began.strftime("%Y-%m-%d %H:%M:%S UTC")),
        ("Took", f"{report.seconds:.1f} s, {_extent(report)}"),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    notes = "".join(
        f'<p class="notice">{escape(text)}</p>'
        for text in (
            f"Could not run: {report.failed}" if report.failed else "",
            "Interrupted: what was not reached is not shown." if report.interrupted else "",
            *(f"Left there: {record}" for record in report.remaining),
        )
        if text
    )
    return (
        f"<section><h1>{escape(report.title)}</h1><dl>{listed}</dl>{notes}"
        f"{_behaviours(report)}{_operations(report)}</section>"
    )


def _behaviours(report: Report) -> str:
    if not report.behaviours:
        return ""
    order = [Verdict.BROKEN, Verdict.KNOWN, Verdict.GONE, Verdict.HELD, Verdict.NOT_SHOWN]
    rows = "".join(
        _behaviour(finding)
        for verdict in order
        for finding in report.behaviours
        if finding.verdict is verdict
    )
    return f"<h2>Behaviours</h2>{_tally(report.behaviours)}{rows}"


def _operations(report: Report) -> str:
    if not report.operations:
        return ""
    rows = "".join(_operation(finding) for finding in report.operations)
    disabled = "".join(
        f"<li><code>{escape(check.check)}</code> {escape(check.evidence)}</li>"
        for check in report.disabled
    )
    off = f'<h3>Checks that are off</h3><ul class="off">{disabled}</ul>' if disabled else ""
    return f"<h2>Schema</h2>{_tally(report.operations)}{rows}{off}"


def _tally(findings: Sequence[BehaviourFinding] | Sequence[OperationFinding]) -> str:
    numbers = [
        (verdict, sum(finding.verdict is verdict for finding in findings)) for verdict in Verdict
    ]
    bars = "".join(
        f'<span class="{_CLASSES[verdict]}" style="flex-grow:{number}"></span>'
        for verdict, number in numbers
        if number
    )
    words = "".join(
        f'<li class="{_CLASSES[verdict]}"><b>{number}</b> {verdict}</li>'
        for verdict, number in numbers
        if number
    )
    return f'<div class="bar">{bars}</div><ul class="tally">{words}</ul>'


def _behaviour(finding: BehaviourFinding) -> str:
    parts = [_source("Documented", finding.documented.says, finding.documented)]
    if finding.live is not None:
        parts.append(_source("Known of the live service", finding.live.says, finding.live))
    if finding.note:
        parts.append(_field("Why", finding.note))
    if finding.by_operation:
        parts.append(_by_operation(finding.by_operation))
    else:
        parts += _failure(finding.failure)
    parts += [_needs(finding.missing), _field("Tests", ", ".join(finding.tests))]
    deviates = finding.verdict is Verdict.KNOWN
    says = finding.live.says if deviates and finding.live else finding.documented.says
    return _row(finding.verdict, finding.id, says, "".join(parts), finding.summary)


def _failure(failure: BehaviourFailure | None) -> list[str]:
    if failure is None:
        return []
    return [
        _field("Looked at", failure.what),
        _field("Expected", failure.expected),
        _field("Seen", failure.seen),
        _command(failure.curl),
    ]


def _by_operation(verdicts: Sequence[OperationVerdict]) -> str:
    order = [Verdict.BROKEN, Verdict.KNOWN, Verdict.GONE, Verdict.NOT_SHOWN, Verdict.HELD]
    rows = "".join(
        _row(
            operation_verdict.verdict,
            operation_verdict.label,
            operation_verdict.note,
            "".join(
                [
                    *_failure(operation_verdict.failure),
                    _needs(operation_verdict.missing),
                    _field("Operation", operation_verdict.operation),
                ]
            ),
        )
        for verdict in order
        for operation_verdict in verdicts
        if operation_verdict.verdict is verdict
    )
    return f"<dt>Operations</dt><dd>{rows}</dd>"


def _source(label: str, says: str, sentence: object) -> str:
    evidence = getattr(sentence, "evidence", "")
    source = getattr(sentence, "source", "")
    return (
        f"<dt>{label}</dt><dd>{escape(says)}"
        f"<small>{escape(evidence)}{': ' if source else ''}{escape(source)}</small></dd>"
    )


def _operation(finding: OperationFinding) -> str:
    parts = [_field("Checked", f"{finding.cases} requests"), _needs(finding.missing)]
    for failure in finding.failures:
        parts += [
            _field(failure.check, f"{failure.title}\n{failure.message}".strip()),
            _field("Known", failure.excuse or ""),
            _command(failure.curl),
        ]
    titles = "; ".join(dict.fromkeys(failure.title for failure in finding.failures))
    return _row(
        finding.verdict, finding.operation, titles or f"{finding.cases} requests", "".join(parts)
    )


def _row(verdict: Verdict, name: str, says: str, details: str, summary: str = "") -> str:
    opened = " open" if verdict is Verdict.BROKEN else ""
    return (
        f'<details class="{_CLASSES[verdict]}"{opened}><summary>'
        f'<span class="verdict">{summary or verdict}</span>'
        f"<code>{escape(name)}</code><span>{escape(says)}</span></summary>"
        f"<dl>{details}</dl></details>"
    )


def _field(label: str, text: str) -> str:
    return f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" if text else ""


def _command(curl: str) -> str:
    return f"<dt>See again</dt><dd><pre>{escape(curl)}</pre></dd>" if curl else ""


def _needs(missing: NotShownReason | None) -> str:
    return _field("Needs", f"{missing.text} ({missing.why})") if missing else ""
