"""Claim: the models of the package read hands that are in none of the data they come from.

``python benchmarks/hands.py`` draws digits with handwriting fonts, which ``npm install`` puts into
the folder ``fonts``: models of handwriting that schools of many countries teach, and fonts after
the hands of single persons. The models "digits" and "strings" read single digits, distorted ones,
strings of five and touching pairs. Styles of the package were drawn after every second font of a
person, and none after the others. The results are written to ``results/hands.json``.
"""

import json

import numpy as np
import torch
from _pictures import side_by_side
from _record import ROOT, environment, figure, save
from PIL import Image, ImageDraw, ImageFont
from reading import pages_read

from sklearn_lenet import DigitImageReader, load_pretrained
from sklearn_lenet.training import Augment

FONTS = ROOT / "benchmarks" / "fonts"
"""The folder with the list of the fonts, and with the fonts when they are installed."""

SCHOOLS = "playwrite"
"""How the names of the fonts of schools begin."""

DISTORTED, DISPLACEMENT = 30, 0.08
"""How often each digit is distorted, and how far: twice as far as in a training."""

OF_EACH_FONT = 5
"""The strings, and the pairs, that are drawn with each font."""

SMALLEST, LARGEST = 40, 80
"""The height of digits in strings, in pixels."""

GROUPS = {
    "fonts of persons": "persons",
    "other fonts of persons, after which styles were drawn": "models",
    "handwriting models of schools": "schools",
}

COLUMNS = [
    ("digits", "digits", None),
    ("distorted", "distorted", None),
    ("strings of five", "strings", "right"),
    ("flagged", "strings", "uncertain"),
    ("pairs that touch or overlap", "pairs", "right"),
    ("flagged", "pairs", "uncertain"),
]
"""Title of each column of the table, name of the figure, and part of it."""


def groups():
    """Return the files of the fonts of each group."""
    packages = json.loads((FONTS / "package.json").read_text())["dependencies"]
    names = sorted(name.removeprefix("@fontsource/") for name in packages)
    schools = [name for name in names if name.startswith(SCHOOLS)]
    persons = [name for name in names if not name.startswith(SCHOOLS)]
    found = {"persons": persons[1::2], "models": persons[0::2], "schools": schools}
    return {group: [file_of(name) for name in of_group] for group, of_group in found.items()}


def file_of(name):
    """Return the file of a font."""
    folder = FONTS / "node_modules" / "@fontsource" / name / "files"
    return folder / f"{name}-latin-400-normal.woff"


def drawn(path, digit, height):
    """Return a picture of a digit in a font whose digits are about ``height`` pixels high."""
    top, bottom = ImageFont.truetype(path, 100).getbbox("0123456789")[1::2]
    font = ImageFont.truetype(path, round(100 * height / (bottom - top)))
    left, top, right, bottom = font.getbbox(digit)
    page = Image.new("L", (right - left + 8, bottom - top + 8), 255)
    ImageDraw.Draw(page).text((4 - left, 4 - top), digit, 0, font=font)
    return page


def strings(paths, n_digits, rng, **options):
    """Return pictures of random digits side by side in one font each, and their texts."""
    pictures, texts = [], []
    for path in np.repeat(paths, OF_EACH_FONT):
        text = "".join(map(str, rng.integers(0, 10, n_digits)))
        height = rng.uniform(SMALLEST, LARGEST)
        pictures.append(
            side_by_side([drawn(path, digit, height) for digit in text], rng, **options)
        )
        texts.append(text)
    return pictures, texts


def distorted(X):
    """Return rows that are distorted at random, ``DISTORTED`` of each row."""
    augment = Augment("elastic", (28, 28), torch.Generator().manual_seed(0), DISPLACEMENT)
    fields = torch.from_numpy(np.repeat(X, DISTORTED, axis=0).astype(np.float32))
    return augment(fields).round().clamp(0, 255).numpy().astype(np.uint8)


def measured(model, reader, paths):
    """Return the figures of some fonts."""
    rng = np.random.default_rng(0)
    X = DigitImageReader().transform([drawn(p, str(d), LARGEST) for p in paths for d in range(10)])
    y = np.tile(np.arange(10), len(paths))
    line, pair = strings(paths, 5, rng), strings(paths, 2, rng, gaps=(-8, 1))
    return {
        "fonts": len(paths),
        "digits": model.score(X, y),
        "distorted": model.score(distorted(X), np.repeat(y, DISTORTED)),
        "strings": pages_read(model, *line, reader=reader),
        "pairs": pages_read(model, *pair, reader=reader),
    }


def table(result):
    """Return the lines of the table in the README."""
    lines = [f"| right, % | fonts | {' | '.join(title for title, *_ in COLUMNS)} |"]
    lines += ["|---" * (2 + len(COLUMNS)) + "|"]
    for title, group in GROUPS.items():
        figures = result["groups"][group]
        cells = [figure(figures, name, part) for _, name, part in COLUMNS]
        shown = " | ".join(f"{100 * cell:.1f}" for cell in cells)
        lines.append(f"| {title} | {figures['fonts']} | {shown} |")
    return [
        *lines,
        "",
        "Measured with `make bench-hands`; the results are in `benchmarks/results/hands.json`.",
    ]


def main():
    """Measure with the models of the package, and print and write the results."""
    torch.set_num_threads(1)
    model, reader = load_pretrained("digits"), load_pretrained("strings")
    figures = {group: measured(model, reader, paths) for group, paths in groups().items()}
    result = {"environment": environment(), "groups": figures}
    save("hands", result)
    print("\n".join(table(result)))


if __name__ == "__main__":
    main()
