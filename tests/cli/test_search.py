"""`motionapp train --search`: what clashes with it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.cli import main


@pytest.mark.train
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--search-jobs", "2"), "--search-jobs is about a search: say --search N, too"),
        (("--study", "a.db"), "--study is about a search"),
        (("--search", "0"), "--search is 0: 1 to 10000"),
        (("--search", "3", "--search-jobs", "0"), "--search-jobs is 0: 1 to 256"),
        (("--search", "3", "--protocol", "none"), "a --protocol that holds some out"),
        (("--search", "3", "--from", "actions"), "weights of --from do not fit"),
        (("--search", "3", "--no-cache"), "leave out --no-cache"),
        (("--search", "3", "--weight-decay", "0.1"), "--search chooses the optimiser"),
    ],
)
def test_what_clashes_with_a_search_is_refused(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "set.csv", "--out", str(tmp_path / "m.onnx"), *options]) == 2

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.train
def test_rendered_figures_alone_have_nothing_to_hold_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "m.onnx")
    assert main(["train", "synthetic", "--out", out, "--search", "3"]) == 2

    assert "it needs recordings" in capsys.readouterr().err
