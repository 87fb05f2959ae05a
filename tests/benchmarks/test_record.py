"""What all benchmarks share: JSON files that are complete, and marks in the READMEs."""

import json
import mmap

import numpy as np
import pytest
from _record import (
    between_marks,
    environment,
    figure,
    put_between_marks,
    put_into_page,
    resident,
    save_at,
)


def test_lines_are_put_between_the_marks():
    text = "a\n<!-- x -->\nold\n<!-- end of x -->\nb"
    new = put_between_marks(text, "x", ["1", "2"])
    assert new == "a\n<!-- x -->\n1\n2\n<!-- end of x -->\nb"
    assert between_marks(new, "x") == "1\n2"


@pytest.mark.parametrize("n", [0, 2])
def test_marks_that_do_not_occur_once_are_an_error(n):
    text = n * "<!-- x -->\nold\n<!-- end of x -->\n"
    with pytest.raises(ValueError, match=f"the marks of 'x' occur {n} times"):
        put_between_marks(text, "x", ["new"])


def test_a_json_file_is_replaced_completely(tmp_path):
    path = tmp_path / "folder" / "result.json"
    for result in ({"a": 1, "b": [2, 3]}, {"a": 4}):
        save_at(path, result)
        assert json.loads(path.read_text()) == result
    with pytest.raises(TypeError):
        save_at(path, {"a": object()})
    assert json.loads(path.read_text()) == {"a": 4}
    assert list(path.parent.iterdir()) == [path]


def test_the_environment_names_versions_and_commit():
    found = environment()
    assert found["versions"]["numpy"] == np.__version__
    assert int(found["commit"], 16) > 0
    assert found["cores"] >= found["torch_threads"] >= 1


def test_resident_memory_grows_with_an_allocation():
    before = resident("VmRSS")
    with mmap.mmap(-1, 20_000_000) as block:  # new memory, not a part that was freed before
        block.write(bytes(20_000_000))
        assert resident("VmRSS") - before > 15_000_000


def test_lines_replace_those_of_a_page(tmp_path):
    page = tmp_path / "page.rst"
    page.write_text("before\n\n.. here\n\nold\n\n.. end of here\n\nbehind\n")
    put_into_page(page, "here", ["new", "lines"])
    once = "before\n\n.. here\n\nnew\nlines\n\n.. end of here\n\nbehind\n"
    assert page.read_text() == once
    put_into_page(page, "here", ["new", "lines"])
    assert page.read_text() == once


def test_a_figure_is_found_by_its_name_and_part():
    figures = {"digits": 0.0, "pairs": {"right": 0.75, "merged": 0.0}}
    assert figure(figures, "digits", None) == 0.0
    assert figure(figures, "pairs", "merged") == 0.0
    assert figure(figures, "pairs", "right") == 0.75
