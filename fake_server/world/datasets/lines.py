"""Lines of values in a YAML text."""

from collections.abc import Iterable, Iterator

import yaml

from fake_server.yaml_classes import Loader


def line_of(text: str, path: Iterable[str | int]) -> int:
    """Return the line (from 1) of the value at a path, or of the nearest existing parent."""
    node = yaml.compose(text, Loader=Loader)
    line = node.start_mark.line + 1 if node else 1
    for step in path:
        child = _child(node, step)
        if child is None:
            break
        line, node = child
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value.start_mark.line + 1, value
    return None


def repeated_keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield `(key, line, first line)` for each key that occurs twice in one mapping."""
    for node in _nodes(text):
        if isinstance(node, yaml.MappingNode):
            yield from _repeated(node)


def unreadable_values(text: str) -> Iterator[tuple[str, int]]:
    """Yield `(value, line)` for each value that looks like a date or number but is invalid."""
    loader = Loader("")
    for node in _nodes(text):
        try:
            if isinstance(node, yaml.ScalarNode):
                loader.construct_object(node)
        except (ValueError, AttributeError):
            yield node.value, node.start_mark.line + 1


def _nodes(text: str) -> Iterator[yaml.Node]:
    pending = [yaml.compose(text, Loader=Loader)]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            pending += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            pending += reversed(node.value)


def _repeated(node: yaml.MappingNode) -> Iterator[tuple[str, int, int]]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if isinstance(key, yaml.ScalarNode) and first.setdefault(key.value, line) != line:
            yield key.value, line, first[key.value]
