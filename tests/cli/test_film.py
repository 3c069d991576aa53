"""Films: whole cycles that loop, nothing half-written, faults in words; the list of movements."""

import json
import os
import signal
import subprocess
import sys
import time

import imageio_ffmpeg
import numpy as np
import pytest

from hipviz.cli import main
from hipviz.view import film

SIZE = (64, 48)


def frames(path):
    """Return all pictures (n, height, width, 3) of a film and what its header says."""
    reader = imageio_ffmpeg.read_frames(str(path))
    about = next(reader)
    width, height = about["size"]
    return np.array([np.frombuffer(data, np.uint8).reshape(height, width, 3) for data in reader]), about


def squares(count):
    for index in range(count):
        picture = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
        picture[8:40, 2 * index : 2 * index + 16] = (220, 60, 60)
        yield picture.tobytes()


def test_a_cycle_has_a_whole_number_of_pictures_and_keeps_its_length():
    assert film.pace(4.0, 30.0, ".mp4") == (120, 30.0)
    count, fps = film.pace(1.87, 30.0, ".mp4")
    assert count / fps == pytest.approx(1.87)
    count, fps = film.pace(4.0, 30.0, ".gif")
    assert 100 / fps == round(100 / fps) and count / fps == pytest.approx(4.0, abs=0.02)
    moments = film.phases(4)
    assert moments == [0.0, 0.25, 0.5, 0.75]  # the first is the one after the last


@pytest.mark.parametrize("name", ["out.mp4", "out.gif"])
def test_the_file_holds_these_pictures(tmp_path, name):
    film.write_film(tmp_path / name, squares(12), SIZE, 25.0)
    found, about = frames(tmp_path / name)
    assert len(found) == 12
    assert about["fps"] == pytest.approx(25.0)
    red = found[6, 24, :, 0].astype(int) - found[6, 24, :, 1]
    assert red[14:26].min() > 100 > red[34:].max()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_what_stops_the_pictures_stops_the_film(tmp_path):
    def broken():
        yield from squares(3)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        film.write_film(tmp_path / "out.gif", broken(), SIZE, 25.0)
    assert [file for file in tmp_path.iterdir() if file.suffix in (".mkv", ".png")] == []


def test_a_full_disk_is_told(tmp_path):
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    full = tmp_path / "full.mp4"
    full.symlink_to("/dev/full")
    with pytest.raises(film.FilmError, match=r"could not be written: the disk is full\.$"):
        film.write_film(full, squares(20), SIZE, 25.0)


def test_the_list_as_json(capsys):
    assert main(["movements", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"id", "title", "position", "duration_s", "bands", "sources"} == set(rows[0])
    walking = next(row for row in rows if row["id"] == "walking")
    assert walking["duration_s"] == 4.0 and "gait_table" in walking["sources"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["movie", "a.avi", "--movement", "walking"], "must end in .mp4 or .gif"),
        (["movie", "a.mp4"], "name what is to be filmed"),
        (
            ["movie", "a.mp4", "--movement", "moonwalk"],
            "there is no movement 'moonwalk'; there are anterior_action",
        ),
        (["movie", "a.mp4", "--movement", "walking", "--fps", "0"], "--fps 0 is outside 1 to 60"),
        (["movie", "a.mp4", "--movement", "walking", "--at", "0.5"], "leave --at out"),
        (["snapshot", "a.png", "--movement", "walking", "--flexion", "10"], "both set the pose"),
        (["movie", "no/such/folder/a.mp4", "--movement", "walking"], "cannot be written"),
    ],
)
def test_faults_in_words(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) in (1, 2)
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_film_of_a_movement(tmp_path):
    target = tmp_path / "walk.mp4"
    arguments = ["movie", str(target), "--movement", "walking", "--fps", "2", "--size", "161x120", "--no-labels"]
    assert main(arguments) == 0
    found, about = frames(target)
    assert len(found) == 8 and about["duration"] == pytest.approx(4.0, abs=0.1)
    steps = [np.abs(a.astype(int) - b).mean() for a, b in zip(found, np.roll(found, -1, axis=0), strict=True)]
    assert min(steps) > 0.1 and steps[-1] < 2.0 * np.median(steps)  # moves on, also from the last to the first


def test_whoever_stops_while_labels_are_painted_does_not_take_qt_down(tmp_path):
    """A painter that is left open when its picture goes ends the whole process."""
    script = (
        "import sys; from hipviz.cli import main; from hipviz.ui import still\n"
        "def stopped(*_): raise KeyboardInterrupt\n"
        "still.annotate = stopped\n"
        f"sys.exit(main(['movie', {str(tmp_path / 'walk.mp4')!r}, '--movement', 'walking', '--size', '160x120']))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 130 and "stopped" in ended.stderr, ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("moment", [0.0, 0.4, 0.9, 1.6])
def test_a_film_that_is_stopped_leaves_nothing(tmp_path, moment):
    """Whenever it is: while libraries are loaded, while the body is built, while pictures are drawn."""
    arguments = ["movie", str(tmp_path / "walk.mp4"), "--movement", "walking", "--fps", "60", "--size", "640x480"]
    process = subprocess.Popen([sys.executable, "-m", "hipviz", *arguments], stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.iterdir()) and process.poll() is None:
        time.sleep(0.02)
    time.sleep(moment)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=100)[1]
    assert process.returncode == 130 and "stopped" in said
    assert list(tmp_path.iterdir()) == []
