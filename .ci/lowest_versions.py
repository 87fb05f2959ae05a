"""Print the lowest versions that setup.cfg allows, as pip constraints.

``--replace torch==2.13.0`` prints another line for one package, for an index that does not have
the lowest version.
"""

import argparse
import configparser
import re
from pathlib import Path


def lowest_versions(setup_cfg):
    """Return the constraints of all packages for which setup.cfg states a lowest version."""
    config = configparser.ConfigParser()
    config.read_string(setup_cfg)
    requirements = config["options"]["install_requires"].splitlines()
    if "options.extras_require" in config:
        for extra in config["options.extras_require"].values():
            requirements += extra.splitlines()
    matches = (re.match(r"([\w.-]+)(?:\[.*\])? >= ([\d.]+)$", line) for line in requirements)
    return {match[1]: f"{match[1]}=={match[2]}.*" for match in matches if match}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replace", action="append", default=[], metavar="PACKAGE==VERSION")
    constraints = lowest_versions(Path("setup.cfg").read_text())
    for line in parser.parse_args().replace:
        constraints[line.split("==")[0]] = line
    # Benchmarks are not part of these tests.
    for package in ("keras", "jax", "tensorflow-cpu"):
        constraints.pop(package, None)
    print("\n".join(constraints.values()))
