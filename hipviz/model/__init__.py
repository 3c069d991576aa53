"""Everything that is true without a screen: numpy, scipy, trimesh, msgspec; no VTK, no Qt."""
