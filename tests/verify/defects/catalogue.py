"""All defects."""

from tests.verify.defects import fabmanager, intra42, xurrent

DEFECTS = {
    defect.full_name: defect
    for module in (fabmanager, intra42, xurrent)
    for defect in module.DEFECTS
}
