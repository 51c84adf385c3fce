"""Defects that only parameters together show, or a read after a write."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "filter-lost-on-page-2",
        "The second page of a filtered list is that of the whole list.",
        _edit(
            "dialect.selection:Selection.page",
            "where = self.where(",
            "where = self._parents if number == 2 else self.where(",
        ),
        "collections.combined_pages",
    ),
    _mutant(
        "sort-lost-under-range",
        "A list with a range comes in its default order.",
        _edit(
            "dialect.parameters:sort_keys",
            'params.get("sort") if declared.sort else None',
            'params.get("sort") if declared.sort and "range" not in params else None',
        ),
        "collections.combined_sort",
    ),
    _mutant(
        "range-lost-beside-filter",
        "A range beside a filter counts for nothing.",
        _edit(
            "dialect.selection:selection_of",
            "[*filters(resource, params), *ranges(resource, params)]",
            "[*filters(resource, params)] or [*ranges(resource, params)]",
        ),
        "collections.combined_conditions",
        "collections.combined_parts",
    ),
    _mutant(
        "filter-forgets-parent",
        "A filtered list below a record has the rows of all records.",
        _edit(
            "dialect.selection:selection_of",
            "parents = _parents(resource, params, path)",
            "parents = [] if conditions else _parents(resource, params, path)",
        ),
        "collections.combined_nesting",
    ),
    _mutant(
        "leading-filter-lost",
        "A filter that stands before other parameters counts for nothing.",
        _edit(
            "dialect.parameters:filters",
            "fields = resource.declared().filter\n",
            "fields = resource.declared().filter\n"
            '    if len(params) > 1 and next(iter(params)) == "filter":\n'
            "        return []\n",
        ),
        "collections.spelling",
    ),
    _mutant(
        "fourth-condition-lost",
        "Of several conditions only the first three count.",
        _edit(
            "dialect.selection:selection_of",
            "[*filters(resource, params), *ranges(resource, params)]",
            "[*filters(resource, params), *ranges(resource, params)][:3]",
        ),
        "collections.all_conditions",
    ),
    _mutant(
        "offset-read-as-zulu",
        "An instant is read as UTC whatever its offset.",
        _edit("dialect.parameters:instant", "{offset or '+00:00'}", "+00:00"),
        "collections.instants",
    ),
    _mutant(
        "nested-graph-unfiltered",
        "A graph below a record counts all of its records, whatever the conditions.",
        _edit(
            "graphs.counting:_period_counts",
            "selection.where(scanned=True)",
            "selection._parents or selection.where(scanned=True)",
        ),
        "graphs.periods",
    ),
)
