"""Template fitting: a control cage is laid onto a scanned bone, keeping its topology and everything bound to it.

The template must already lie roughly on the scan (same frame and size, within about 2 cm); finding that start is
not done here. After each fit ask `checks.inspect` for folds: the mean distance hides them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.linalg as la
import scipy.sparse as sp
from scipy.spatial import cKDTree

from hipviz.model.cage import Cage
from hipviz.model.nearest import even_samples, nearest_on
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.units import Floats, Ints

Progress = Callable[[float, str], None]
Watch = Callable[[Floats], None]
"""Hears the vertices (n, 3) of a cage while it moves."""


@dataclass(frozen=True)
class Stage:
    """One leg of a fit; pairs are (at its first round, at its last), in between they change geometrically.

    rounds : correspondences are found anew in each.
    level : of subdivision on which the cage is compared with the scan.
    rigidity : how much the cage keeps its shape (as rigid as possible), relative to the pull of the scan.
    fairness : how much a cage vertex keeps to the middle of its neighbours; below about 1e-3 a cage grows spikes.
    evenness : the same within the surface only: evens the triangles without flattening the shape.
    normal_mm : the distance that one unit of difference of normals counts for when partners are looked for.
    sliding : weight of the distance along the surface; 1 = none may slide, 0 = all slide freely.
    """

    rounds: int
    level: int
    rigidity: tuple[float, float] = (0.0, 0.0)
    fairness: tuple[float, float] = (1e-3, 1e-3)
    evenness: tuple[float, float] = (0.0, 0.0)
    normal_mm: tuple[float, float] = (10.0, 10.0)
    sliding: tuple[float, float] = (0.05, 0.05)


SELF_FIT = (
    Stage(3, 2, rigidity=(0.02, 0.02), normal_mm=(8, 8), sliding=(0.1, 0.1)),
    Stage(5, 3, rigidity=(0.003, 0.003), evenness=(0.01, 0.01), normal_mm=(5, 5)),
)
"""Onto the very surface the cage was drawn on: undoes the shrinking that Loop subdivision brings to thin parts."""

FROM_NEARBY = (
    Stage(6, 1, rigidity=(3.0, 0.5), normal_mm=(25, 15), sliding=(0.3, 0.3)),
    Stage(8, 2, rigidity=(0.5, 0.05), normal_mm=(15, 10), sliding=(0.3, 0.1)),
    Stage(8, 2, rigidity=(0.05, 0.005), fairness=(4e-3, 4e-3), evenness=(0.05, 0.05), normal_mm=(10, 6)),
    Stage(8, 3, fairness=(4e-3, 1e-3), evenness=(0.05, 0.005), normal_mm=(6, 3), sliding=(0.05, 0.02)),
    Stage(4, 3, fairness=(1e-3, 1e-3), evenness=(0.005, 0.005), normal_mm=(3, 3), sliding=(0.02, 0.02)),
)
"""Onto another surface, up to about 2 cm away."""

HELD = 0.5
"""Rigidity of the cage where the scan is incomplete."""

CALM_RIGIDITY, CALM_FAIRNESS = 0.05, 8e-3
"""Least rigidity and fairness where a cage is to be calm: less near to the scan there, but free of folds."""

SIDEWAYS_MM, ACROSS_MM = 3.0, 9.0
"""A place of the cage is covered when a sample of the scan lies within these, along the surface and off it."""

REACHES = (2.5, 1.5, 1.0)
"""Times these, from the second stage of a fit on: another person's bone may be far from the cage at first."""

Mask = npt.NDArray[np.bool_]


def fit(
    cage: Cage,
    target: Surface,
    stages: tuple[Stage, ...] = FROM_NEARBY,
    *,
    samples: int = 12_000,
    keep: tuple[sp.csr_matrix, Floats, float] | None = None,
    incomplete: bool = False,
    calm: Floats | None = None,
    seed: int = 0,
    progress: Progress = lambda share, words: None,
    watch: Watch = lambda vertices: None,
) -> Cage:
    """Return `cage` laid onto `target`.

    Parameters
    ----------
    cage
        The template, mm, lying roughly on the target.
    target
        The scanned bone, closed, outward faces, mm. Opposed walls may lie close to each other.
    stages
        From stiff to free; see `FROM_NEARBY`.
    samples
        Points taken on the target in every round.
    keep
        Known places: a (k, n) matrix that gives k points from the cage's vertices (see `cage.binding_matrix`),
        where they belong (k, 3), and their weight against the pull of the whole scan.
    incomplete
        Whether parts of the bone may be missing in the target: there the cage then keeps its shape.
    calm
        (n,) 0 … 1: where the cage is to be stiffer throughout, because it folds otherwise.
    seed
        Makes the choice of samples repeatable.
    progress
        Called with the share done, 0 … 1, and a few words.
    watch
        Called with the cage's vertices after every round.

    """
    problem = _Problem(cage, target, samples, keep, calm, seed)
    total = sum(stage.rounds for stage in stages)
    vertices = cage.vertices
    done = 0
    for position, stage in enumerate(stages):
        if incomplete and position:
            problem.hold_uncovered(vertices, REACHES[min(position, len(REACHES)) - 1])
        for number in range(stage.rounds):
            vertices = problem.solved(vertices, stage, number / max(1, stage.rounds - 1))
            done += 1
            progress(done / total, f"fitting, level {stage.level}")
            watch(vertices)
    return cage.moved(vertices)


