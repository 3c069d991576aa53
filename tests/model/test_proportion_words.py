"""What is said and published about the measures of a hip: read, checked, and compared with the model."""

import shutil

import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError
from hipviz.model.proportion_words import FILE, load_proportion_words
from hipviz.model.proportions import LIMITS, PROPORTIONS


@pytest.fixture(scope="module")
def sources():
    return load_words().sources


def test_every_measure_has_its_words_and_figures_within_the_limits(sources):
    words = load_proportion_words(sources)
    assert set(words) == set(PROPORTIONS)
    for name, record in words.items():
        if usual := record.usual():
            low, high = LIMITS[name]
            assert low <= usual[0] < usual[1] <= high


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sd = 20.0", "sd = -3.0", "published"),
        ("sd = 20.0", "low = 1.0", "either sd, or low and high"),
        ("low = 117.9", "low = 130.0", "not within its spread"),
        ('sources = ["offset"]', 'sources = ["nobody"]', "'nobody' is not in sources.toml"),
        ('id = "torsion_deg"', 'id = "twist"', "twist"),
        ("middle = 14.2", "medium = 14.2", "unknown field `medium`"),
    ],
)
def test_faults_are_told_with_file_and_record(tmp_path, sources, old, new, told):
    shutil.copy(CONTENT_FOLDER / FILE, tmp_path / FILE)
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_proportion_words(sources, tmp_path)
    assert FILE in str(caught.value) and told in str(caught.value)
