"""All defects."""

from tests.verify.defects import beside_others, fabmanager, intra42, lab_records, xurrent

DEFECTS = {
    defect.full_name: defect
    for module in (fabmanager, lab_records, intra42, xurrent, beside_others)
    for defect in module.DEFECTS
}