class _Problem:
    """The parts of a fit that stay the same from round to round."""

    def __init__(
        self,
        cage: Cage,
        target: Surface,
        samples: int,
        keep: tuple[sp.csr_matrix, Floats, float] | None,
        calm: Floats | None,
        seed: int,
    ) -> None:
        self.cage, self.samples, self.keep = cage, samples, keep
        self.points, self.normals = even_samples(target, 3 * samples, seed)
        self.generator = np.random.default_rng(seed)
        self.rest = cage.vertices
        sides = cage.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
        self.edges: Ints = np.unique(np.concatenate([sides, sides[:, ::-1]]), axis=0)
        n, m = len(cage.vertices), len(self.edges)
        rows = np.repeat(np.arange(m), 2)
        signs = np.tile([-1.0, 1.0], m)
        self.differences = sp.csr_matrix((signs, (rows, self.edges.ravel())), shape=(m, n))
        valence = np.bincount(self.edges[:, 0], minlength=n)
        average = sp.csr_matrix((1.0 / valence[self.edges[:, 0]], self.edges.T), shape=(n, n))
        self.umbrella = (sp.identity(n) - average).toarray()
        self.corners: dict[int, sp.csr_matrix] = {}
        self.held: Floats = np.zeros(n)
        self.calm: Floats = np.zeros(n) if calm is None else calm

    def hold_uncovered(self, vertices: Floats, reach: float) -> None:
        """Find where the scan has nothing to say, so that the cage keeps its shape there from now on."""
        matrix, faces = self.cage.subdivision(2)
        covered = is_covered(Surface(np.asarray(matrix @ vertices), faces), self.points, self.normals, reach)
        share = (matrix.T @ ~covered) / (matrix.T @ np.ones(len(covered)))
        self.held = np.clip((share - 0.15) / 0.45, 0.0, 1.0)

    def solved(self, vertices: Floats, stage: Stage, share: float) -> Floats:
        """Return the cage after one round: partners are found, then one linear system is solved."""
        n = len(vertices)
        rows, partners, partner_normals, weights, cage_normals = self._partners(vertices, stage, share)
        sliding = _between(stage.sliding, share)
        system = np.zeros((3, n, 3, n))
        right = np.zeros((3, n))
        along = np.einsum("ij,ij->i", partners, partner_normals)
        pull = (rows.T @ sp.diags(weights) @ rows).toarray()
        for i in range(3):
            for j in range(i, 3):
                both = weights * partner_normals[:, i] * partner_normals[:, j]
                block = (rows.T @ sp.diags(both) @ rows).toarray()
                system[i, :, j] += block
                if i != j:
                    system[j, :, i] += block.T
            system[i, :, i] += sliding * pull + 1e-7 * np.eye(n)
            right[i] += rows.T @ (weights * (partner_normals[:, i] * along + sliding * partners[:, i]))
            right[i] += 1e-7 * vertices[:, i]
        self._add_shape(system, right, vertices, cage_normals, stage, share)
        solution = la.cho_solve(
            la.cho_factor(system.reshape(3 * n, 3 * n), overwrite_a=True, check_finite=False), right.ravel()
        )
        return np.ascontiguousarray(solution.reshape(3, n).T)

    def _partners(
        self, vertices: Floats, stage: Stage, share: float
    ) -> tuple[sp.csr_matrix, Floats, Floats, Floats, Floats]:
        """Pair the scan with the subdivided cage, both ways.

        Returns the matrix that gives the cage's points, their partners and normals on the scan, robust weights
        (all together about 1) and the normals at the cage's own vertices.
        """
        matrix, faces = self.cage.subdivision(stage.level)
        fine = np.asarray(matrix @ vertices)
        if stage.level not in self.corners:
            self.corners[stage.level] = incidence(faces, len(fine))
        fine_normals = vertex_normals(fine, faces, self.corners[stage.level])
        stretch = _between(stage.normal_mm, share)
        chosen = self.generator.choice(len(self.points), self.samples, replace=False)
        points, normals = self.points[chosen], self.normals[chosen]

        cage_tree = cKDTree(np.hstack([fine, stretch * fine_normals]))
        there = np.asarray(cage_tree.query(np.hstack([points, stretch * normals]))[1])
        there_weights = _robust(points, normals, fine[there], fine_normals[there])
        scan_tree = cKDTree(np.hstack([self.points, stretch * self.normals]))
        back = np.asarray(scan_tree.query(np.hstack([fine, stretch * fine_normals]))[1])
        back_weights = _robust(fine, fine_normals, self.points[back], self.normals[back])
        a, b, c = fine[faces].transpose(1, 0, 2)
        areas = self.corners[stage.level] @ np.linalg.norm(np.cross(b - a, c - a), axis=1)

        rows = sp.csr_matrix(sp.vstack([matrix[there], matrix]))
        back_weights = back_weights * np.clip(1.0 - matrix @ self.held, 0.0, 1.0)
        weights = np.concatenate([there_weights / len(points), back_weights * areas / areas.sum()]) / 2.0
        partners = np.concatenate([points, self.points[back]])
        partner_normals = np.concatenate([normals, self.normals[back]])
        return rows, partners, partner_normals, weights, fine_normals[: len(vertices)]

    def _add_shape(
        self, system: Floats, right: Floats, vertices: Floats, normals: Floats, stage: Stage, share: float
    ) -> None:
        """Add what the cage wants for itself: to keep its shape, to be fair and even, to keep known places."""
        n = len(vertices)
        rigidity = _between(stage.rigidity, share) / n
        fairness = np.maximum(_between(stage.fairness, share), CALM_FAIRNESS * self.calm) / n
        evenness = _between(stage.evenness, share) / n
        stiffness = self.umbrella.T @ (fairness[:, None] * self.umbrella)
        least = np.maximum(HELD * self.held, CALM_RIGIDITY * self.calm) / n
        if rigidity or least.any():
            springs = self.differences.T @ sp.diags(np.maximum(rigidity, least[self.edges].max(axis=1)))
            stiffness += (springs @ self.differences).toarray()
            right += (springs @ self._turned_edges(vertices)).T
        if self.keep is not None:
            places, goals, weight = self.keep
            stiffness += weight / len(goals) * (places.T @ places).toarray()
            right += weight / len(goals) * (places.T @ goals).T
        for i in range(3):
            system[i, :, i] += stiffness
        if evenness:
            within = np.eye(3) - normals[:, :, None] * normals[:, None, :]
            for i in range(3):
                for j in range(3):
                    system[i, :, j] += evenness * self.umbrella.T @ (within[:, i, j, None] * self.umbrella)

    def _turned_edges(self, vertices: Floats) -> Floats:
        """Return the resting edges, each turned as its surroundings have turned (Sorkine and Alexa 2007)."""
        start, end = self.edges.T
        resting = self.rest[end] - self.rest[start]
        now = vertices[end] - vertices[start]
        spread = np.zeros((len(vertices), 3, 3))
        products = resting[:, :, None] * now[:, None, :]
        np.add.at(spread, start, products)
        blended = spread.copy()
        np.add.at(blended, start, 0.5 * spread[end])
        u, _, vt = np.linalg.svd(blended)
        v = vt.transpose(0, 2, 1).copy()
        v[np.linalg.det(u @ vt) < 0, :, 2] *= -1.0
        rotations = v @ u.transpose(0, 2, 1)
        return np.asarray(np.einsum("kij,kj->ki", 0.5 * (rotations[start] + rotations[end]), resting))


