"""The studio's pages, as an admin and as everybody else finds them."""

import re

import pytest
from django.urls import reverse

from gallery.runs.models import Output, Preview, Run
from generators.catalog import GENERATORS
from tests.factories import make_artwork, make_run, make_user, sign_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
NEW = "/studio/new/entropy/"
WORKS_ON_PICTURES = "inceptionism"


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def page(client, address, status=200, **kw):
    response = client.get(address, **kw)
    assert response.status_code == status
    return response.text


def make_output(run: Run, index: int = 0, **kw) -> Output:
    artwork = make_artwork("machine", hung=False, **kw)
    return Output.objects.create(run=run, index=index, artwork=artwork)


def addresses(run: Run) -> list[tuple[str, str]]:
    code = run.code
    return [
        ("get", reverse("studio")),
        ("get", NEW),
        ("post", NEW),
        ("get", reverse("run", args=[code])),
        ("get", reverse("run-preview", args=[code])),
        ("post", reverse("run-cancel", args=[code])),
        ("post", reverse("run-retry", args=[code])),
        ("post", reverse("run-repeat", args=[code])),
        ("get", reverse("run-sheet", args=[code])),
        ("post", reverse("output-hang", args=[code, 0])),
        ("post", reverse("output-discard", args=[code, 0])),
    ]


@pytest.mark.parametrize("role", ["stranger", "visitor", "curator"])
def test_only_admins_enter_the_studio(client, role):
    run = make_run()
    output = make_output(run)
    if role != "stranger":
        sign_in(client, make_user(curator=role == "curator"))
    for method, address in addresses(run):
        response = getattr(client, method)(address)
        if role == "stranger":
            assert response.status_code == 302
            assert response["Location"].startswith("/login/")
        else:
            assert response.status_code == 403
    run.refresh_from_db()
    output.artwork.refresh_from_db()
    assert (run.state, output.artwork.state) == ("queued", "candidate")
    assert Run.objects.count() == 1


def test_what_writes_takes_no_get(admin):
    for method, address in addresses(make_run()):
        if method == "post" and address != NEW:
            assert admin.get(address).status_code == 405


def test_unknown_runs_and_generators_are_not_found(admin):
    nobody = "00000000-0000-4000-8000-000000000000"
    for name in ("run", "run-preview", "run-sheet"):
        page(admin, reverse(name, args=[nobody]), 404)
    for name in ("run-cancel", "run-retry", "run-repeat"):
        assert admin.post(reverse(name, args=[nobody])).status_code == 404
    assert admin.post(reverse("output-hang", args=[make_run().code, 7])).status_code == 404
    page(admin, "/studio/new/rembrandt/", 404)


def test_the_studio_lists_the_artists_the_queue_and_the_past(admin):
    for _ in range(2):
        make_run()
    done = make_run(generator="letters")
    done.cancel()
    html = page(admin, reverse("studio"))
    for generator in GENERATORS.values():
        assert generator.summary.partition(":")[0] in html
    assert "next in line" in html
    assert "number 2 in line" in html
    assert "Cancelled" in html


def test_the_queue_alone_comes_to_htmx(admin):
    make_run()
    html = page(admin, reverse("studio"), headers=HTMX)
    assert html.lstrip().startswith('<div id="queue"')
    assert "Artists" not in html


def test_a_longer_studio_costs_no_more_queries(admin, django_assert_max_num_queries):
    for number in range(12):
        run = make_run()
        Preview.objects.show(run, image=b"webp", text="")
        make_output(run)
        if number % 2:
            run.cancel()
    with django_assert_max_num_queries(12):
        page(admin, reverse("studio"))


def test_the_form_shows_each_parameter_with_its_bounds_and_default(admin):
    html = page(admin, NEW)
    size = re.search(r'<input[^>]*name="size"[^>]*>', html)
    assert size
    for attribute in ('type="number"', 'min="64"', 'max="1024"', 'value="512"'):
        assert attribute in size[0]
    assert "Long side in pixels" in html
    assert "From 64 to 1024 pixels." in html
    assert re.search(r'<option value="uniform noise" selected>', html)
    aspect = re.search(r'<input[^>]*name="aspect"[^>]*>', html)
    assert aspect
    assert "value=" not in aspect[0]  # empty: as works by people
    assert re.search(r'name="content" value="" checked', html)  # from nothing, unless asked


