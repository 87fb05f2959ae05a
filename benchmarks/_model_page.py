"""The cards of the pretrained models as a page of the site."""

import hashlib

from _record import ROOT

from sklearn_lenet.pretrained import NAMES, card_of, path_of

PAGE = ROOT / "docs" / "models.rst"

AS_TEXT = {"class_weight"}
"""The parameters that a card has as text, because the keys in a JSON are strings."""


def write_page():
    """Write the page with the cards that are in the model files."""
    PAGE.write_text("\n".join(page()) + "\n")


def page():
    """Return the page of the site with all cards, as lines of reStructuredText."""
    text = [
        "Pretrained models",
        "=================",
        "",
        "These models are part of the package. ``load_pretrained(name)`` returns them, and",
        "``list_pretrained()`` lists them. ``make pretrained`` trains them again.",
        "",
    ]
    for name in NAMES:
        text += [*card_page(card_of(name), path_of(name)), ""]
    return text[:-1]


def card_page(card, path):
    """Return a card as a section of a page."""
    recipe = ", ".join(
        f"{key}={value if key in AS_TEXT else repr(value)}" for key, value in card["recipe"].items()
    )
    versions = ", ".join(f"{k} {v}" for k, v in card["environment"]["versions"].items())
    text = [
        card["name"],
        "-" * len(card["name"]),
        "",
        card["purpose"],
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
        "   * - measured on",
        "     - right, %",
        "     - range over seeds, %",
    ]
    for figure in card["figures"]:
        low, high = (f"{100 * value:.2f}" for value in figure.get("of_seeds", (0, 0)))
        seeds = f"{low} to {high} ({figure['n_seeds']} seeds)" if "of_seeds" in figure else ""
        text += [
            f"   * - {figure['data']}",
            f"     - {100 * figure['accuracy']:.2f}",
            f"     - {seeds}".rstrip(),
        ]
    text += [
        "",
        "What it cannot do:",
        "",
        *(f"- {limit}" for limit in card["limits"]),
        "",
        "How it was made:",
        "",
        f"- **Recipe:** ``{card['estimator']}({recipe})``",
        f"- **Training:** {card['rows']}; {card['minutes']} minutes on one core",
        *(f"- **Data:** ``{file}``, SHA-256 ``{sha}``" for file, sha in card["data"].items()),
        f"- **Parameters:** {card['parameters']:,}",
        f"- **Seed:** {card['seed']}",
        f"- **Commit:** {card['environment']['commit']}",
        f"- **Versions:** {versions}",
        f"- **File:** ``{path.name}``, {path.stat().st_size / 1000:.0f} kB, SHA-256 "
        f"``{hashlib.sha256(path.read_bytes()).hexdigest()}``",
        f"- **SHA-256 of the weights:** ``{card['weights_sha256']}``",
        f"- **Licence:** {card['licence']}",
    ]
    return text
