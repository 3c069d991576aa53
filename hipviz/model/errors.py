"""Errors that are meant for people: one sentence that says what is wrong, where, and what to do."""


class HipvizError(Exception):
    """Something the user can understand and mend; its text is shown as it stands."""


class AssetError(HipvizError):
    """A mesh, landmark or manifest file is missing, damaged or does not fit the others."""


class ContentError(HipvizError):
    """A content file holds a wrong word, number or key; lists every fault, one per line."""


class UsageError(HipvizError):
    """A request that cannot be granted as it stands, e.g. an angle beyond the range of motion."""


class InputError(HipvizError):
    """A file of the user's own does not hold what was asked for; names the line and what is wrong there."""