@pytest.mark.parametrize("name", GENERATORS)
def test_every_generator_can_be_commissioned_with_its_defaults(admin, name):
    content = make_artwork(medium=GENERATORS[name].medium)
    html = page(admin, reverse("run-new", args=[name]))
    fields = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', html))
    fields |= {"count": "1"}
    if GENERATORS[name].content == "required":
        fields["content"] = str(content.code)
    if GENERATORS[name].most_styles and GENERATORS[name].styles_required:
        fields["styles"] = str(content.code)
    response = admin.post(reverse("run-new", args=[name]), fields)
    run = Run.objects.get()
    assert response["Location"] == run.get_absolute_url()
    assert run.generator == name


def test_a_request_is_queued_in_the_name_of_who_asked(admin):
    admin.post(NEW, {"size": "128", "count": "3", "seed": "9", "variant": "plain field"})
    run = Run.objects.get()
    assert (run.count, run.seed, str(run.requested_by)) == (3, 9, "ada")
    assert run.params["variant"] == "plain field"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("size", "63", "greater than or equal to 64"),
        ("size", "wide", "Enter a whole number."),
        ("alpha", "nan", "Enter a number."),
        ("alpha", "1e308", "less than or equal to 2.0"),
        ("variant", "beauty", "Select a valid choice."),
        ("count", "0", "greater than or equal to 1"),
        ("count", "", "This field is required."),
        ("seed", "-1", "greater than or equal to 0"),
        ("seed", str(2**63), "less than or equal to"),
    ],
)
def test_a_bad_value_is_told_at_its_field_and_the_others_are_kept(admin, field, value, sentence):
    asked = {"size": "128", "count": "3", "seed": "41", "variant": "plain field"}
    response = admin.post(NEW, {**asked, field: value})
    assert response.status_code == 422
    assert not Run.objects.exists()
    before = response.text.partition(f'name="{field}"')[0]
    assert sentence in before[before.rindex('class="field"') :]
    for other in {"size", "count", "seed"} - {field}:
        assert f'name="{other}" value="{asked[other]}"' in response.text


def test_a_refusal_of_the_request_as_a_whole_is_told_above_the_form(admin, monkeypatch):
    monkeypatch.setattr("gallery.runs.services.MOST_COST", 1.0)
    response = admin.post(NEW, {"size": "1024", "count": "100"})
    assert response.status_code == 422
    assert "Ask for fewer or smaller works." in response.text
    assert not Run.objects.exists()


