"""Curves by name."""

import numpy as np

from .scale import scaled

ANGLES = np.linspace(0, 2 * np.pi, 100)
CURVES = {
    "circle": (np.cos(ANGLES), np.sin(ANGLES)),
    "eight": (np.sin(2 * ANGLES), np.sin(ANGLES)),
    "clover": (np.cos(2 * ANGLES) * np.cos(ANGLES), np.cos(2 * ANGLES) * np.sin(ANGLES)),
}


def curve(name, factor):
    x, y = CURVES[name]
    return {"x": scaled(x, factor), "y": scaled(y, factor)}
