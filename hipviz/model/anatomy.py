"""The whole model of one adult: bones, bands, skin, zones and words, and where they all are in a posture.

Loading and placing live here; how each part is made lives in its own module, drawing in `view`.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np
import scipy

from hipviz.model.assets import Bones, load_bones, meshes_folder
from hipviz.model.cache import digest_of, fingerprint
from hipviz.model.content import CONTENT_FOLDER, Words, load_words
from hipviz.model.correction import Correction
from hipviz.model.fan_muscle import BandShapes, FanMuscle
from hipviz.model.footprints import BoneLine, Footprint, bone_lines, footprints
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.guidance import Guidance, load_guidance
from hipviz.model.impingement import Impingement
from hipviz.model.leverage import Leverage
from hipviz.model.neighbours import Neighbours
from hipviz.model.pain_lookup import PainMap
from hipviz.model.pain_words import load_pain_words
from hipviz.model.pose import HipPose, Posture
from hipviz.model.proportions import OWN, Proportions
from hipviz.model.readings import readings
from hipviz.model.referral import Arrival, arrival
from hipviz.model.shelf import shelved
from hipviz.model.skin import Skin
from hipviz.model.surface import Surface
from hipviz.model.trigger_points import load_trigger_points
from hipviz.model.units import BANDS, MIRROR, SIDES, Band, Floats, Ints, Side
from hipviz.model.xray import window_distance
from hipviz.model.zones import Zone, build_zones

if TYPE_CHECKING:
    from hipviz.model.study import Study

CODE_FOLDER = Path(__file__).parent
KEPT = 8
"""How many postures stay in memory: enough for both ends of a movement and a comparison, a few MB."""

Progress = Callable[[str, float], None]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def silent(words: str, share: float) -> None:
    """Take note of no progress."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Everything that moves, placed in one posture. Arrays are shared between callers: do not write to them.

    femur_matrices : per side (4, 4), from the neutral femur to the posed one, mm RAS.
    bands : per side, the shapes of the three bands on that side, mm RAS.
    skin_vertices, skin_normals : (n, 3) float, mm RAS and unit.
    """

    posture: Posture
    femur_matrices: dict[Side, Floats]
    bands: dict[Side, BandShapes]
    skin_vertices: Floats
    skin_normals: Floats


class Anatomy:
    """One adult, unchanging once built. Needs no screen; build it in any thread, then use it from one.

    surfaces : hip_bone_right, hip_bone_left, sacrum, femur_right, femur_left at neutral, mm RAS.
    words : with the figures of this model where they quote some; unquoted : as they were read.
    zones : per band and side, where its trigger point is reported to be felt; pain : the same read backwards.
    guidance : what to do and what to know about each band.
    """

    def __init__(
        self,
        words: Words,
        bones: Bones,
        medius: FanMuscle,
        leverage: Leverage,
        skin: Skin,
        zones: tuple[Zone, ...],
        pain: PainMap,
        guidance: Guidance,
    ) -> None:
        self.words = words.quoting(readings(leverage))
        self.bones = bones
        self.medius = medius
        self.neighbours = Neighbours(bones, medius)
        self.unquoted = words
        self._shaped: OrderedDict[Proportions, Anatomy] = OrderedDict()
        self.leverage = leverage
        self.skin = skin
        self.zones = by_band(zones)
        self.pain = pain
        self.guidance = guidance
        self.surfaces = named_surfaces(bones)
        self._places = bones.positions()  # asked for several times in every frame
        self._flipped_faces: Ints = np.ascontiguousarray(medius.faces[:, ::-1])
        self._right_bands: OrderedDict[HipPose, BandShapes] = OrderedDict()
        self._arrivals: dict[tuple[Band, Side], Arrival] = {}
        self._figures: OrderedDict[Posture, Figure] = OrderedDict()

    @classmethod
    def load(cls, meshes: Path | None = None, progress: Progress = silent) -> "Anatomy":
        """Return what was built before from the same code, words and meshes (the shipped ones by default).

        Built anew it is kept for the next time. Raises what `build` raises.
        """
        folder = meshes_folder() if meshes is None else meshes
        key = fingerprint(
            *(sys.version, np.__version__, scipy.__version__, msgspec.__version__, str(folder.absolute())),
            *(digest_of(CODE_FOLDER, ".py"), digest_of(CONTENT_FOLDER, ".toml")),
            *(digest_of(folder, ".toml"), digest_of(folder, ".ply")),
        )
        return shelved(cls, "anatomy", key, lambda: cls.build(folder, progress))

    @classmethod
    def build(cls, meshes: Path, progress: Progress = silent) -> "Anatomy":
        """Read and build everything; `progress(words, share 0…1)` hears of each part before it is made.

        Raises AssetError or ContentError when a file is missing or damaged.
        """
        progress("Reading the words", 0.0)
        words = load_words()
        progress("Reading the bones", 0.05)
        bones = load_bones(meshes)
        points = load_trigger_points(frozenset(bones.positions()), frozenset(words.sources))
        guidance = load_guidance(words.sources, words.movements)
        pain_words = load_pain_words(words.sources, frozenset(bones.positions()))
        progress("Laying the muscle on the bones", 0.1)
        medius = GluteusMedius.on(bones)
        progress("Measuring its levers", 0.2)
        leverage = Leverage.of(medius)
        progress("Fitting the skin", 0.3)
        skin = Skin.around(bones, medius, lambda share: progress("Fitting the skin", 0.3 + 0.5 * share))
        progress("Drawing the pain zones", 0.8)
        zones = build_zones(points, bones.positions(), skin)
        progress("Naming the regions", 0.9)
        pain = PainMap.on(pain_words, bones.positions(), skin, by_band(zones))
        progress("Finding where it grips the bones", 0.95)
        made = cls(words, bones, medius, leverage, skin, zones, pain, guidance)
        made.complete()
        progress("Ready", 1.0)
        return made

    def corrected(self, correction: Correction, progress: Progress = silent) -> "Anatomy":
        """Return this specimen put together as `correction` says, in the skin that it has: it takes the longest.

        Raises AssetError when a file is missing or damaged.
        """
        progress("Reading the bones", 0.0)
        bones = load_bones(self.bones.folder, correction)
        progress("Laying the muscle on the bones", 0.05)
        medius = GluteusMedius.on(bones)
        leverage = Leverage.of(medius)
        progress("Ready", 1.0)
        zones = tuple(self.zones.values())
        return Anatomy(self.unquoted, bones, medius, leverage, self.skin, zones, self.pain, self.guidance)

    def complete(self) -> None:
        """Find all that is otherwise found when first asked for, so that it is kept and nobody waits for it."""
        for surface in self.surfaces.values():
            surface.normals()
        for zone in self.zones:
            self.arrival(*zone)
        _ = self.grips, self.lines, self.impingement

    @cached_property
    def grips(self) -> tuple[Footprint, ...]:
        """Where the three bands grip the right-hand bones; found when first asked for."""
        return footprints(self.medius, self.bones)

    @cached_property
    def lines(self) -> tuple[BoneLine, ...]:
        """Crest, gluteal lines and facets of the right-hand bones; found when first asked for."""
        return bone_lines(self.bones)

    @cached_property
    def impingement(self) -> Impingement:
        """How far the femur would cut into the hip bone in a pose; found when first asked for."""
        return Impingement.of(self.bones)

    @cached_property
    def study(self) -> "Study":
        """What gives this adult other proportions; made when first asked for."""
        from hipviz.model.study import Study

        return Study(self)

    def shaped(self, wanted: Proportions) -> "Anatomy":
        """Return this adult with other proportions, itself where none are wanted; the last few are kept."""
        return self if wanted == OWN else _kept(self._shaped, wanted, self.study.shaped)

    def keep(self, wanted: Proportions, shaped: "Anatomy") -> None:
        """Keep what `study` has made in another thread."""
        _kept(self._shaped, wanted, lambda _: shaped)

    def hip_centre(self, side: Side) -> Floats:
        """Return the centre of a hip joint, (3,) mm RAS."""
        centre = self.medius.hip_centre
        return centre if side == "right" else np.asarray(centre * MIRROR)

    def band_faces(self, side: Side) -> Ints:
        """Return the faces (m, 3) of each band's surface on a side."""
        return self.medius.faces if side == "right" else self._flipped_faces

    def landmark(self, name: str, side: Side, figure: Figure | None = None) -> Floats:
        """Return where a named point lies on a side, (3,) mm RAS; with `figure`, moved along with the femur."""
        place = self._places[name] if name in self._places else self.bones.position(name)
        if side == "left":
            place = place * MIRROR
        if figure is not None and self.bones.bone_of(name) == "femur":
            matrix = figure.femur_matrices[side]
            place = matrix[:3, :3] @ place + matrix[:3, 3]
        return np.asarray(place)

    def trigger_point(self, band: Band, side: Side, figure: Figure) -> tuple[Floats, Floats]:
        """Return the place (3,) mm RAS of a band's trigger point on its outer sheet, and the outward normal."""
        point = self.zones[band, side].point
        return figure.bands[side].surface_point(BANDS.index(band), point.u, point.v)

    def arrival(self, band: Band, side: Side) -> Arrival:
        """Return how a band's zone spreads from its trigger point, see `referral.arrival`."""
        if (band, side) not in self._arrivals:
            point, _ = self.trigger_point(band, side, self.figure(Posture()))
            self._arrivals[band, side] = arrival(self.zones[band, side], self.skin.rest, point)
        return self._arrivals[band, side]

    def xray_window(self, band: Band, side: Side) -> Floats:
        """Return where the skin is opened around a band's trigger point and zone, see `xray.window_distance`."""
        point, _ = self.trigger_point(band, side, self.figure(Posture()))
        return window_distance(self.zones[band, side], self.skin.rest.vertices, point)

    def figure(self, posture: Posture) -> Figure:
        """Return everything that moves, placed in `posture` with the pelvis upright; the last few are kept.

        Where the pelvis itself is in the room is told by `stance`.
        """
        return _kept(self._figures, posture.hips, self._placed)

    def _placed(self, posture: Posture) -> Figure:
        rotations = {side: posture.of(side).rotation() for side in SIDES}
        bands = {side: self._bands_at(posture.of(side)) for side in SIDES}
        skin = self.skin.shape(rotations["right"], rotations["left"])
        return Figure(
            posture=posture,
            femur_matrices={side: self._femur_matrix(side, rotations[side]) for side in SIDES},
            bands={"right": bands["right"], "left": bands["left"].mirrored()},
            skin_vertices=skin,
            skin_normals=self.skin.normals(skin),
        )

    def _bands_at(self, pose: HipPose) -> BandShapes:
        return _kept(self._right_bands, pose, lambda pose: self.medius.shape(pose.rotation()))

    def _femur_matrix(self, side: Side, rotation: Floats) -> Floats:
        mirror = np.diag(MIRROR) if side == "left" else np.eye(3)
        turn = mirror @ rotation @ mirror
        centre = self.hip_centre(side)
        matrix = np.eye(4)
        matrix[:3, :3] = turn
        matrix[:3, 3] = centre - turn @ centre
        return matrix


def by_band(zones: tuple[Zone, ...]) -> dict[tuple[Band, Side], Zone]:
    """Return zones by the band and side of their trigger points."""
    return {(zone.point.band, zone.side): zone for zone in zones}


def named_surfaces(bones: Bones) -> dict[str, Surface]:
    """Return the drawn surface of every bone of the whole model at neutral, by name and side."""
    surfaces: dict[str, Surface] = {}
    for name in ("hip_bone", "femur"):
        surfaces[f"{name}_right"] = bones.surface(name)
        surfaces[f"{name}_left"] = bones.surface(name).mirrored()
    surfaces["sacrum"] = bones.surface("sacrum")
    return surfaces


def _kept(store: OrderedDict[Key, Value], key: Key, make: Callable[[Key], Value]) -> Value:
    """Return `make(key)`, from `store` when it is among the last few asked for."""
    if key in store:
        store.move_to_end(key)
        return store[key]
    value = make(key)
    store[key] = value
    if len(store) > KEPT:
        store.popitem(last=False)
    return value
