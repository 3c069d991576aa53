import pytest

from hipviz.cli import main
from hipviz.cli.arguments import chosen_changes, parser, still_state
from hipviz.model.errors import UsageError
from hipviz.model.pose import HipPose


def state_of(line):
    return still_state(parser().parse_args(line.split()))


@pytest.mark.parametrize(
    "line", ["--band posterior --side left snapshot a.png", "snapshot a.png --band posterior --side left"]
)
def test_options_may_stand_before_or_after_the_command(line):
    state = state_of(line)
    assert (state.band, state.side) == ("posterior", "left")


def test_a_band_is_drawn_with_its_movement_fully_reached():
    assert state_of("snapshot a.png --band middle").phase == 0.5
    assert state_of("snapshot a.png --band middle --at 0.2").phase == 0.2
    assert state_of("snapshot a.png").phase == 0.0


def test_angles_become_the_pose():
    state = state_of("snapshot a.png --flexion 40 --rotation -10.5")
    assert state.pose == HipPose(40.0, 0.0, -10.5)


def test_the_rest_of_the_body():
    state = state_of("snapshot a.png --abduction -7 --other-abduction 7 --pelvis-drop 7 --side left")
    assert (state.pose, state.other_pose) == (HipPose(0.0, -7.0, 0.0), HipPose(0.0, 7.0, 0.0))
    assert (state.pelvis.tilt_deg, state.pelvis.drop_deg) == (0.0, 7.0)
    assert state_of("--pelvis-tilt -5").pose == HipPose()


def test_layers_and_view():
    state = state_of("snapshot a.png --skin 0 --no-zones --view superior --no-labels")
    assert state.skin.strength == 0.0
    assert not state.zones.shown
    assert state.view == "superior"
    assert not state.labels
    assert state_of("snapshot a.png --skin 0.3").skin.strength == 0.3


def test_the_close_up_of_the_grips_lies_bare_unless_a_layer_is_named():
    state = state_of("snapshot a.png --grips --side left --flexion 30")
    assert state.grips and state.attachments.shown
    assert not (state.skin.shown or state.bands.shown or state.zones.shown)
    assert (state.side, state.pose) == ("left", HipPose(30.0))
    assert state_of("snapshot a.png --grips --skin 0.3").skin.strength == 0.3


def test_the_window_takes_over_only_what_was_said():
    assert chosen_changes(parser().parse_args([])) == {}
    said = chosen_changes(parser().parse_args(["--band", "posterior", "--side", "left", "--view", "posterior"]))
    assert said == {"band": "posterior", "side": "left", "view": "posterior"}


@pytest.mark.parametrize("line", ["snapshot a.png --at 0.5", "snapshot a.png --band middle --at 0.5 --flexion 3"])
def test_contradictions_are_refused(line):
    with pytest.raises(UsageError, match="--at"):
        state_of(line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("measure --flexion 121", "flexion 121° is outside the range of motion, -20° to 120°"),
        ("measure --abduction -26", "abduction -26° is outside the range of motion, -25° to 45°"),
        ("meshes {tmp} --rotation 41", "internal rotation 41° is outside the range of motion, -45° to 40°"),
        ("snapshot {tmp}/a.png --flexion nan", "flexion nan° is outside the range of motion"),
        ("--other-abduction 60", "abduction 60° is outside the range of motion"),
        ("--pelvis-drop 21", "pelvis drop 21° is outside -20° to 20°"),
        ("--pelvis-tilt nan", "pelvis tilt nan° is outside"),
        ("--flexion 500", "flexion 500° is outside the range of motion"),
    ],
)
def test_angles_beyond_the_range_are_refused_with_the_range(line, said, capsys, tmp_path):
    assert main(line.format(tmp=tmp_path).split()) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--band rear", "invalid choice: 'rear'"),
        ("snapshot", "OUT.png"),
        ("snapshot a.png --size 20x20", "64 to 8192"),
        ("snapshot a.png --size large", "1600x1200"),
        ("snapshot a.png --skin 1.2", "0 to 1"),
        ("snapshot a.png --band middle --at x", "not a number"),
        ("measure --flexion much", "invalid float"),
        ("meshes out --format obj", "invalid choice"),
        ("dance", "invalid choice: 'dance'"),
    ],
)
def test_wrong_use_ends_with_2(line, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["", "snapshot ", "measure ", "meshes ", "doctor "])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main(f"{command}--help".split())
    assert ended.value.code == 0
    assert "usage: hipviz" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("measure --sweep knee 0 10 1", "'knee' is no angle of the hip; choose from flexion, abduction, rotation"),
        ("measure --sweep flexion 0 ten 1", "FROM, TO and STEP are numbers"),
        ("measure --sweep flexion 0 130 1", "within the range of motion, -20° to 120°"),
        ("measure --sweep flexion 40 0 1", "must rise"),
        ("measure --sweep flexion 0 nan 1", "must rise"),
        ("measure --sweep flexion 0 40 0", "STEP must be a positive number of degrees, not '0'"),
        ("measure --sweep flexion 0 40 nan", "STEP must be a positive number"),
        ("measure --sweep flexion 0 40 1e-9", "STEP must be a positive number"),
        ("measure --sweep flexion 0 40 1e-5", "take larger steps"),
        ("measure --sweep flexion 0 40 5 --flexion 3", "give one or the other"),
        ("measure --sweep flexion 0 40 5 --json", "leave out --json"),
        ("measure --csv {tmp}/out.csv", "--sweep ANGLE FROM TO STEP"),
        ("measure --paths {tmp}/in.csv --side left", "leave out --side"),
    ],
)
def test_measures_that_contradict_themselves(line, said, capsys, tmp_path):
    assert main(line.format(tmp=tmp_path).split()) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
