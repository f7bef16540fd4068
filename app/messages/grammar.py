"""The language of templates: text, variables, `if`, `for`, comparisons and a few filters. Nothing else is allowed.

A template is input from a merchant, so the language has no calls, arithmetic, assignments, macros, includes, or
attributes that begin with an underscore. Loops go over the lists of the message, two deep at most, and each step is
counted.
"""

from collections.abc import Iterator

from jinja2 import nodes

from app.messages.translations import TABLES

_OF_VALUES = frozenset({"bank", "carrier", "money", "day", "instant", "instant_with_zone", "join", "length"})
FILTERS = frozenset({*TABLES, *_OF_VALUES, "default", "upper", "lower"})
EACH = "each of"
"""The filter that counts the steps of a loop. A template cannot contain its name."""

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Tuple, nodes.List),
    *(nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
_TESTS = frozenset({"defined", "undefined"})
_LOOPS_DEEP = 2
_DEEP = 40


class UnsoundTemplateError(Exception):
    """A refused template. `code` is stable. `line` counts from 1, or is None for an unknown line."""

    def __init__(self, code: str, detail: str, line: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.line = line


def within_bounds(tree: nodes.Template) -> nodes.Template:
    """The same tree. Its loops count their steps. Raises UnsoundTemplateError."""
    _check(tree, 0, 0)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, EACH, [], [], None, None, lineno=loop.lineno)
    return tree


def _check(node: nodes.Node, depth: int, loops: int) -> None:
    if depth > _DEEP:
        raise UnsoundTemplateError("template_too_deep", "The template is nested too deeply.", node.lineno)
    for violation in _violations(node, loops):
        raise UnsoundTemplateError("not_in_templates", violation, node.lineno)
    loops_inside = loops + isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        _check(child, depth + 1, loops_inside)


def _violations(node: nodes.Node, loops: int) -> Iterator[str]:
    if not isinstance(node, _ALLOWED):
        yield f"A template cannot contain this: {type(node).__name__.lower()}."
    if isinstance(node, nodes.For) and (node.recursive or loops >= _LOOPS_DEEP):
        yield "Loops can be two deep and cannot be recursive."
    if isinstance(node, nodes.For) and not isinstance(node.target, nodes.Name):
        yield "A loop must give each item one name."
    yield from _unknown_names(node)


def _unknown_names(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield f"There is no filter {node.name}."
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        yield f"There is no test {node.name}."
    if isinstance(node, nodes.Getitem) and not (isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)):
        yield "Brackets must contain a quoted name."
    if _name_read(node).startswith("_"):
        yield "A name cannot begin with an underscore."


def _name_read(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return node.attr
    return str(node.arg.value) if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) else ""
