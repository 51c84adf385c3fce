"""The report as a file: JSON, JUnit XML, or one self-contained HTML page."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from fake_server.errors import VerificationError
from fake_server.verify.layers.outcomes import (
    BehaviourFailure,
    BehaviourFinding,
    NotShownReason,
    OperationFinding,
    Verdict,
)
from fake_server.verify.run.run_report import Report, status_of

ReportWriter = Callable[[Sequence[Report]], str]


def writer_of(path: Path) -> ReportWriter:
    """Return the writer of a report for a file of that name; raises `VerificationError`."""
    from fake_server.verify.report.page import as_html

    writers: Mapping[str, ReportWriter] = {".json": as_json, ".xml": as_junit, ".html": as_html}
    if path.suffix not in writers:
        raise VerificationError(f"{path}: a report is a file named .json, .xml or .html")
    if not path.absolute().parent.is_dir():
        raise VerificationError(f"{path}: there is no such folder")
    return writers[path.suffix]


def counts(findings: Sequence[BehaviourFinding | OperationFinding]) -> dict[str, int]:
    """Return how many findings there are of each verdict, all verdicts named."""
    counted = Counter(finding.verdict for finding in findings)
    return {verdict.value: counted[verdict] for verdict in Verdict}


def as_json(reports: Sequence[Report]) -> str:
    """Return the report as JSON: a member per API, its layers apart."""
    return json.dumps(
        {
            "version": 1,
            "status": status_of(reports),
            "apis": {report.api: _as_values(report) for report in reports},
        },
        indent=2,
        ensure_ascii=False,
    )


def _as_values(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "target": report.target,
        "profile": report.profile,
        "began": report.began.isoformat(timespec="seconds"),
        "seconds": round(report.seconds, 3),
        "requests": report.requests,
        "max_requests": report.max_requests,
        "exchanges": report.exchanges,
        "left": report.remaining,
        "interrupted": report.interrupted,
        "failed": report.failed,
        "counts": {"behaviour": counts(report.behaviours), "schema": counts(report.operations)},
        "seed": report.seed,
        "behaviours": [
            {**asdict(finding), "summary": finding.summary} for finding in report.behaviours
        ],
        "operations": [asdict(finding) for finding in report.operations],
        "disabled_checks": [asdict(check) for check in report.disabled],
    }


def as_junit(reports: Sequence[Report]) -> str:
    """Return the report as JUnit XML: a suite per API and layer, a case per shared operation.

    Broken is a failure, not shown is skipped; deviations pass, with a line of output.
    """
    root = ElementTree.Element("testsuites")
    for report in reports:
        for layer, findings in (("behaviour", report.behaviours), ("schema", report.operations)):
            _add_suite(root, report, layer, findings)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_suite(
    root: ElementTree.Element,
    report: Report,
    layer: str,
    findings: Sequence[BehaviourFinding] | Sequence[OperationFinding],
) -> None:
    cases = [case for finding in findings for case in _cases(finding)]
    counted = Counter(case.verdict for case in cases)
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=f"{report.api}.{layer}",
        tests=str(len(cases) + bool(report.failed)),
        failures=str(counted[Verdict.BROKEN]),
        skipped=str(counted[Verdict.NOT_SHOWN]),
        errors=str(int(bool(report.failed))),
        timestamp=report.began.isoformat(timespec="seconds"),
    )
    if report.failed:
        error_case = ElementTree.SubElement(suite, "testcase", classname=report.api, name="run")
        ElementTree.SubElement(error_case, "error", message=_printable(report.failed))
    for test_case in cases:
        element = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"{report.api}.{layer}",
            name=test_case.name,
            time=f"{test_case.seconds:.3f}",
        )
        _add_verdict(element, test_case)


class _JunitCase(NamedTuple):
    """A test case: a behaviour, one operation of a shared behaviour, or one of the schema layer."""

    name: str
    verdict: Verdict
    seconds: float
    lines: list[str]
    missing: NotShownReason | None


def _cases(finding: BehaviourFinding | OperationFinding) -> Iterator[_JunitCase]:
    if isinstance(finding, OperationFinding):
        lines = [
            f"{failure.check}: {failure.title} {failure.message}\n{failure.curl}"
            for failure in finding.failures
        ]
        name, missing = finding.operation, finding.missing
        yield _JunitCase(name, finding.verdict, 0.0, lines or [""], missing)
        return
    says = finding.documented.says
    for operation_verdict in finding.by_operation:
        lines = [
            says,
            *_lines(operation_verdict.failure),
            *([operation_verdict.note] if operation_verdict.note else []),
        ]
        name = f"{finding.id}:{operation_verdict.operation}"
        yield _JunitCase(
            name,
            operation_verdict.verdict,
            operation_verdict.seconds,
            lines,
            operation_verdict.missing,
        )
    if not finding.by_operation:
        lines = [says, *_lines(finding.failure)]
        yield _JunitCase(finding.id, finding.verdict, finding.seconds, lines, finding.missing)


def _lines(failure: BehaviourFailure | None) -> list[str]:
    if failure is None:
        return []
    return [f"expected: {failure.expected}", f"seen: {failure.seen}", failure.what, failure.curl]


def _add_verdict(element: ElementTree.Element, case: _JunitCase) -> None:
    text = _printable("\n".join(case.lines))
    if case.verdict is Verdict.BROKEN:
        failure = ElementTree.SubElement(
            element, "failure", message=_printable(case.lines[0])[:300]
        )
        failure.text = text
    elif case.verdict is Verdict.NOT_SHOWN:
        missing = case.missing.text if case.missing else ""
        ElementTree.SubElement(element, "skipped", message=_printable(f"not shown: {missing}"))
    elif case.verdict is not Verdict.HELD:
        ElementTree.SubElement(element, "system-out").text = f"{case.verdict}\n{text}"


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() or character == "\n" else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )
