"""A drawing as an SVG file of its own, with the colours of paper."""

from xml.etree import ElementTree

from insights.drawing.shapes import Circle, Drawing, Line, Path, Rect, Shape, Text, colour

FONTS = (
    "'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',"
    "Inter,sans-serif"
)
DASHES = "5 4"


def svg(drawing: Drawing, title: str = "") -> bytes:
    """UTF-8 XML; `title` stands above the drawing. Text stays text, to be found and edited."""
    top = 40 if title else 0
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 {-top} {drawing.width} {drawing.height + top}",
            "width": str(drawing.width),
            "height": str(drawing.height + top),
            "role": "img",
            "font-family": FONTS,
        },
    )
    ElementTree.SubElement(root, "title").text = drawing.label
    paper = Rect(0, -top, drawing.width, drawing.height + top, "card")
    shapes: list[Shape] = [paper, *drawing.shapes]
    if title:
        shapes.append(Text(16, -14, title, 16, bold=True))
    for shape in shapes:
        _add(root, shape)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(root: ElementTree.Element, shape: Shape) -> None:
    name, values = _facts(shape)
    element = ElementTree.SubElement(root, name, {key: str(value) for key, value in values.items()})
    if isinstance(shape, Text):
        element.text = shape.text
    elif isinstance(shape, Rect | Circle) and shape.title:
        ElementTree.SubElement(element, "title").text = shape.title


def _facts(shape: Shape) -> tuple[str, dict[str, object]]:
    paint = colour(shape.role)
    if isinstance(shape, Line):
        values: dict[str, object] = {"x1": shape.x1, "y1": shape.y1, "x2": shape.x2, "y2": shape.y2}
        return "line", values | _stroke(paint, shape.width, shape.dashed)
    if isinstance(shape, Path):
        return "polyline", {"points": shape.written, "fill": "none"} | _stroke(
            paint, shape.width, shape.dashed
        )
    if isinstance(shape, Rect):
        return "rect", {
            "x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height,
            "rx": shape.radius, "fill": paint, "fill-opacity": shape.opacity,
        }  # fmt: skip
    if isinstance(shape, Circle):
        place: dict[str, object] = {"cx": shape.x, "cy": shape.y, "r": shape.radius}
        if shape.hollow:
            return "circle", place | {"fill": colour("card")} | _stroke(paint, 1.6, False)
        return "circle", place | {"fill": paint}
    weight = {"font-weight": "650"} if shape.bold else {}
    return "text", {
        "x": shape.x, "y": shape.y, "font-size": shape.size, "text-anchor": shape.anchor,
        "fill": paint, **weight,
    }  # fmt: skip


def _stroke(paint: str, width: float, dashed: bool) -> dict[str, object]:
    found: dict[str, object] = {"stroke": paint, "stroke-width": width}
    return found | {"stroke-dasharray": DASHES} if dashed else found
