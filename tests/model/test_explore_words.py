"""Words of the free pose: complete, with known placeholders and sources; sentences as they are read."""

import shutil

import numpy as np
import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError
from hipviz.model.explore import Effect
from hipviz.model.explore_words import load_explore_words

SOURCES = load_words().sources


def test_sentences_tell_how_much_and_why():
    words = load_explore_words(SOURCES)
    effect = Effect("middle", 81.0, 52.6, "helps")
    told = words.length(effect, np.array([2.1, -25.2, 0.3]), "plain")
    assert told == "The middle band is 23 mm shorter than in standing (lift out −25 mm, bend +2 mm)."
    why = words.why(effect, "abduction_plus", "plain")
    assert "53 mm beside the joint" in why and "lifting the thigh out to the side closes" in why and "helps" in why
    assert "as long as" in words.length(Effect("middle", 100.0, 0.0, "neither"), np.zeros(3), "plain")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{arm} mm beside", "{weight} mm beside", "unknown placeholder '{weight}'"),
        ('id = "helps"', 'id = "aids"', "explore.toml: no phrase for helps"),
        ('sources = ["range_of_motion"]', 'sources = ["hearsay"]', "source 'hearsay' is not in sources.toml"),
        ('id = "longer"', 'id = "shorter"', "an earlier record has the same id"),
    ],
)
def test_faults_are_told(tmp_path, old, new, said):
    text = (CONTENT_FOLDER / "explore.toml").read_text(encoding="utf-8")
    assert old in text
    shutil.copytree(CONTENT_FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "explore.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as told:
        load_explore_words(SOURCES, tmp_path)
    assert said in str(told.value)
