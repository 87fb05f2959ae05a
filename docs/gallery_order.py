"""The order of the gallery: by the number in the file names, so that 10 comes after 9."""

from sphinx_gallery.sorting import FileNameSortKey


class ByNumber(FileNameSortKey):
    """Sort ``plot_10_...`` after ``plot_9_...``."""

    def __call__(self, filename):
        """Return the number of a file."""
        return int(filename.split("_")[1])
