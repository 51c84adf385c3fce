"""The first request of a run, which shows whether its server is there."""

from fake_server.errors import VerificationError
from fake_server.verify.api_files.api_under_test import ApiUnderTest
from fake_server.verify.api_files.operations_by_path import is_list
from fake_server.verify.outcome_errors import BrokenError, NoAnswerError, brief
from fake_server.verify.target.target import Target


def require_api(target: Target, api: ApiUnderTest) -> None:
    """Send the probe of the API first; raise `VerificationError` if its server is not there.

    Without a probe, the first test shows whether the server is there.
    """
    if api.probe is None:
        return
    where = target.where(api.probe)
    try:
        answer = target.get(api.probe)
    except NoAnswerError as error:
        raise VerificationError(f"{target.where()} cannot be reached: {error.seen}") from None
    if answer.status in {401, 403}:
        raise VerificationError(f"{where} answers {answer.status}: check the credentials")
    if 300 <= answer.status < 400:
        elsewhere = brief(answer.headers.get("Location", "elsewhere"))
        raise VerificationError(f"{where} redirects to {elsewhere}: give that server as the target")
    if answer.status != 200 or "json" not in answer.headers.get("Content-Type", ""):
        kind = brief(answer.headers.get("Content-Type", "no Content-Type"), 120)
        raise VerificationError(
            f"{where} answers {answer.status}, {kind}: no server of the {api.title} is there"
        )
    if not is_list(api.name, api.probe):
        return
    try:
        target.records(answer)
    except BrokenError as error:
        raise VerificationError(
            f"{where} answers {error.seen}, not {error.expected}:"
            f" no server of the {api.title} is there"
        ) from None
