"""The parts of the comparison: rows, models, measures, runs, results, tables, plots and text.

``models`` lists the models, ``run`` measures them in separate processes, and ``tables``,
``plots`` and ``words`` turn the results into the READMEs. ``benchmarks/compare.py`` is the
script.
"""
