"""Which check of its blindness a gallery tells visitors about."""

import json

import pytest

from gallery.studies import checked


def told(path, auc: float, day: str) -> None:
    path.write_text(json.dumps({"date": day, "bare": {"auc": auc, "low": auc, "high": auc}}))


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setattr(checked, "OURS", tmp_path / "project.json")
    monkeypatch.setattr(checked, "OWN", tmp_path / "own.json")
    told(tmp_path / "project.json", 0.5, "2026-06-02")
    return tmp_path / "own.json"


@pytest.mark.parametrize(("day", "auc"), [("2026-06-01", 0.5), ("2026-06-02", 0.6)])
def test_the_newer_check_is_told_and_of_one_day_the_gallerys_own(own, day, auc):
    told(own, 0.6, day)
    found = checked.last_checked()
    assert found
    assert found.auc == auc


@pytest.mark.parametrize("broken", ["", "[]", '{"bare": {}}', '{"bare": null, "date": "x"}'])
def test_a_check_that_cannot_be_read_counts_as_none(own, broken):
    own.write_text(broken)
    found = checked.last_checked()
    assert found
    assert found.auc == 0.5
    checked.OURS.unlink()
    assert checked.last_checked() is None
