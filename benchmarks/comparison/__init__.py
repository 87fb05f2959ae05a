"""The comparison's rooms: rows, models, measures, runs, tables and plots.

``models`` says who is compared, ``run`` measures one of them in a process of its own, ``tables``
and ``plots`` make of the results what the READMEs show. The scripts are a folder up.
"""
