"""hipviz: one band of the gluteus medius, the movement it makes, the place where it is felt."""

__version__ = "0.1.0"
