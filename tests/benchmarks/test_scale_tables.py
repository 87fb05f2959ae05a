from _scale_tables import tables


def test_the_tables_show_checks_and_where_workers_stop():
    seconds = [8.0, 4.0, 3.0, 5.0]
    result = {
        "steps": [],
        "sums": {
            "2": {"all-reduce, gradients": 2e-4, "pair, gradients": 1e-4, "shared, gradients": 3e-5}
        },
        "message_bytes": 246_828,
        "step": {"fixed": 1e-3, "batch_row": 1e-6, "own_row": 5e-5},
        "cores": 2,
        "checks": [
            {
                "workers": 2,
                "batch": 128,
                "network": "one machine",
                "predicted": 3.0,
                "measured": 2.0,
            }
        ],
        "workers": [1, 2, 3, 4],
        "curves": {"60000": {"batches of 128": {"one machine": seconds}}},
    }
    lines = tables(result)
    assert "| 2 | 128 | one machine | 3.00 | 2.00 | 1.50 |" in lines
    assert "| 60,000 | batches of 128 | one machine | 8.0 | 3.0 | 3 | 3 |" in lines
    assert any("0.20 ms for 2 processes" in line for line in lines)
