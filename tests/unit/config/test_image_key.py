"""The key that signs pictures: configured, or made once and kept for its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from aggregator.config.image_key import FILE, image_key, with_image_key
from aggregator.config.load import load
from aggregator.errors import AggregatorError
from aggregator.model.settings import Configuration
from tests.support.folders import configured

SECRET = "sixteen letters."


def configuration(
    folder: Path, proxy: str = "", images: str = "proxy", **own: str
) -> Configuration:
    """A configuration that wants pictures to go through a proxy."""
    clean = {"images": images, "image_proxy": proxy}
    return load(configured(folder, [], clean=clean, images=own) / "config", {})


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    """The first who publishes makes it, for its owner only; everyone after has the same."""
    wanted = configuration(tmp_path)
    assert image_key(wanted) == ""
    key = with_image_key(wanted).settings.images.secret.get_secret_value()
    assert len(key) >= 40
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert (
        image_key(wanted) == key == with_image_key(wanted).settings.images.secret.get_secret_value()
    )
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["image.key"]


def test_another_folder_has_another_key(tmp_path: Path) -> None:
    """Two services do not sign for each other."""
    keys = [with_image_key(configuration(tmp_path / name)).settings.images.secret for name in "ab"]
    assert keys[0] != keys[1]


def test_a_configured_key_is_kept_nowhere(tmp_path: Path) -> None:
    """It counts as it stands, and no file is made."""
    wanted = configuration(tmp_path, secret=SECRET)
    assert with_image_key(wanted) == wanted
    assert image_key(wanted) == SECRET
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(("images", "proxy"), [("keep", ""), ("proxy", "https://p.example/?{url}")])
def test_nobody_makes_a_key_that_nobody_wants(tmp_path: Path, images: str, proxy: str) -> None:
    """Without our own proxy nothing is made."""
    wanted = configuration(tmp_path, proxy, images)
    assert with_image_key(wanted) is wanted
    assert not (tmp_path / FILE).exists()


def test_a_key_outlives_the_proxy(tmp_path: Path) -> None:
    """Addresses that were published while there was one can still be answered."""
    key = with_image_key(configuration(tmp_path)).settings.images.secret.get_secret_value()
    assert image_key(configuration(tmp_path, images="keep")) == key


def test_a_key_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """Where the folder is a file, or the key's file is empty, it says where and what to do."""
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(AggregatorError, match=r"image\.key cannot hold the key.*images\.secret"):
        with_image_key(configuration(tmp_path))
    (tmp_path / "data").unlink()
    (tmp_path / "data").mkdir()
    (tmp_path / FILE).touch()
    with pytest.raises(AggregatorError, match="it is empty"):
        image_key(configuration(tmp_path))
