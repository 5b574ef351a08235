"""Nobody makes the gallery read its own network, however the address is written."""

import pytest

from gallery.museums.addresses import checked, is_public
from gallery.museums.fetching import fetch
from gallery.museums.refusals import NotFetched

INSIDE = [
    "0.0.0.0",
    "10.0.0.5",
    "100.64.0.1",  # shared by a provider's customers
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # a cloud's secrets
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "64:ff9b::a00:1",
    "64:ff9b::5db8:d822",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001:0:a00:1::1",
    "2001:db8::1",
    "3fff::1",
    "2002:a00:1::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2130706433",
    "0x7f000001",
    "127.1",
    "0177.0.0.1",
    "museum.example",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_somebodys_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cats",
        "file:///etc/passwd",
        "gopher://museum.example/1",
        "ftp://museum.example/a.jpg",
        "data:text/plain,hello",
        "javascript:alert(1)",
        "jar:https://museum.example!/",
        "//museum.example/",
        "https:///a.jpg",
        "http://museum.example/",
        "https://museum.example:22/",
        "https://museum.example:80/",
        "https://museum.example:99999/",
        "https://museum.example:x/",
        "https://user@museum.example/",
        "https://user:password@museum.example/",
        "https://museum.example@127.0.0.1/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://exa mple.org/",
        "https://museum.example\\@127.0.0.1/",
        "https://museum.example\0/",
        "https://..example/",
        f"https://{'a' * 64}.example/",
        "https://%31%32%37.0.0.1/",
    ],
)
def test_other_addresses_than_plain_https_are_refused_before_anything_is_resolved(address):
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(NotFetched, match="Only public addresses that begin with https:// are read"):
        fetch(address, most=9, resolve=never)


@pytest.mark.parametrize(
    ("address", "host", "named", "target"),
    [
        ("https://Museum.Example", "museum.example", "museum.example", "/"),
        (" https://museum.example:443/a?b=c#d\n", "museum.example", "museum.example", "/a?b=c"),
        ("https://müsli.example/", "xn--msli-0ra.example", "xn--msli-0ra.example", "/"),
        ("https://[2606:2800::1]/", "2606:2800::1", "[2606:2800::1]", "/"),
        ("https://m.example/a b/ü%2F\0", "m.example", "m.example", "/a%20b/%C3%BC%2F%00"),
        ("https://m.example/?q=a b\\", "m.example", "m.example", "/?q=a%20b%5C"),
        ("https://m.example/a\r\nHost: x", "m.example", "m.example", "/aHost:%20x"),
    ],
)
def test_what_is_asked_for_is_quoted_and_plain(address, host, named, target):
    place = checked(address)
    assert (place.host, place.named, place.target) == (host, named, target)
    assert (place.tls, place.port, place.trusted) == (True, 443, False)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "１２７.0.0.1",
        "127。0。0。1",
        "localhost",
        "LOCALHOST.",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_this_machine_is_not_asked_however_its_number_is_written(host):
    """With the machine's own resolver."""
    with pytest.raises(NotFetched) as refused:
        fetch(f"https://{host}/", most=9)
    assert "could not be read" in str(refused.value) or "not on the public" in str(refused.value)
    assert "took too long" not in str(refused.value)


@pytest.mark.parametrize("inside", [one for one in INSIDE if one])
def test_a_name_that_leads_inside_is_not_followed(inside):
    """Not even if it leads outside as well."""
    outside = "93.184.216.34"
    for found in ([inside], [outside, inside], [inside, outside]):

        def resolve(host: str, port: int, found: list[str] = found) -> list[str]:
            return found

        with pytest.raises(NotFetched, match=r"museum\.example is not on the public"):
            fetch("https://museum.example/", most=9, resolve=resolve)


def test_a_name_without_an_address_is_not_followed():
    with pytest.raises(NotFetched, match="not on the public internet"):
        fetch("https://museum.example/", most=9, resolve=lambda host, port: [])


def test_a_name_is_resolved_once_so_it_cannot_change_its_mind(museum):
    """The second answer would lead elsewhere."""
    museum.say("/a", b"words")
    asked: list[tuple[str, int]] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.99"]

    address = f"http://museum.test:{museum.port}/a"
    assert fetch(address, most=9, resolve=rebinding) == b"words"
    assert asked == [("museum.test", museum.port)]
    assert museum.asked[0][2]["Host"] == f"museum.test:{museum.port}"


def test_trust_is_for_a_host_with_its_port(museum, settings):
    museum.say("/a", b"words")
    assert fetch(f"{museum.url}/a", most=9) == b"words"
    settings.MUSEUMS_TRUSTED_HOSTS = ["127.0.0.1", "127.0.0.1:1"]
    with pytest.raises(NotFetched, match="Only public addresses"):
        fetch(f"{museum.url}/a", most=9)
    settings.MUSEUMS_TRUSTED_HOSTS = [f"user@127.0.0.1:{museum.port}", f"127.0.0.1:{museum.port}"]
    for address in (f"http://user@127.0.0.1:{museum.port}/a", f"ftp://127.0.0.1:{museum.port}/a"):
        with pytest.raises(NotFetched, match="Only public addresses"):
            fetch(address, most=9)
    assert len(museum.asked) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://[::1]/",
        "http://127.0.0.1:1/",
        "//127.0.0.1:1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "https://user:password@museum.example/",
        "https://[::1",
        "",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_nowhere_that_could_not_be_asked_for_at_once(museum, elsewhere, status):
    museum.say("/a", b"", status, Location=elsewhere)
    with pytest.raises(NotFetched) as refused:
        fetch(f"{museum.url}/a", most=9)
    assert "took too long" not in str(refused.value)
    assert set(museum.paths) == {"/a"}


def test_three_redirects_are_followed_and_a_fourth_is_not(museum):
    for number in range(4):
        museum.say(f"/{number}", b"", 302, Location=f"/{number + 1}")
    museum.say("/4", b"words")
    assert fetch(f"{museum.url}/1", most=9) == b"words"
    with pytest.raises(NotFetched, match="only leads on to other addresses"):
        fetch(f"{museum.url}/0", most=9)
