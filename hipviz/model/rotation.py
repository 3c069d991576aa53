"""Rotations as vectors along their axis, as long as their angle; how a hip's angles make one lives in `pose`."""

import numpy as np

from hipviz.model.units import Floats


def rotation_vector(matrix: Floats) -> Floats:
    """Return the axis of a rotation (3, 3) times its angle in radians, 0…π, (3,)."""
    twice_sine = np.array([matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]])
    sine, cosine = 0.5 * float(np.linalg.norm(twice_sine)), 0.5 * (float(np.trace(matrix)) - 1.0)
    angle = float(np.arctan2(sine, cosine))
    if cosine > -0.9:
        return np.asarray(twice_sine * (0.5 * angle / sine if sine > 1e-9 else 0.5))
    # Near half a turn the skew part fades; there R + Rᵀ holds the axis but for its sign.
    symmetric = 0.5 * (matrix + matrix.T) - cosine * np.eye(3)
    axis = symmetric[int(np.argmax(np.diag(symmetric)))]
    axis = axis / np.linalg.norm(axis)
    return np.asarray(angle * axis * (-1.0 if axis @ twice_sine < 0.0 else 1.0))


def rotation_matrix(vector: Floats) -> Floats:
    """Return the rotation (3, 3) about `vector` (3,) by its length in radians (Rodrigues' formula)."""
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / angle if angle > 1e-12 else vector
    skew = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * skew + (1.0 - np.cos(angle)) * (skew @ skew))
