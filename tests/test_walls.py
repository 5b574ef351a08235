"""The walls between the parts: who may import whom."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gallery.sqlite import wal_is_safe

ROOT = Path(__file__).resolve().parent.parent

# findings -> studies -> works <- runs -> generators: what each part may never import. What keeps
# the gallery knows all of it, and nothing knows what keeps it.
FORBIDDEN = {
    "generators": {"gallery", "django"},
    "gallery/works": {
        "gallery.studies",
        "gallery.runs",
        "gallery.findings",
        "gallery.museums",
        "gallery.calls",
        "gallery.keeping",
        "torch",
    },
    "gallery/museums": {
        "gallery.studies",
        "gallery.runs",
        "gallery.findings",
        "gallery.keeping",
        "generators",
        "torch",
    },
    "gallery/calls": {
        "gallery.runs",
        "gallery.findings",
        "gallery.museums",
        "gallery.keeping",
        "generators",
        "torch",
    },
    "gallery/runs": {"gallery.studies", "gallery.findings", "gallery.keeping"},
    "gallery/studies": {
        "gallery.runs",
        "gallery.findings",
        "gallery.keeping",
        "generators",
        "torch",
    },
    "gallery/findings": {"gallery.runs", "gallery.keeping", "generators", "torch"},
    "gallery/keeping": {"generators", "torch"},
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports anywhere, also inside functions and for types alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.parametrize("part", FORBIDDEN)
def test_dependencies_point_one_way(part):
    files = [p for p in (ROOT / part).rglob("*.py") if "migrations" not in p.parts]
    assert files
    for path in files:
        for module in imports(path):
            for barred in FORBIDDEN[part]:
                assert not f"{module}.".startswith(f"{barred}."), f"{path} imports {module}"


def test_museums_are_asked_through_one_door():
    """Whatever else opened a connection would ask whom it likes, and as fast as it likes."""
    doors = {"socket", "ssl", "http.client", "urllib.request", "urllib3", "httpx", "requests"}
    found = {p.name for p in (ROOT / "gallery/museums").rglob("*.py") if imports(p) & doors}
    assert found == {"fetching.py", "addresses.py"}  # the latter resolves names


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 46, 1), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_only_trusted_where_its_bug_is_mended(version, safe):
    assert wal_is_safe(version) is safe


def test_a_web_process_starts_without_what_only_findings_and_artists_need(tmp_path):
    """They cost a second and a hundred megabytes: `import scipy` alone loads none of its parts."""
    heavy = {"scipy.special", "scipy.stats", "scipy.optimize", "pyarrow", "torch", "imagehash"}
    code = "import django; django.setup(); import sys, gallery.urls; print(*sys.modules)"
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "gallery.settings",
    }
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "gallery.urls" in told.stdout.split()
    assert not heavy & set(told.stdout.split())
