import json

import numpy as np
import pytest

from hipviz.cli import main
from hipviz.model.pose import Posture


@pytest.fixture(autouse=True)
def built_once(anatomy, monkeypatch):
    from hipviz.model.anatomy import Anatomy

    monkeypatch.setattr(Anatomy, "load", lambda *args, **kwargs: anatomy)


def told(line, capsys):
    assert main(["pain", *line, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_list_of_points(anatomy, capsys):
    points = told([], capsys)
    assert [(point["band"], point["side"]) for point in points] == [
        (band, side) for side in ("right", "left") for band in ("anterior", "middle", "posterior")
    ]
    figure = anatomy.figure(Posture())
    for point in points:
        place, _ = anatomy.trigger_point(point["band"], point["side"], figure)
        assert np.allclose(point["position_mm"], place, atol=0.06)
        assert point["name"]
        assert point["sources"]


def test_a_region_and_a_place_in_it_agree(capsys):
    for line in (["--region", "right sacrum"], ["--at=20,-125,30"]):
        answers = told(line, capsys)
        assert set(answers[0]) == {"band", "side", "kind", "weight", "why"}
        assert (answers[0]["band"], answers[0]["side"], answers[0]["kind"]) == ("posterior", "right", "essential")
        assert 0.5 < answers[0]["weight"] <= 1.0


def test_text_names_suspects_and_red_flags(capsys):
    assert main(["pain", "--region", "side of the hip", "--side", "left", "--wording", "clinical"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Gluteal tendinopathy" in text
    assert "Unexplained weight loss" in text
    assert "middle part" in text
    assert "right" not in text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["--at", "300,0,0"], "mm from the skin"),
        (["--at", "nan,0,0"], "three numbers"),
        (["--region", "elbow"], "not a region"),
        (["--region", ""], "not a region"),
    ],
)
def test_what_cannot_be_looked_up(line, words, capsys):
    assert main(["pain", *line]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("line", [["--at", "1,2"], ["--at", "here"], ["--at", "1,2,3", "--region", "sacrum"]])
def test_wrong_use(line):
    with pytest.raises(SystemExit, match="2"):
        main(["pain", *line])
