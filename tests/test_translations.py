"""Simplified Chinese is whole, fits its English, and is what a Chinese browser gets."""

from __future__ import annotations

import gettext
import html
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from gallery.management.commands.makemessages import catalog_words
from gallery.simulation.visitor import FormReader
from gallery.studies.freezing import freeze
from gallery.studies.models import Rater, Study
from tests.conftest import ROOT, require
from tests.factories import add_works, make_study, make_user, sign_in

MESSAGES = Path("locale/zh_Hans/LC_MESSAGES")
COMMITTED = ROOT / MESSAGES / "django.po"
COMPILED = ROOT / MESSAGES / "django.mo"
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
SET_IN_PLACE = re.compile(r"%\(\w+\)[.\d]*\w")


@pytest.fixture(autouse=True)
def tools() -> None:
    require(shutil.which("xgettext"), "needs gettext's tools (Debian: apt-get install gettext)")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def entries(catalog: Path, *wanted: str) -> set[str]:
    """Context and English of the catalog's entries, less its header."""
    text = run("msgattrib", "--no-wrap", "--no-obsolete", *wanted, catalog)
    pattern = r'^(?:msgctxt (".*")\n)?msgid (".+")$'
    found = {f"{context} {english}" for context, english in re.findall(pattern, text, re.M)}
    return found - {' ""'}


def compile_catalog(catalog: Path, into: Path) -> gettext.GNUTranslations:
    run("msgfmt", "--check-format", "-o", into, catalog)
    return opened(into)


def opened(compiled: Path) -> gettext.GNUTranslations:
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)