def is_covered(surface: Surface, points: Floats, normals: Floats, reach: float = 1.0) -> Mask:
    """Return whether each vertex (n,) has a counterpart on the scan: a sample across from it, turned alike.

    points, normals : (k, 3), samples of the scan, a few tenths of SIDEWAYS_MM apart at most.
    reach : how many times SIDEWAYS_MM and ACROSS_MM they may be away.
    """
    own = surface.normals()
    near = np.asarray(
        cKDTree(np.hstack([points, 4.0 * normals])).query(np.hstack([surface.vertices, 4.0 * own]))[1]
    )
    gap = points[near] - surface.vertices
    height = np.einsum("ij,ij->i", gap, own)
    sideways = np.sqrt(np.maximum((gap**2).sum(axis=1) - height**2, 0.0))
    facing = np.einsum("ij,ij->i", normals[near], own) > 0.3
    return np.asarray(facing & (sideways < reach * SIDEWAYS_MM) & (np.abs(height) < reach * ACROSS_MM))


def _robust(points: Floats, normals: Floats, others: Floats, other_normals: Floats) -> Floats:
    """Return weights 0 … 1: none for opposed walls, little for partners much farther away than the median."""
    gap = np.linalg.norm(points - others, axis=1)
    scale = 3.0 * np.median(gap) + 0.3
    facing = np.einsum("ij,ij->i", normals, other_normals) > 0.3
    return np.asarray(facing / (1.0 + (gap / scale) ** 2))


def _between(pair: tuple[float, float], share: float) -> float:
    first, last = pair
    return first if first == last or first <= 0 or last <= 0 else first * (last / first) ** share


@dataclass(frozen=True)
class Distance:
    """Distances between two surfaces, both ways, mm."""

    mean_mm: float
    p95_mm: float
    max_mm: float


def surface_distance(a: Surface, b: Surface, samples: int = 20_000) -> Distance:
    """Return how far two surfaces lie apart: from samples of either to the nearest point of the other."""
    gaps = np.concatenate(
        [
            nearest_on(b, even_samples(a, samples, 1)[0]).distances,
            nearest_on(a, even_samples(b, samples, 2)[0]).distances,
        ]
    )
    return Distance(float(gaps.mean()), float(np.percentile(gaps, 95)), float(gaps.max()))
