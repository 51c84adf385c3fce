"""All defects."""

from tests.verify.defects import beside_others, elsewhere, fabmanager, intra42, lab_records, xurrent

DEFECTS = {
    defect.full_name: defect
    for module in (fabmanager, lab_records, intra42, xurrent, beside_others, elsewhere)
    for defect in module.DEFECTS
}
