"""Second names in the paths of the control plane."""

ALIASES = {"/worlds/<name>/data": "/worlds/<name>/records"}
"""The beginning of a rule by its second name."""


def declared_rule(rule: str) -> str:
    """Return the rule that the document of the control plane has for one of the application."""
    for alias, declared in ALIASES.items():
        rule = rule.replace(alias, declared)
    return rule
