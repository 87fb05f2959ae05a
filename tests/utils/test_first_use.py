"""Names that a folder loads on first use."""

import subprocess
import sys

import pytest

from sklearn_lenet.utils import loaded_on_first_use


def test_a_name_comes_from_its_module():
    get = loaded_on_first_use("sklearn_lenet.utils", {"threads": "_threads"})
    from sklearn_lenet.utils import threads

    assert get("threads") is threads
    with pytest.raises(AttributeError, match=r"module 'sklearn_lenet.utils' has no attribute 'x'"):
        get("x")


@pytest.mark.parametrize("folder", ["persistence", "pretrained", "reading"])
def test_importing_a_folder_loads_no_torch(folder):
    program = f"import sys, sklearn_lenet.{folder}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
