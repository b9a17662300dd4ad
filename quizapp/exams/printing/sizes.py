"""The sheets that papers are printed on: A4, or A3 lying, folded once, with two columns."""

from dataclasses import dataclass

TYPE = 10.5  # points of the text (五号)
INDENT = 2 * TYPE  # points: two characters in front of options
_MM = 72 / 25.4  # points


@dataclass(frozen=True)
class Size:
    """A sheet of paper in mm. left: margin, the 密封线 stands in it."""

    name: str
    width: int
    height: int
    columns: int
    left: int = 30
    right: int = 18
    gutter: int = 16

    @property
    def printed(self) -> int:
        """Between the margins, in mm."""
        return self.width - self.left - self.right

    @property
    def line(self) -> float:
        """A line of text, in points."""
        return (self.printed - self.gutter * (self.columns - 1)) / self.columns * _MM

    @property
    def room(self) -> int:
        """Half widths for a line of options, behind their indent."""
        return int((self.line - INDENT) / TYPE * 2)


A4 = Size("a4", 210, 297, 1)
A3 = Size("a3", 420, 297, 2)