def test_the_cost_is_told_without_queueing_anything(admin):
    asked = {"size": "1024", "count": "100", "estimate": "yes"}
    html = admin.post(NEW, asked).text
    assert "for all 100 works" in html
    assert 'value="1024"' in html
    fragment = admin.post(NEW, asked, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="estimate"')
    wrong = admin.post(NEW, {**asked, "size": "1"}, headers=HTMX)
    assert wrong.status_code == 200
    assert "Long side in pixels: " in wrong.text
    assert not Run.objects.exists()


def test_only_hung_works_of_the_medium_are_offered_to_start_from(admin):
    hung, candidate = make_artwork(), make_artwork(hung=False)
    text = make_artwork(medium="text")
    address = reverse("run-new", args=[WORKS_ON_PICTURES])
    html = page(admin, address)
    assert str(hung.code) in html
    assert str(candidate.code) not in html
    assert str(text.code) not in html
    for wrong in (candidate, text):
        refused = admin.post(address, {"count": "1", "content": str(wrong.code)})
        assert refused.status_code == 422
    assert admin.post(address, {"count": "1", "content": str(hung.code)}).status_code == 302
    assert Run.objects.get().inputs.get().artwork == hung


def test_a_run_tells_where_it_stands(admin):
    run = make_run(count=4)
    address = run.get_absolute_url()
    assert "Waiting, next in line" in page(admin, address)
    held = Run.objects.claim("w1")
    assert held
    held.report(3, 9, "second octave")
    make_output(run)
    html = page(admin, address)
    assert "Painting, step 3 of 9" in html
    assert "1 of 4 works made" in html
    assert "second octave" in html
    assert 'value="1.333"' in html
    held.fail("This picture is flat.")
    html = page(admin, address)
    assert "Failed" in html
    assert "This picture is flat." in html
    assert "every 5s" not in html
    assert 'http-equiv="refresh"' not in html


def test_a_page_without_script_looks_again_by_itself(admin):
    html = page(admin, make_run().get_absolute_url())
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="5">', html)


def test_a_poll_gets_the_live_part_and_the_rest_only_when_it_changed(admin):
    run = make_run()
    address = run.get_absolute_url()
    same = page(admin, f"{address}?seen={run.shape}", headers=HTMX)
    assert same.strip().startswith('<section id="run-live"')
    assert 'hx-target="#run-rest"' not in same
    changed = page(admin, f"{address}?seen=queued-7-7", headers=HTMX)
    assert 'hx-target="#run-rest"' in changed
    rest = page(admin, address, headers={**HTMX, "HX-Target": "run-rest"})
    assert rest.strip().startswith('<div id="run-rest"')


def test_the_newest_frame_is_served_and_stored_nowhere(admin):
    run = make_run()
    address = reverse("run-preview", args=[run.code])
    page(admin, address, 404)
    Preview.objects.show(run, image=b"first", text="")
    Preview.objects.show(run, image=b"second", text="")
    response = admin.get(address)
    assert response.content == b"second"
    assert response["Content-Type"] == "image/webp"
    assert "no-store" in response["Cache-Control"]
    assert "?n=2" in page(admin, run.get_absolute_url())


def test_a_frame_of_a_text_is_shown_as_text(admin):
    run = make_run(generator="letters")
    Preview.objects.show(run, image=b"", text="<b>qwzx</b>")
    assert "&lt;b&gt;qwzx&lt;/b&gt;" in page(admin, run.get_absolute_url())
    page(admin, reverse("run-preview", args=[run.code]), 404)


def test_a_run_is_cancelled_and_tried_again_by_its_buttons(admin):
    run = make_run()
    admin.post(reverse("run-cancel", args=[run.code]))
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "Try again" in page(admin, run.get_absolute_url())
    admin.post(reverse("run-retry", args=[run.code]))
    run.refresh_from_db()
    assert run.state == "queued"


def test_a_sentence_of_the_log_is_read_in_the_readers_language(admin):
    run = make_run()
    assert Run.objects.claim("w1")
    chinese = {"Accept-Language": "zh-CN"}
    admin.post(reverse("run-cancel", args=[run.code]), headers=chinese)
    assert "已取消。" in page(admin, run.get_absolute_url(), headers=chinese)
    assert "Cancelled." in page(admin, run.get_absolute_url())


def test_candidates_are_hung_and_discarded_and_counted(admin):
    run = make_run(count=3)
    outputs = [make_output(run, index) for index in range(3)]
    admin.post(reverse("output-hang", args=[run.code, 0]))
    response = admin.post(reverse("output-discard", args=[run.code, 1]))
    assert response["Location"] == run.get_absolute_url()
    for output in outputs:
        output.artwork.refresh_from_db()
    assert [o.artwork.state for o in outputs] == ["hung", "discarded", "candidate"]
    html = page(admin, run.get_absolute_url())
    assert "3 made, 1 hung, 1 discarded, 1 undecided." in html
    admin.post(reverse("output-discard", args=[run.code, 0]))  # decided: it stays on the wall
    outputs[0].artwork.refresh_from_db()
    assert outputs[0].artwork.state == "hung"


def test_a_longer_contact_sheet_costs_no_more_queries(admin, django_assert_max_num_queries):
    run = make_run(count=30)
    for index in range(30):
        make_output(run, index)
    with django_assert_max_num_queries(15):
        page(admin, run.get_absolute_url())


def test_the_log_is_on_the_page(admin):
    run = make_run()
    for _ in range(2):
        held = Run.objects.claim("easel:7:ab")
        assert held
        held.stumble("It broke.")
    html = page(admin, run.get_absolute_url())
    assert html.count("easel:7:ab") == 2
    assert html.count("It broke.") == 2


def test_a_run_of_a_generator_that_is_gone_can_still_be_read(admin):
    run = make_run(generator="gone", params={"wit": 3})
    html = page(admin, run.get_absolute_url())
    assert "gone" in html
    assert "wit" in html
