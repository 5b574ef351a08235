"""A study is frozen once, with a hash that anybody can check, and its key is told at the close."""

import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from gallery.studies.blueprints import BLUEPRINTS
from gallery.studies.freezing import freeze
from gallery.studies.models import Role, State, Study
from gallery.studies.protocol import Protocol, canonical, sha256_of
from gallery.studies.services import draft_study, open_draft, open_study
from tests.factories import make_artwork, make_run, make_study, make_user, sign_in
from tests.studies.visitors import sit_down

pytestmark = pytest.mark.django_db


def hung(each: int = 4, **kw) -> list[int]:
    return [make_artwork(side, **kw).pk for side in ("human", "machine") for _ in range(each)]


def ends(each: int = 3) -> None:
    for source_class in ("noise", "plain"):
        for _ in range(each):
            make_artwork("machine", source_class=source_class)


def draft(works: list[int] | None = None, **kw) -> Study:
    words = {"title": "A", "slug": "a", "purpose": "", "medium": "image", "seed": 3}
    return draft_study(**{**words, "artwork_ids": works or hung(), "trials_per_rater": 4, **kw})


def test_a_draft_is_seen_by_admins_alone_and_sat_by_nobody(client):
    study = draft()
    for page in ("", "protocol/", "protocol/document.json", "sitting/"):
        assert client.get(f"/studies/a/{page}").status_code in (302, 404), page
    assert client.post("/studies/a/begin/").status_code == 410
    assert "/studies/a/" not in client.get("/studies/").content.decode()
    sign_in(client, make_user(admin=True))
    page = client.get("/studies/a/protocol/").content.decode()
    assert "Freeze it and open it" in page
    assert "smallest group has 4 works and 40 are advised" in page
    assert "There are no anchors" not in page  # none were asked for
    assert study.document is None


def test_the_document_holds_the_rules_and_the_works_under_names_that_say_nothing():
    study = make_study(3)
    document = study.document
    assert document is not None
    assert sha256_of(document) == study.document_sha256
    assert {one["work"] for one in document["works"]} == {
        str(code) for code in study.works.values_list("code", flat=True)
    }
    spelled = canonical(document).decode()
    for work in study.works.select_related("artwork__maker"):
        for secret in (
            work.artwork.code,
            work.artwork.title,
            work.artwork.maker,
            work.artwork.sha256,
        ):
            assert str(secret) not in spelled
    assert document["words"]["zh-hans"][0]["asks"] != document["words"]["en"][0]["asks"]


def test_the_key_is_told_at_the_close_and_not_before(client):
    study = make_study(2)
    assert client.get(f"/studies/{study.slug}/protocol/key.json").status_code == 404
    sealed = client.get(f"/studies/{study.slug}/protocol/document.json")
    study.close()
    told = client.get(f"/studies/{study.slug}/protocol/key.json")
    assert sha256_of(json.loads(told.content)) == json.loads(sealed.content)["key_sha256"]
    makers = {one["maker"] for one in json.loads(told.content)["works"]}
    assert makers == set(study.works.values_list("artwork__maker__name", flat=True))


def test_a_key_cannot_be_guessed_from_its_hash():
    one, other = make_study(1), make_study(1)
    assert one.key is not None
    assert other.key is not None
    assert len(one.key["salt"]) == 64
    assert one.key["salt"] != other.key["salt"]


def test_the_spelling_that_is_hashed_never_depends_on_order():
    assert canonical({"b": 1, "a": ["é"]}) == '{"a":["é"],"b":1}'.encode()
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})


def test_anybody_can_verify_what_was_published(client, tmp_path, capsys):
    study = make_study(2, state=State.CLOSED)
    files = {}
    for name in ("document", "key"):
        files[name] = tmp_path / f"{name}.json"
        page = f"/studies/{study.slug}/protocol/{name}.json"
        files[name].write_bytes(client.get(page).content)
    given = ["--document", files["document"], "--sha256", study.document_sha256]
    call_command("verify_study", *map(str, given), "--key", str(files["key"]))
    assert "what it was frozen as" in capsys.readouterr().out
    key = json.loads(files["key"].read_text())
    key["works"][0]["maker"] = "Somebody else"
    files["key"].write_text(json.dumps(key))
    with pytest.raises(CommandError, match="not the one that the document committed to"):
        call_command("verify_study", *map(str, given), "--key", str(files["key"]))
    files["document"].write_text(files["document"].read_text().replace("Study", "Other"))
    with pytest.raises(CommandError, match="does not have the hash"):
        call_command("verify_study", *map(str, given))


