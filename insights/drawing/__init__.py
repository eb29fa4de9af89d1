"""Charts as lists of shapes: drawn into a page, into an SVG file, and into a PNG, all the same.

Pure: no Django, no database. Colours are roles (`ink`, `head`, …), which a page's stylesheet paints
for light and dark; files are painted from the palette here.
"""

from insights.drawing.png import png
from insights.drawing.shapes import Circle, Drawing, Line, Path, Rect, Shape, Text, fit
from insights.drawing.svg import svg

__all__ = ["Circle", "Drawing", "Line", "Path", "Rect", "Shape", "Text", "fit", "png", "svg"]
