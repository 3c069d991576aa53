"""The dialog for a person's own bones: choose scans, see how they lie, watch the fit, judge it, keep it."""