def test_a_label_that_was_changed_meanwhile_is_named():
    study = make_study(1)
    call_command("verify_study", study.slug)
    artwork = study.works.earliest("pk").artwork
    artwork.maker.name = "Somebody else"
    artwork.maker.save()
    with pytest.raises(CommandError, match=str(artwork.code)):
        call_command("verify_study", study.slug)


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ([], "Name a study"),
        (["nowhere"], "was ever opened"),
        (["--document", "/nowhere.json", "--sha256", "0"], "cannot be read"),
    ],
)
def test_verifying_nothing_says_what_to_give(given, because):
    with pytest.raises(CommandError, match=because):
        call_command("verify_study", *given)


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("not json")
    with pytest.raises(CommandError, match="is not JSON"):
        call_command("verify_study", "--document", str(tmp_path / "a.json"), "--sha256", "0")


def test_a_study_is_frozen_once():
    study = draft()
    assert freeze(study)
    first = Study.objects.get(pk=study.pk).document_sha256
    assert not freeze(Study.objects.get(pk=study.pk))
    assert Study.objects.get(pk=study.pk).document_sha256 == first


def test_the_next_version_closes_the_one_before_and_says_what_differs(client):
    works = hung()
    first = open_study(
        title="A",
        slug="a",
        purpose="",
        medium="image",
        artwork_ids=works,
        trials_per_rater=4,
        seed=3,
    )
    second = draft(works, slug="a-2", previous=first, trials_per_rater=8)
    sign_in(client, make_user(admin=True))
    page = client.get("/studies/a-2/protocol/").content.decode()
    assert "-works_in_a_sitting: 4" in page
    assert "+works_in_a_sitting: 8" in page
    assert open_draft(second)
    first.refresh_from_db()
    assert first.state == State.CLOSED
    assert second.document is not None
    assert second.document["previous_sha256"] == first.document_sha256


@pytest.mark.parametrize("blueprint", BLUEPRINTS.values(), ids=lambda one: one.name)
def test_every_blueprint_opens_and_can_be_sat(blueprint):
    people = [make_artwork("human").pk for _ in range(16)]
    machines = []
    run = make_run(knob="units", rungs=[1.0, 2.0] * 8, count=16)
    for index in range(16):
        source_class = "filter" if index % 2 else "sampler"
        work = make_artwork("machine", source_class=source_class)
        run.outputs.create(index=index, artwork=work, knob="units", rung=1.0 + index % 2)
        machines.append(work.pk)
    ends()
    study = open_study(
        title="A",
        slug="a",
        purpose="",
        medium="image",
        artwork_ids=[*people[:12], *machines[:12]],
        trials_per_rater=12,
        seed=3,
        rules=blueprint.rules,
    )
    roles = Counter(study.works.values_list("role", flat=True))
    assert roles[Role.RATED] == 24
    assert roles[Role.PREVIEW] >= 4
    assert bool(roles[Role.NOISE]) == bool(blueprint.rules.session.anchors)
    _, rater = sit_down(study)
    assert rater.trials.filter(kind="rated").count() == (6 if blueprint.name == "pairs" else 12)


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"scales": []}, "the guess is asked"),
        ({"mode": "pairs"}, "pairs need a question"),
        ({"scales": [{"item": "coherence"}, {"item": "coherence"}]}, "asked once"),
        ({"scales": [{"item": "beauty"}]}, "Input should be"),
        ({"scales": [{"item": "coherence", "points": 6}]}, "Input should be"),
        ({"guess": {"interleaved_share": 0.9}}, "less than or equal"),
        ({"adaptive": True}, "Extra inputs"),
    ],
)
def test_a_protocol_that_cannot_be_asked_is_refused(values, because):
    with pytest.raises(ValueError, match=because):
        Protocol.model_validate(values)
