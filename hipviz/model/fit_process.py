"""Looking at scans and making bones of them in a process of its own: what is said to it, and what it answers.

`python -m hipviz.model.fit_process` reads one request from standard input and writes answers to standard output,
each a packed message after its length (four bytes, little end first). The window that starts it stays usable
meanwhile, and stops it by ending it.
"""

import struct
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

from hipviz.model.alignment import Similarity
from hipviz.model.bone_fit import FittedBone
from hipviz.model.errors import HipvizError
from hipviz.model.own_bones import Part, Wish, made, seen, shipped_bones, told
from hipviz.model.surface import Surface
from hipviz.model.units import Floats

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}
"""For the process: its systems are small, and a second thread would only take the core that the window needs."""


class Look(msgspec.Struct, frozen=True, tag=True):
    """Asks what a scan shows; `bone` is what it is meant to be, None when that is to be found out."""

    part: Part
    bone: str | None = None


class Make(msgspec.Struct, frozen=True, tag=True):
    """Asks for a specimen in an empty folder."""

    wish: Wish
    folder: str


class Step(msgspec.Struct, frozen=True, tag=True):
    """How far the work is, 0 … 1."""

    words: str
    share: float


class Sight(msgspec.Struct, frozen=True, tag=True):
    """One bone that a scan shows: `own_bones.Seen`, with its arrays as bytes (float32, int32)."""

    bone: str
    part: Part
    reasons: tuple[str, ...]
    scale: float
    rotation: tuple[float, ...]
    shift: tuple[float, ...]
    vertices: bytes
    faces: bytes

    @property
    def surface(self) -> Surface:
        """The scan in the template's frame, a right-hand bone."""
        faces = np.frombuffer(self.faces, dtype="<i4").reshape(-1, 3).astype(np.int64)
        return Surface(unpacked(self.vertices), faces)

    @property
    def similarity(self) -> Similarity:
        """From the template's frame to that of the scan in mm (mirrored, when it is a left bone)."""
        return Similarity(self.scale, np.array(self.rotation).reshape(3, 3), np.array(self.shift))


class Shape(msgspec.Struct, frozen=True, tag=True):
    """A cage while it is laid on, in the frame of the scan in mm (mirrored, when it is a left one)."""

    bone: str
    cage: bytes

    @property
    def vertices(self) -> Floats:
        """(n, 3)."""
        return unpacked(self.cage)


class Laid(msgspec.Struct, frozen=True):
    """One bone of the result: `bone_fit.FittedBone`; gaps are those of the vertices at level 3."""

    bone: str
    side: str
    words: str
    notes: tuple[str, ...]
    mean_mm: float
    p95_mm: float
    max_mm: float
    coverage: float
    missing: tuple[str, ...]
    sound: bool
    cage: bytes
    gaps: bytes

    @property
    def vertices(self) -> Floats:
        """Of the cage, (n, 3), in the frame of the scan."""
        return unpacked(self.cage)

    @property
    def gaps_mm(self) -> Floats:
        """Distance from the scan (k,), NaN where it shows nothing."""
        return np.frombuffer(self.gaps, dtype="<f4").astype(np.float64)


class Result(msgspec.Struct, frozen=True, tag=True):
    """The specimen is there: its bones, what to know of the whole, what is wrong with it."""

    bones: tuple[Laid, ...]
    notes: tuple[str, ...]
    faults: tuple[str, ...]
    remarks: tuple[str, ...]


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """The work has ended without a result, for a reason that people can understand."""

    sentence: str


Request = Look | Make
Answer = Step | Sight | Shape | Result | Refusal


def packed(message: Request | Answer) -> bytes:
    """Return a message as it goes through the pipe."""
    body = msgspec.msgpack.encode(message)
    return struct.pack("<I", len(body)) + body


def answers(buffer: bytearray) -> list[Answer]:
    """Take all whole answers from the front of what has come through the pipe."""
    found: list[Answer] = []
    while len(buffer) >= 4 and len(buffer) >= 4 + (size := struct.unpack("<I", buffer[:4])[0]):
        found.append(msgspec.msgpack.decode(bytes(buffer[4 : 4 + size]), type=Answer))
        del buffer[: 4 + size]
    return found


def unpacked(array: bytes) -> Floats:
    """Return points (n, 3) that came as float32."""
    return np.frombuffer(array, dtype="<f4").reshape(-1, 3).astype(np.float64)


def serve(given: BinaryIO, out: BinaryIO) -> None:
    """Do what one request says, and tell how it goes. A fault ends in a `Refusal`."""

    def tell(message: Answer) -> None:
        out.write(packed(message))
        out.flush()

    def step(words: str, share: float) -> None:
        tell(Step(words, share))

    try:
        request: Any = msgspec.msgpack.decode(given.read(), type=Request)
        if isinstance(request, Look):
            for sight in seen(shipped_bones(), request.part, request.bone, step):
                similarity = sight.similarity
                tell(
                    Sight(
                        sight.bone,
                        sight.part,
                        sight.reasons,
                        similarity.scale,
                        tuple(similarity.rotation.ravel().tolist()),
                        tuple(similarity.shift.tolist()),
                        _bytes(sight.surface.vertices),
                        np.ascontiguousarray(sight.surface.faces, dtype="<i4").tobytes(),
                    )
                )
        else:
            result = made(
                request.wish,
                Path(request.folder),
                step,
                lambda bone, vertices: tell(Shape(bone, _bytes(vertices))),
            )
            findings = result.findings
            tell(
                Result(
                    tuple(_laid(bone) for bone in result.fitted.values()),
                    result.notes,
                    tuple(finding.text for finding in findings if finding.verdict == "fault"),
                    tuple(finding.text for finding in findings if finding.verdict == "note"),
                )
            )
    except HipvizError as fault:
        tell(Refusal(str(fault)))
    except MemoryError:
        tell(Refusal("The memory of this machine does not suffice; give a scan with fewer faces."))
    except BrokenPipeError:
        raise SystemExit(1) from None  # nobody listens any more
    except Exception as fault:
        traceback.print_exc()
        tell(Refusal(f"This should not happen: {type(fault).__name__}: {fault}."))


def _laid(bone: FittedBone) -> Laid:
    return Laid(
        bone.name,
        bone.side,
        told(bone),
        bone.notes,
        bone.distance.mean_mm,
        bone.distance.p95_mm,
        bone.distance.max_mm,
        bone.coverage.share,
        bone.coverage.missing,
        bone.sound,
        _bytes(bone.cage.vertices),
        bone.gaps_mm.astype("<f4").tobytes(),
    )


def _bytes(points: Floats) -> bytes:
    return np.ascontiguousarray(points, dtype="<f4").tobytes()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
