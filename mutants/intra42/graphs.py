"""Defects of graphs."""

from fake_server.contract.mutants import ApiMutants, MappingEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit


def _shifted(milliseconds: str) -> str:
    term = f"(hour_of if tallies is BY_HOUR else day_of)(unindexed(column) + {milliseconds})"
    return f"select({term}, func.count()).group_by({term})"


MUTANTS = (
    _mutant(
        "week-from-monday",
        "Weeks are keyed by their Monday.",
        _edit(
            "graphs.series:day_series", 'interval == "week" and monday_first', 'interval == "week"'
        ),
        "graph.week",
    ),
    _mutant(
        "day-of-week-from-monday",
        "Days of the week are counted from Monday.",
        _edit("graphs.series:_cycle", "if monday_first and", "if"),
        "graph.day_of_week",
    ),
    _mutant(
        "day-of-week-from-1",
        "Days of the week are keyed 1 to 7, Sunday the last.",
        MappingEdit(
            "fake_server.apis.intra42.graphs.series:_CYCLES",
            {"day_of_week": (range(1, 8), lambda day: day.isoweekday())},
        ),
        "graph.day_of_week",
    ),
    _mutant(
        "day-31-missing",
        "Days of the month end with 30.",
        MappingEdit(
            "fake_server.apis.intra42.graphs.series:_CYCLES",
            {"day_of_month": (range(1, 31), lambda day: day.day)},
        ),
        "graph.day_of_month",
    ),
    _mutant(
        "months-from-0",
        "Months of the year are keyed 0 to 11.",
        MappingEdit(
            "fake_server.apis.intra42.graphs.series:_CYCLES",
            {"month_of_year": (range(12), lambda day: day.month - 1)},
        ),
        "graph.month_of_year",
    ),
    _mutant(
        "quarter-of-four-months",
        "The last quarter begins in November.",
        _edit(
            "graphs.series:_quarter",
            "3 * ((day.month - 1) // 3) + 1",
            "min(10, 3 * ((day.month - 1) // 3) + 1) + (day.month > 10)",
        ),
        "graph.quarter",
    ),
    _mutant(
        "months-without-day",
        "Months are keyed without their day.",
        _edit(
            "graphs.series:day_series",
            "period.isoformat(): counts[period]",
            "period.isoformat()[:7] if interval == 'month' else period.isoformat(): counts[period]",
        ),
        "graph.month",
    ),
    _mutant(
        "zero-days-left-out",
        "Days without an occurrence are left out.",
        _edit(
            "graphs.series:_days",
            "for number in range(min(counts), last + 1)",
            "for number in sorted(counts)",
        ),
        "graph.zeros",
        "graph.example.*",
    ),
    _mutant(
        "zero-weeks-left-out",
        "Weeks, months, quarters and years without an occurrence are left out.",
        _edit(
            "graphs.series:day_series",
            "in _periods(min(counts), last, _NEXT[interval])\n",
            "in sorted(counts)\n",
        ),
        "graph.zeros",
    ),
    _mutant(
        "zero-hours-left-out",
        "Hours of the day without an occurrence are left out.",
        _edit(
            "graphs.series:hour_series",
            "for hour in range(24)",
            "for hour in range(24) if hour in counts",
        ),
        "graph.hour_of_day",
        "graph.empty",
    ),
    _mutant(
        "hour-24",
        "Hours of the day are keyed 1 to 24.",
        _edit("graphs.series:hour_series", "{str(hour):", "{str(hour + 1):"),
        "graph.hour_of_day",
    ),
    _mutant(
        "hours-in-paris",
        "Hours of the day are those of a zone two hours ahead.",
        _edit(
            "graphs.counting:_period_counts",
            "_by_period(column, hour_of if tallies is BY_HOUR else day_of)",
            _shifted("7_200_000 * (tallies is BY_HOUR)"),
        ),
        "graph.hour_of_day",
        "graph.utc",
    ),
    _mutant(
        "days-in-paris",
        "Days are those of a zone an hour ahead.",
        _edit(
            "graphs.counting:_period_counts",
            "_by_period(column, hour_of if tallies is BY_HOUR else day_of)",
            _shifted("3_600_000 * (tallies is BY_DAY)"),
        ),
        "graph.day",
        "graph.utc",
    ),
    _mutant(
        "series-ends-at-last",
        "A series ends at its last occurrence, even where that is past.",
        _edit("graphs.counting:graph", 'has_quirk("graph-ends-at-last-row")', "True"),
        "graph.span",
    ),
    _mutant(
        "series-ends-now",
        "A series ends now, even where later occurrences follow.",
        _edit(
            "graphs.series:_days",
            "max(max(counts), until.toordinal() - _EPOCH)",
            "until.toordinal() - _EPOCH",
        ),
        "graph.span",
        "graph.routes",
    ),
    _mutant(
        "newest-first",
        "Days come newest first.",
        _edit(
            "graphs.series:_days",
            "for number in range(min(counts), last + 1)",
            "for number in range(last, min(counts) - 1, -1)",
        ),
        "graph.body",
    ),
    _mutant(
        "null-counted",
        "Records whose field is null are counted on the first day of 1970.",
        _edit(
            "graphs.counting:_period_counts",
            "counts.pop(None, None)",
            "counts.update({0: counts.pop(None)} if None in counts else {})",
        ),
        "graph.null",
    ),
    _mutant(
        "graph-unfiltered",
        "A graph counts all records, whatever the filters.",
        _edit(
            "graphs.counting:_period_counts",
            "restricted(query, selection.where(scanned=True))",
            "query",
        ),
        "graph.filtered",
    ),
    _mutant(
        "count-is-float",
        "Counts are numbers with a fraction.",
        _edit("graphs.series:_cycle", "counts[number] for", "float(counts[number]) for"),
        "graph.*",
    ),
    _mutant(
        "default-by-day",
        "Without an interval, the graph is by day.",
        _edit(
            "graphs.counting:_name",
            "return default",
            'return "day" if parameter == "interval" else default',
        ),
        "graph.interval.default",
    ),
    _mutant(
        "query-wins-over-path",
        "The field in the query wins over that in the path.",
        _edit(
            "graphs.counting:_name",
            "if parameter in path:",
            "if parameter in path and parameter not in params:",
        ),
        "graph.field.query",
    ),
    _mutant(
        "graph-error-400",
        "An unknown field is answered with 400.",
        _edit("dialect.errors:GraphFieldError.__init__", "422", "400"),
        "graph.field.unknown",
    ),
    _mutant(
        "graph-paginated",
        "A graph carries X-Total.",
        _edit("graphs.counting:graph_records", 'has_quirk("graph-x-total")', "True"),
        "graph.not_paginated",
    ),
)
