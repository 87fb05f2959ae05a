"""Styles of drawn digits after misread scans, which are not in the package.

They have the form of `sklearn_lenet.datasets._stroke_styles`. The scans are test data, so models
of the package must not learn these styles.
"""

FOURS = [
    # The left stroke begins with a hook; the stem is short and crosses the bar or meets its end.
    [[(0.5, 0.12), (0.36, 0.0), (0.2, 0.14), (0.12, 0.42), (0.3, 0.56), (0.56, 0.54), (0.82, 0.48)],
     [(0.66, 0.34), (0.6, 0.62), (0.58, 1.0)]],
    [[(0.42, 0.13), (0.46, 0.03), (0.32, 0.02), (0.14, 0.22), (0.2, 0.44), (0.4, 0.48),
      (0.62, 0.28)], [(0.62, 0.28), (0.5, 0.5), (0.5, 0.75), (0.62, 1.0)]],
    [[(0.38, 0.15), (0.42, 0.04), (0.3, 0.02), (0.08, 0.3), (0.2, 0.52), (0.56, 0.48), (0.8, 0.4)],
     [(0.58, 0.34), (0.48, 0.6), (0.5, 1.0)]],
]  # fmt: skip

NINES = [
    # A flat loop, as wide as the digit, upon a long slanted stem.
    [[(0.64, 0.06), (0.34, 0.04), (0.04, 0.2), (0.2, 0.3), (0.5, 0.22), (0.66, 0.06)],
     [(0.66, 0.06), (0.5, 0.5), (0.3, 1.0)]],
    [[(0.52, 0.2), (0.28, 0.3), (0.04, 0.22), (0.3, 0.03), (0.58, 0.04), (0.64, 0.24), (0.5, 0.6),
      (0.3, 1.0)]],
    [[(0.6, 0.12), (0.34, 0.28), (0.1, 0.24), (0.14, 0.1), (0.4, 0.0), (0.62, 0.08)],
     [(0.62, 0.08), (0.6, 0.4), (0.44, 0.98)]],
]  # fmt: skip

AFTER_SCANS = {"4": FOURS, "9": NINES}
"""The styles of each digit."""
