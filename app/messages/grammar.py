"""What a template may say: text, variables, `if`, `for`, comparisons and a few filters. All else is refused.

Templates are a tenant's input. What could run away is not in the language: no calls, no arithmetic, no
assignments, no macros, no includes, no attributes that begin with an underscore; loops go over the lists of the
message, two deep at most, and each step of them is counted.
"""

from collections.abc import Iterator

from jinja2 import nodes

from app.messages.translations import TABLES

FILTERS = frozenset({*TABLES, "money", "day", "join", "length", "default", "upper", "lower"})
EACH = "each of"
"""The filter that counts the steps of a loop. Nobody can write its name."""

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Tuple, nodes.List),
    *(nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
_TESTS = frozenset({"defined", "undefined"})
_LOOPS_DEEP = 2
_DEEP = 40


class UnsoundTemplateError(Exception):
    """A template that cannot be taken: `code` is stable, `line` counts from 1 where it is known."""

    def __init__(self, code: str, detail: str, line: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.line = line


def within_bounds(tree: nodes.Template) -> nodes.Template:
    """The same tree with its loops counted. Raises UnsoundTemplateError."""
    _look(tree, 0, 0)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, EACH, [], [], None, None, lineno=loop.lineno)
    return tree


def _look(node: nodes.Node, depth: int, loops: int) -> None:
    if depth > _DEEP:
        raise UnsoundTemplateError("template_too_deep", "This is nested too deeply.", node.lineno)
    for wrong in _wrongs(node, loops):
        raise UnsoundTemplateError("not_in_templates", wrong, node.lineno)
    inside = loops + isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        _look(child, depth + 1, inside)


def _wrongs(node: nodes.Node, loops: int) -> Iterator[str]:
    if not isinstance(node, _ALLOWED):
        yield f"A message has no {_called(node)}."
    if isinstance(node, nodes.For) and (node.recursive or loops >= _LOOPS_DEEP):
        yield "Loops may be two deep, and do not call themselves."
    if isinstance(node, nodes.For) and not isinstance(node.target, nodes.Name):
        yield "A loop gives each item one name."
    yield from _unknown_names(node)


def _unknown_names(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield f"There is no filter {node.name}."
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        yield f"There is no test {node.name}."
    if isinstance(node, nodes.Getitem) and not (isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)):
        yield "What is in brackets must be a name."
    if _reached_for(node).startswith("_"):
        yield "Names do not begin with an underscore."


def _reached_for(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return node.attr
    return str(node.arg.value) if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) else ""


def _called(node: nodes.Node) -> str:
    return type(node).__name__.lower()
