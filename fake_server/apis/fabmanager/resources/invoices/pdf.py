"""A page of text as a PDF, whose bytes follow from the text alone.

Source: ISO 32000-1, the parts of a file and of a page with one standard font.
"""

from collections.abc import Sequence

_HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_A4 = "0 0 595 842"
_LEFT, _TOP, _SIZE, _LEADING = 60, 760, 12, 20
_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)", "\r": "", "\n": " "})


def pdf_of(lines: Sequence[str]) -> bytes:
    """Return a PDF of one page with a text. Letters beyond Windows-1252 become question marks."""
    content = _content(lines)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{_A4}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    file, positions = bytearray(_HEADER), []
    for number, body in enumerate(objects, 1):
        positions.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for position in positions:
        file += b"%010d 00000 n \n" % position
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(file + b"startxref\n%d\n%%%%EOF\n" % start)


def _content(lines: Sequence[str]) -> bytes:
    shown = "\n".join(f"({line.translate(_ESCAPES)}) Tj T*" for line in lines if line)
    text = f"BT\n/F1 {_SIZE} Tf\n{_LEADING} TL\n{_LEFT} {_TOP} Td\n{shown}\nET"
    return text.encode("cp1252", "replace")
