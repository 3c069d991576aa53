"""A sentence as content: said plainly, said clinically, with its sources. What is said lives in the TOML files."""

from typing import Annotated

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing said in two or three registers; `sources` are ids of `sources.toml` (none for interface words).

    `reported` tells what the sources say: who reports what, where they differ, how sure one can be.
    """

    plain: str
    clinical: str
    sources: tuple[str, ...] = ()
    reported: str = ""

    def in_register(self, wording: str) -> str:
        """Return the text in `wording`: "plain", "clinical", or "sources" (clinical where nothing is reported)."""
        if wording == "plain":
            return self.plain
        return self.reported or self.clinical if wording == "sources" else self.clinical
