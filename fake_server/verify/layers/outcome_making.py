"""The outcome of a contract test, from the exception that it raised."""

from pathlib import Path

from fake_server.verify.layers.outcomes import BehaviourFailure, NotShownReason, Outcome
from fake_server.verify.marks import BehaviourMark
from fake_server.verify.outcome_errors import BrokenError, NotShownError, brief
from fake_server.verify.target.target import Target


def outcome_of(
    mark: BehaviourMark, test: str, seconds: float, exception: BaseException | None, target: Target
) -> Outcome:
    """Return the outcome of a test; without an exception it passed. No text shows a credential."""
    if exception is None:
        return Outcome(mark.id, mark.live, test, "passed", seconds)
    if isinstance(exception, NotShownError):
        missing = NotShownReason(exception.why, target.hide(exception.missing))
        return Outcome(mark.id, mark.live, test, "not shown", seconds, missing=missing)
    failure = _failure(exception, target)
    return Outcome(mark.id, mark.live, test, "failed", seconds, failure=failure)


def _failure(exception: BaseException, target: Target) -> BehaviourFailure:
    curl = target.last_curl()
    if isinstance(exception, BrokenError):
        what, expected, seen = exception.what, exception.expected, exception.seen
        curl = exception.curl or curl
    elif isinstance(exception, AssertionError):
        what, expected = "", ""
        seen = brief(str(exception) or "something else", 800)
    else:
        what, expected = "the answer", "what the test can read"
        seen = brief(f"{type(exception).__name__}: {exception} at {_line(exception)}")
    return BehaviourFailure(
        target.hide(what), target.hide(expected), target.hide(seen), target.hide(curl)
    )


def _line(exception: BaseException) -> str:
    trace = exception.__traceback__
    location = "?"
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.name.startswith(("test_", "helpers")):
            location = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return location
