"""Whatever people write stays words: on every page, for visitors and for admins, in a real browser
under the site's own Content Security Policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tests.e2e.payloads import words
from tests.e2e.serving import serving
from tests.servers import Gallery
from tests.studies.crawler import addresses

pytestmark = pytest.mark.any_database

FILL = "from tests.e2e.hostile_rows import fill; fill()"
DONE_WITH = re.compile(r"^/(logout|i18n|healthz|readyz)/")  # they end something, or show nothing

# What must be in no page: it collects, rather than stops at the first.
FAULTS = """() => {
  const found = [...window.__reports];
  if (window.__xss) found.push("a script ran");
  const site = ["http:", "https:"];
  for (const element of document.querySelectorAll("*")) {
    for (const {name, value} of element.attributes) {
      if (/^on|^(data-)?hx-on/.test(name)) found.push(`${name}=${value}`);
      if (/^(data-)?hx-/.test(name) && /^\\s*(js|javascript):/i.test(value)) {
        found.push(`${name}=${value}`);
      }
      if (name === "style" || name === "srcdoc") found.push(`${name}=${value}`);
      if (/^(xlink:)?href$|^(src|action|formaction|hx-get|hx-post|ws-connect)$/.test(name)) {
        const {protocol, host} = new URL(value, location);
        const museum = element.matches("a[rel~=noreferrer]");
        if (!site.includes(protocol) || (host !== location.host && !museum)) {
          found.push(`${name}=${value}`);
        }
      }
    }
  }
  for (const script of document.scripts) {
    const inert = script.type === "application/json";
    if (!inert && script.text.trim()) found.push(`script ${script.text}`);
  }
  for (const name of ["base", "iframe", "object", "embed", "math", "marquee", "foreignObject"]) {
    for (const one of document.querySelectorAll(name)) {
      if (!one.matches("figure foreignObject.peek")) found.push(`element ${name}`);
    }
  }
  return found;
}"""

WATCH = """
window.__reports = [];
addEventListener("securitypolicyviolation", (event) =>
  window.__reports.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def hostile(against: str, furnished: Path) -> Iterator[tuple[Gallery, dict[str, Any]]]:
    """A gallery that holds every payload in every field, and what addresses need to know of it."""
    if against == "scaled":
        pytest.skip("a field holds all payloads at once, more than PostgreSQL lets in; same pages")
    with serving(against, furnished, FILL, paints=False) as (gallery, printed):
        yield gallery, json.loads(printed.splitlines()[-1])


class Watched:
    """A browser's page of which nothing is missed."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home = home
        self.wrong: list[str] = []
        self.read = ""  # the words of every page so far
        self.pages = 0
        context.add_init_script(WATCH)
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.page.on("dialog", self.refuse)
        self.page.on("pageerror", lambda error: self.note(f"error {error}"))
        self.page.on("console", self.told)
        self.page.on("request", lambda asked: self.asked(asked.url))
        context.on("page", lambda other: self.note(f"another page opened: {other.url}"))

    def note(self, fault: str) -> None:
        self.wrong.append(f"{self.page.url[:200]}: {fault[:300]}")

    def refuse(self, box: Dialog) -> None:
        self.note(f"dialog {box.message}")
        box.dismiss()

    def told(self, message: ConsoleMessage) -> None:
        """Errors, save that the page itself is a refusal, or that a JSON document has no icon."""
        place = message.location["url"]
        meant = place == self.page.url or place.endswith("/favicon.ico")
        if message.type == "error" and not ("Failed to load" in message.text and meant):
            self.note(f"console {message.text}")

    def asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:image/")):
            self.note(f"asked {url}")

    def look(self) -> None:
        """At the page as it stands."""
        self.pages += 1
        for fault in self.page.evaluate(FAULTS):
            self.note(fault)
        self.read += self.page.content()

    def visit(self, path: str) -> None:
        """If it is there, and a page; whatever it is, it may not fail."""
        answer = self.page.context.request.get(self.home + path, max_redirects=0)
        if answer.status >= 500:
            self.wrong.append(f"{path}: {answer.status}")
        kind = answer.headers.get("content-type", "")
        page = kind.startswith(("text/html", "application/json", "image/svg"))
        saved = "attachment" in answer.headers.get("content-disposition", "")
        if answer.status == 200 and page and not saved:
            self.page.goto(self.home + path)
            self.look()

    def send(self, path: str, **fields: str) -> None:
        """Post what a form refuses or takes, and look at what it answers."""
        self.page.evaluate(
            """([path, fields]) => {
              const form = document.createElement("form");
              Object.assign(form, {action: path, method: "post"});
              for (const [name, value] of Object.entries(fields)) {
                const field = document.createElement("textarea");
                form.append(Object.assign(field, {name, value}));
              }
              form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
              document.body.append(form);
            }""",
            [path, fields],
        )
        with self.page.expect_navigation():
            self.page.evaluate("document.body.lastElementChild.submit()")
        self.look()


def test_whatever_is_written_anywhere_stays_words(
    chromium: Browser, hostile: tuple[Gallery, dict[str, Any]]
):
    gallery, known = hostile
    paths = [path for path in dict.fromkeys(addresses(known)) if not DONE_WITH.match(path)]
    read, wrong = "", []
    for session in ("", gallery.admin_session()):
        context = chromium.new_context(base_url=gallery.url, locale="en-GB")
        cookies = known["cookies"] | ({"sessionid": session} if session else {})
        context.add_cookies(
            [{"name": k, "value": v, "url": gallery.url} for k, v in cookies.items()]
        )
        watched = Watched(context, gallery.url)
        for path in paths:
            watched.visit(path)
        if session:
            send_forms(watched)
        else:
            look_further(watched)
            sit(watched, known["asking"])
        assert watched.pages > 30
        read += watched.read
        wrong += watched.wrong
        context.close()
    assert not wrong, "\n".join(wrong)
    unseen = [mark for mark in marks() if f"[{mark}]" not in read]
    assert not unseen


def marks() -> set[str]:
    """What is written into the rows that pages show."""
    return {
        *("title", "maker", "machine", "year", "licence", "credit", "source", "text"),
        *("consent note", "collection", "about"),
        *("generator", "recipe key", "recipe value", "param key", "param value", "torch"),
        *("told title", "asking title", "drafted title", "purpose", "hypothesis", "meaning"),
        *("analysis", "description", "error", "run key", "run value", "training"),
        *("learnt key", "learnt value", "username", "invitation", "sent"),
    }


def look_further(watched: Watched) -> None:
    """Along the wall, and at each figure by itself."""
    for number in range(2, 9):
        watched.visit(f"/works/?page={number}")
    watched.visit("/studies/told/findings/")
    links = watched.page.locator("a[href$='.svg']").all()
    figures = [str(link.get_attribute("href")) for link in links]
    assert len(figures) > 5
    for path in figures:
        watched.visit(path)


def sit(watched: Watched, slug: str) -> None:
    """The first pages of a sitting, and the one form that strangers may type into."""
    watched.visit(f"/studies/{slug}/")
    with watched.page.expect_navigation():
        watched.page.locator("form[action$='/begin/'] button").click()
    watched.look()
    with watched.page.expect_navigation():
        watched.page.evaluate("document.querySelector('form.answers').submit()")
    watched.look()
    watched.visit("/login/")
    watched.send("/login/", login=words("sent"), password=words("sent"))


def send_forms(watched: Watched) -> None:
    """Each form with all payloads in each of its fields."""
    for path, names in {
        "/hanging/new/": "maker title year licence credit source consent consent_note text",
        "/hanging/collections/": "name about",
        "/studies/new/": "title purpose hypothesis meaning primary_analysis slug medium",
        "/people/": "name role",
        "/studio/new/entropy/": "size seed variant count aspect",
        "/studio/train/gan/": "name size steps",
    }.items():
        watched.visit(path)
        watched.send(path, **dict.fromkeys(names.split(), words("sent")))


@pytest.mark.parametrize("payload", ["<img src=x onerror=window.__xss=1>", "<p style='a:b'>"])
def test_a_page_that_takes_words_for_markup_is_noticed(
    chromium: Browser, hostile: tuple[Gallery, dict[str, Any]], payload: str
):
    gallery, _known = hostile
    context = chromium.new_context(base_url=gallery.url)
    watched = Watched(context, gallery.url)
    watched.visit("/works/")
    assert not watched.wrong
    watched.page.evaluate("(html) => { document.querySelector('main').innerHTML = html }", payload)
    watched.page.wait_for_timeout(200)
    watched.look()
    told = " ".join(watched.wrong)
    assert "onerror=" in told or "style=" in told
    assert "policy: " in told
    assert "console " in told
    context.close()
