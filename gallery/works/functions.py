"""The functions of a program's source: of Python by its own parser, of others by their braces."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

# What braces may stand in without being any, and the signs that part one thing from the next.
TOKENS = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z)|//[^\n]*)
    |(?P<directive>^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*)
    |"(?:[^"\\\n]|\\.)*"
    |'(?:[^'\\\n]|\\.)+'
    |(?P<sign>[{};])""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
CONTAINERS = re.compile(r"\b(?:class|namespace|extern|interface|impl|trait|module|mod)\b")
FUNCTION = re.compile(r"([A-Za-z_~][\w:~]*)\s*\([^{}]*\)[^=(){};]*")
NO_FUNCTIONS = {"if", "for", "while", "switch", "catch", "return", "else", "do", "function"}
LONGEST_HEADER = 2_000  # characters between the thing before and the brace
COMMENT_LINE = re.compile(r"[ \t]*(?://|/\*|\*).*|.*\*/[ \t]*")


def functions(source: str) -> Iterator[tuple[str, str]]:
    """Name and source of each function, in their order, with the comment that stands on it.

    Methods are found, and named with their class in Python; what stands inside of a function is
    part of it. What is no Python is read as C, and as what puts its functions' bodies in braces.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _braced(source)
    return _defined(tree, source.split("\n"))


def _defined(tree: ast.AST, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Without recursion: a chain of elif is as deep as it is long."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, prefix = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min(place.lineno for place in (node, *node.decorator_list)) - 1
            while first and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            yield prefix + node.name, "\n".join(lines[first : node.end_lineno])
        elif not isinstance(node, ast.expr):  # a function may wait behind an “if” or a “try”
            prefix += f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            waiting += [(one, prefix) for one in reversed(list(ast.iter_child_nodes(node)))]


def _braced(source: str) -> Iterator[tuple[str, str]]:
    """By matching braces. A brace in the first column ends a function however deep it is, as it
    does in all but the strangest C: branches of #if may open more than they close."""
    containers = 0  # that are open, around everything else
    inside: list[str] = []  # braces open in these: a function's name or “{”, then “{” for each
    header = begun = 0  # where what stands before the next brace begins; where the function did
    for token in TOKENS.finditer(source):
        sign = token["sign"]
        if sign == "{" and inside:
            inside.append(sign)
        elif sign == "{":
            kind = _kind(_without_comments(source[header : token.start()]))
            begun, header = header, token.end()
            if kind:
                inside.append(kind)
            else:
                containers += 1
        elif sign == "}" and inside:
            name = inside[0]
            del inside[0 if source[token.start() - 1] == "\n" else -1 :]
            if not inside:
                header = token.end()
                if name != "{":
                    yield name, _with_comment(source, begun, token.end())
        elif sign == "}":
            containers, header = max(0, containers - 1), token.end()
        elif not inside and (token["directive"] or sign == ";"):
            header = token.end()


def _kind(header: str) -> str:
    """What a brace after this opens: a function's name, nothing for a container, or “{”."""
    header = header[-LONGEST_HEADER:]
    found = FUNCTION.search(header)
    if found and found[1] not in NO_FUNCTIONS and header[found.end() :].strip() == "":
        return found[1]
    return "" if CONTAINERS.search(header) else "{"


def _without_comments(header: str) -> str:
    return TOKENS.sub(lambda token: " " if token["comment"] else token[0], header)


def _with_comment(source: str, begun: int, end: int) -> str:
    """Whole lines from the first of the header, and comments right on top of it, to the last."""
    lines = source[begun:end].split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    top = _comments_on_top(lines)
    gaps = [n for n, line in enumerate(top, start=1) if not line.strip()]
    return "\n".join(lines[max(gaps, default=0) :])


def _comments_on_top(lines: list[str]) -> list[str]:
    """The lines before the code begins."""
    top = []
    open_comment = False
    for line in lines:
        if not open_comment and line.strip() and not COMMENT_LINE.fullmatch(line):
            break
        top.append(line)
        opened, closed = line.rfind("/*"), line.rfind("*/")
        open_comment = opened > closed if max(opened, closed) >= 0 else open_comment
    return top
