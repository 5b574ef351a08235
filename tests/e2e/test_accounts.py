"""Signing in as people do: by passkey, by app, by a link that somebody sent."""

from playwright.sync_api import Page, expect

PASSWORD = "a nanosecond of wire"


def with_passkeys(page: Page) -> Page:
    """Give the browser a device that stores passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return page


def invited(page: Page, name: str, role: str) -> str:
    """The link that the admin, who has the page open, gets for somebody."""
    page.goto("/people/")
    page.get_by_label("For", exact=True).fill(name)
    page.get_by_label("May act as", exact=True).select_option(role)
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("The link for").input_value()


def joined(page: Page, link: str, name: str) -> Page:
    page.goto(link)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    return page


def test_an_invited_admin_adds_a_passkey_and_signs_in_with_nothing_else(gallery, visit, signed_in):
    link = invited(signed_in("/people/"), "Grace", "admin")
    base = gallery.url.replace("127.0.0.1", "localhost")
    page = joined(with_passkeys(visit(f"{base}/")), link.replace(gallery.url, base), "grace")
    expect(page.get_by_role("alert")).to_contain_text("more than a password")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery Codes")
    page.get_by_role("link", name="Studio").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Studio")
    page.get_by_role("button", name="Sign out grace").click()
    page.goto(f"{base}/studio/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Studio")


def test_where_no_passkey_comes_the_page_says_so(gallery, visit):
    page = visit("/login/")  # an address without a name gets none
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("sign in another way")


def test_an_invited_curator_hangs_works_and_no_more(visit, signed_in, expected):
    expected.append("410 (Gone)")
    link = invited(signed_in("/people/"), "Hopper", "curator")
    page = joined(visit("/"), link, "hopper")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hanging room")
    expect(page.get_by_role("link", name="Studio")).to_have_count(0)
    late = visit("/")
    assert late.goto(link).status == 410


def test_an_invitation_works_without_javascript(visit, signed_in):
    link = invited(signed_in("/people/", java_script_enabled=False), "Noscript", "curator")
    page = joined(visit("/", java_script_enabled=False), link, "noscript")
    expect(page.get_by_role("link", name="Hanging room")).to_be_visible()
