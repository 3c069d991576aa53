"""Figures of the model that words quote."""

import shutil

import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError
from hipviz.model.readings import ARMS, REVERSALS, faults, quoted, readings, spoken


def test_spoken_figures():
    assert spoken(ARMS[0], 1.7) == "+2 mm"
    assert spoken(ARMS[0], -24.4) == "−24 mm"
    assert spoken(ARMS[0], -0.3) == "0 mm"
    assert spoken(REVERSALS[0], 28.6) == "29°"
    assert spoken(REVERSALS[0], -1.2) == "−1°"
    assert spoken(REVERSALS[0], None) == "no angle"


def test_what_is_not_known_yet_is_left_open():
    assert quoted("at {posterior_internal_rotation_reversal} {{sic}}", {}) == "at … {sic}"


def test_wrong_quotations():
    assert faults("at {posterior_internal_rotation_reversal}, {anterior_flexion_arm}") == []
    assert "'{knee}' is no figure of this model" in faults("at {knee}")[0]
    assert "'{}'" in faults("at {}")[0]
    assert "a brace without its partner" in faults("at {knee")[0]


def test_readings_are_the_levers_of_this_model(anatomy):
    found = readings(anatomy.leverage)
    assert set(found) == {*ARMS, *REVERSALS}
    assert found["posterior_internal_rotation_reversal"] == anatomy.leverage.sign_change(
        "posterior", "internal_rotation"
    )
    assert found["posterior_internal_rotation_arm"] == pytest.approx(
        anatomy.leverage.band_arms((0.0, 0.0, 0.0))[2, 2]
    )


def test_the_card_tells_the_reversal_of_this_model(anatomy):
    turning = anatomy.leverage.sign_change("posterior", "internal_rotation")
    (told,) = (found for found in anatomy.words.bands["posterior"].disagreements if found.flexion_deg is not None)
    assert f"bent by {turning:.0f}°" in told.plain
    assert f"at {turning:.0f}° of flexion in this model" in told.clinical
    assert told.flexion_deg == pytest.approx(turning)
    for band in anatomy.words.bands.values():
        for found in band.disagreements:
            assert not {"{", "…"} & set(found.plain + found.clinical)


def test_wrong_quotations_in_the_content_are_told(tmp_path):
    folder = shutil.copytree(CONTENT_FOLDER, tmp_path / "content")
    bands = folder / "bands.toml"
    text = bands.read_text()
    text = text.replace("{posterior_internal_rotation_reversal}", "{posterior_twist_reversal}", 1)
    text = text.replace('flexion_deg = "posterior_internal_rotation_reversal"', 'flexion_deg = "somewhere"')
    bands.write_text(text.replace("flexion_deg = 60", "flexion_deg = 160", 1))
    with pytest.raises(ContentError) as caught:
        load_words(folder)
    said = str(caught.value).splitlines()
    assert any("'{posterior_twist_reversal}' is no figure of this model" in line for line in said)
    assert any("flexion_deg 'somewhere' is no reversal" in line for line in said)
    assert any("band 'anterior': disagreement 1: flexion_deg 160 is outside -20…120" in line for line in said)
