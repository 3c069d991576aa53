"""Turns a State into actors with pyvista; knows nothing of Qt."""