def words(compiled: gettext.GNUTranslations) -> dict[object, str]:
    catalog: dict[object, str] = vars(compiled)["_catalog"]
    return {key: text for key, text in catalog.items() if key}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog as makemessages leaves it now, made in a copy of the sources."""
    require(shutil.which("xgettext"), "needs gettext's tools (Debian: apt-get install gettext)")
    copy = tmp_path_factory.mktemp("sources")
    for folder in ("gallery", "generators", "templates", "locale", "static"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    run(sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "-v0", cwd=copy)
    return copy / MESSAGES / "django.po"


def test_every_marked_string_is_in_the_catalog_and_no_other(refreshed: Path):
    assert len(entries(refreshed)) > 400
    assert entries(COMMITTED) == entries(refreshed), "run: manage.py makemessages -l zh_Hans"


@pytest.mark.parametrize("lack", ["--untranslated", "--only-fuzzy"])
def test_every_string_has_a_translation_that_someone_vouches_for(refreshed: Path, lack: str):
    assert entries(refreshed, lack) == set()


def test_what_generators_say_of_themselves_is_in_the_catalog():
    english = {key for key in words(opened(COMPILED)) if isinstance(key, str)}
    assert set(catalog_words()) <= english


def test_translations_set_the_same_values_in_place():
    for english, chinese in words(opened(COMPILED)).items():
        if isinstance(english, str):  # of a plural, only the singular is known here
            set_in_place = set(SET_IN_PLACE.findall(english))
            assert set(SET_IN_PLACE.findall(chinese)) == set_in_place, (english, chinese)


def test_a_plural_with_a_wrong_placeholder_does_not_compile(tmp_path: Path):
    text = COMMITTED.read_text()
    broken = tmp_path / "django.po"
    broken.write_text(text.replace("目前已有 %(ratings)s", "目前已有 %(rating)s"))
    assert broken.read_text() != text
    with pytest.raises(AssertionError, match="format specification for argument 'rating'"):
        compile_catalog(broken, tmp_path / "broken.mo")


def test_the_compiled_catalog_is_the_written_one(tmp_path: Path):
    fresh = compile_catalog(COMMITTED, tmp_path / "fresh.mo")
    assert words(opened(COMPILED)) == words(fresh), "run: manage.py compilemessages -l zh_Hans"


def interface_words() -> set[str]:
    """What base.html says in English."""
    base = (ROOT / "templates" / "base.html").read_text()
    marked = re.findall(r"{% translate [\"']([^\"']+)[\"'] %}", base)
    assert "Gallery" in marked
    return {*marked, "Sign out"}


def assert_chinese(page: str) -> None:
    assert '<html lang="zh-hans">' in page
    seen = re.sub(r"<(head|script|style)\b.*?</\1>", "", page, flags=re.S)
    labels = " ".join(re.findall(r'(?:aria-label|title|alt)="([^"]*)"', seen))
    text = f"{re.sub(r'<[^>]+>', ' ', seen)} {labels}"
    assert "展厅" in text
    assert not [said for said in interface_words() if re.search(rf"\b{said}\b", text)]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/works/", "/studies/", "/answers/", "/login/"])
def test_a_chinese_browser_gets_chinese_pages(address: str):
    assert_chinese(Client(headers=CHINESE).get(address).text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/studio/", "/studio/new/inceptionism/", "/hanging/", "/people/", "/account/"]
)
def test_a_chinese_admin_works_in_chinese(address: str, client: Client):
    sign_in(client, make_user(admin=True))
    assert_chinese(client.get(address, headers=CHINESE).text)


@pytest.mark.django_db
def test_the_first_study_greets_in_the_visitors_language():
    make_study(title="First light", slug="first-light")
    chinese = Client(headers=CHINESE).get("/studies/first-light/").text
    assert_chinese(chinese)
    assert "<h1>初光</h1>" in chinese
    assert "<h1>First light</h1>" in Client().get("/studies/first-light/").text


@pytest.mark.django_db
def test_other_studies_keep_the_words_of_their_admins():
    study = make_study(title="Gallery", purpose="<b>100%</b> & more")
    page = Client(headers=CHINESE).get(study.get_absolute_url()).text
    assert "<h1>Gallery</h1>" in page
    assert "&lt;b&gt;100%&lt;/b&gt; &amp; more" in page


ENGLISH = re.compile(r"\b[A-Za-z]{3,}(?: [a-z]{2,})+\b")
# What stays as its maker or an admin wrote it, and names.
KEPT = re.compile(
    r"Study \d+|Secret title \d+|Maker \d+|A line of words, number \d+|Unsigned", re.I
)


def english_in(page: str) -> set[str]:
    """Runs of English words that a reader of a page sees or hears."""
    body = re.sub(r"<(head|script|style|code)\b.*?</\1>", " ", page, flags=re.S)
    heard = " | ".join(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', body))
    seen = re.sub(r"<[^>]+>", " | ", body)
    return set(ENGLISH.findall(KEPT.sub(" | ", html.unescape(f"{seen} | {heard}"))))


def walked_in_chinese(study: Study) -> Iterator[tuple[str, str]]:
    """Every page of a whole sitting, from the landing page to the labels; and those refused."""
    client = Client(headers=CHINESE)
    landing = f"/studies/{study.slug}/"
    yield "landing", client.get(landing).text
    client.post(f"{landing}begin/")
    for number in range(60):
        page = client.get(f"{landing}sitting/")
        if page.status_code == 302:
            break
        yield f"step {number}", page.text
        form = FormReader(page.text)
        yield f"step {number} refused", client.post(form.action, {"age": "?"}).text
        values = {name: points[-1] for name, points in form.radios.items()}
        client.post(form.action, values)
    for name in ("reveal", "findings", "protocol"):
        yield name, client.get(f"{landing}{name}/").text
    yield "home", client.get("/").text
    yield "list", client.get("/studies/").text
    yield "answers", client.get("/answers/").text
    yield "no such code", client.post("/answers/", {"code": "nobody"}).text
    code = Rater.objects.get(study=study).code
    yield "erase", client.post("/answers/erase/", {"code": code}).text
    yield "wall", client.get("/works/").text
    yield "nowhere", client.get("/nowhere/").text
    study.close()
    yield "closed", client.get(landing).text
    yield "findings of a closed one", client.get(f"{landing}findings/").text


SESSION = {"preview": 2, "practice": 2, "anchors": 2, "repeats": 1, "instructed": True}
SESSION |= {"rest_after": 2, "facts": True}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rules",
    [
        {"session": SESSION},
        {"session": SESSION, "scales": [{"item": "quality"}, {"item": "liking"}]},
        {
            "mode": "pairs",
            "pairs": ["coherence", "surprise", "person"],
            "guess": {"timing": "none"},
        },
    ],
    ids=["scales", "other scales", "pairs"],
)
def test_no_page_of_a_visit_in_chinese_has_english_left(rules):
    study = make_study(2, state="draft", rules=rules)
    add_works(study, preview=2, practice=2, noise=1, plain=1)
    freeze(study)
    found = {name: english_in(page) for name, page in walked_in_chinese(study)}
    assert len(found) > 14
    assert {name: words for name, words in found.items() if words} == {}


def test_a_string_that_nobody_marked_is_noticed():
    assert english_in("<p>作品 and some words left</p>") == {"and some words left"}
    assert english_in('<img alt="The work">') == {"The work"}
    assert english_in("<head><title>Some words</title></head><p>Unsigned · Study 7</p>") == set()
