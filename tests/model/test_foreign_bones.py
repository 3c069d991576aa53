"""What other people's scans are like: without a coccyx, coarse, folded where the template is laid on, in part.

All shapes are made from the shipped bones or drawn here.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from hipviz.model import bone_fit
from hipviz.model.bone_fit import fit_bone
from hipviz.model.checks import faulty_vertices
from hipviz.model.errors import UsageError
from hipviz.model.facets import coarseness_mm
from hipviz.model.fitting import FROM_NEARBY, fit
from hipviz.model.own_bones import Part, seen
from hipviz.model.ply import write_ply
from hipviz.model.recognition import named, proposed_unit, shown_share
from hipviz.model.scan import Scan
from hipviz.model.specimen import assembled
from hipviz.model.surface import Surface
from hipviz.model.thinning import thinned

QUICK = tuple(replace(stage, rounds=2) for stage in FROM_NEARBY)
TURN = Rotation.random(random_state=21).as_matrix()


def kept(surface, keep):
    return Surface(surface.vertices, surface.faces[keep[surface.faces].all(axis=1)])


def upper(surface, share):
    """Return a surface without all that lies below a share of its height."""
    z = surface.vertices[:, 2]
    return kept(surface, z > z.min() + share * np.ptp(z))


def lying(surface):
    return surface.moved(surface.vertices @ TURN.T + [200.0, -40.0, 900.0])


def test_a_sacrum_without_a_coccyx_is_neither_stretched_to_its_tip_nor_measured_there(bones):
    whole = bones.surface("sacrum", 3)
    coccyx_mm = bones.position("sacrum_apex")[2] - bones.position("coccyx_tip")[2]
    height = np.ptp(whole.vertices[:, 2])
    wide = whole.moved(whole.vertices * [1.08, 1.0, 1.0])
    found = fit_bone(bones, "sacrum", Scan(lying(upper(wide, (coccyx_mm + 2.0) / height))), unit="mm")
    assert found.distance.mean_mm < 0.4
    assert "coccyx_tip" in found.coverage.missing
    assert found.sound
    laid = found.similarity.back(found.cage.subdivided(3).vertices)
    # The tip keeps its place in the template: it is not pulled up to where the scan ends.
    assert np.ptp(laid[:, 2]) == pytest.approx(height, rel=0.06)


def test_a_coarse_scan_is_laid_on_and_called_coarse(bones, monkeypatch):
    monkeypatch.setattr(bone_fit, "FROM_NEARBY", QUICK)
    fine = bones.surface("hip_bone", 3)
    coarse = thinned(fine.moved(fine.vertices * [1.04, 0.97, 1.0]), 900)
    assert coarseness_mm(coarse) > 0.8 > 0.3 > coarseness_mm(fine)
    found = fit_bone(bones, "hip_bone", Scan(lying(coarse)), unit="mm")
    assert any("coarse" in note for note in found.notes)
    assert found.side == "right"


@pytest.mark.parametrize(("subdivisions", "off_mm"), [(2, 0.31), (3, 0.08)])
def test_coarseness_is_how_far_flat_faces_are_off_the_round(ball, subdivisions, off_mm):
    surface = ball(30.0, subdivisions)
    corners = surface.vertices[surface.faces]
    inside = np.random.default_rng(0).dirichlet(np.ones(3), len(corners))
    true = 30.0 - np.linalg.norm(np.einsum("ij,ijk->ik", inside, corners), axis=1)
    assert true.mean() == pytest.approx(off_mm, abs=0.05)
    assert coarseness_mm(surface) == pytest.approx(true.mean(), rel=0.35)
    assert coarseness_mm(Surface(surface.vertices, surface.faces[:1])) == 0.0


def test_where_a_bone_folds_it_is_calmed_there_and_nowhere_else(bones):
    cage = bones.cages["sacrum"]
    fine = cage.subdivided(3)
    assert not len(faulty_vertices(fine))
    pushed = cage.vertices.copy()
    side = int(pushed[:, 0].argmax())
    pushed[side, 0] *= -1.0
    faulty = faulty_vertices(cage.moved(pushed).subdivided(3))
    assert len(faulty)
    calm = bone_fit._around(cage, faulty)
    assert calm[side] == 1.0
    assert 0.0 < calm.mean() < 0.5
    assert set(np.unique(calm)) <= {0.0, 0.5, 1.0}


def test_a_calm_place_follows_a_rough_scan_less(ball, ball_cage):
    good = ball(30.0, 4)
    around = np.arctan2(good.vertices[:, 1], good.vertices[:, 0])
    level = np.hypot(good.vertices[:, 0], good.vertices[:, 1]) / 30.0
    rough = good.moved(good.vertices * (1.0 + 0.15 * level**3 * np.cos(5.0 * around))[:, None])
    cage = ball_cage()
    half = (cage.vertices[:, 1] > 0.0).astype(float)
    free, calmed = (fit(cage, rough, samples=3000, calm=calm).subdivided(2).vertices for calm in (None, half))
    away = [np.linalg.norm(vertices, axis=1) for vertices in (free, calmed)]
    front, back = free[:, 1] > 12.0, free[:, 1] < -12.0
    assert away[1][front].std() < 0.8 * away[0][front].std()
    assert away[1][back].std() == pytest.approx(away[0][back].std(), rel=0.12)


def test_what_is_none_of_the_bones_is_told_so(ball, templates):
    head = ball(1.0, 4)
    socket = np.exp(-((np.linalg.norm(head.vertices - [0.45, 0.8, 0.1], axis=1) / 0.3) ** 2))
    skull = head.moved(head.vertices * (1.0 - 0.4 * socket)[:, None] * [72.0, 92.0, 75.0])
    with pytest.raises(UsageError, match="no hip bone, femur or sacrum"):
        named(templates, skull)
    assert named(templates, lying(templates["femur"])) == "femur"


def test_a_part_of_a_bone_is_called_a_part(bones, templates, tmp_path):
    hip = templates["hip_bone"]
    assert shown_share(hip, hip) > 0.99
    half = upper(hip, 0.5)
    assert 0.4 < shown_share(hip, half) < 0.7
    write_ply(tmp_path / "half.ply", half)
    (sight,) = seen(bones, Part(str(tmp_path / "half.ply"), unit="mm"), "hip_bone")
    assert any("only about" in reason for reason in sight.reasons)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1e3, "divide its coordinates by 1,000 "),
        (1e-4, "multiply its coordinates by 10,000 "),
        (370.0, "scale the file"),
    ],
)
def test_a_file_in_an_odd_unit_is_told_how_to_scale_it(factor, words, templates):
    hip = templates["hip_bone"]
    with pytest.raises(UsageError, match=words):
        proposed_unit("hip_bone", Scan(hip.moved(hip.vertices * factor)), templates)


def test_a_hip_bone_without_its_socket_says_where_the_hip_centre_comes_from(bones, monkeypatch):
    monkeypatch.setattr(bone_fit, "FROM_NEARBY", QUICK)
    found = fit_bone(bones, "hip_bone", Scan(upper(bones.surface("hip_bone", 2), 0.5)), unit="mm", side="right")
    assert any("does not show the socket" in note for note in assembled(bones, {"hip_bone": found}).notes)
