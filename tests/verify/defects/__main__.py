"""The whole campaign: each defect against whole suites, with control and without (`make defects`).

It takes a quarter of an hour. Status 1: a defect was not noticed.
"""

import sys

from tests.verify.defects.campaign import broken_of_fake, broken_of_live_service
from tests.verify.defects.catalogue import DEFECTS


def main() -> int:
    """Run the campaign; print what nobody noticed."""
    missed = 0
    for defect in DEFECTS.values():
        seen = {
            "with control": broken_of_fake(defect, ("*",)),
            "without control": broken_of_live_service(defect, ("*",)),
        }
        for way, broken in seen.items():
            missed += not broken
            print(f"{defect.full_name}, {way}: {', '.join(broken) or 'NOT NOTICED'}", flush=True)
    print(f"{len(DEFECTS)} defects, {missed} runs that did not notice")
    return 1 if missed else 0


sys.exit(main())
