"""All defects."""

from tests.verify.defects import fabmanager, intra42, lab_records, xurrent

DEFECTS = {
    defect.full_name: defect
    for module in (fabmanager, lab_records, intra42, xurrent)
    for defect in module.DEFECTS
}
