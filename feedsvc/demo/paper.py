"""Attachments for the demo's releases: a PDF of one page (ISO 32000-1), written by hand."""

from __future__ import annotations


def paper(title: str, lines: tuple[str, ...]) -> bytes:
    """A small PDF with a heading and some lines in a font that every viewer has."""
    text = ["BT /F1 20 Tf 60 760 Td", f"({_escaped(title)}) Tj", "/F1 11 Tf 0 -34 Td 16 TL"]
    for line in lines:
        text += [f"({_escaped(part)}) Tj T*" for part in _wrapped(line)] + ["T*"]
    stream = "\n".join([*text, "ET"]).encode("latin-1", "replace")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page % b"<< /Font << /F1 5 0 R >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _wrapped(line: str, width: int = 84) -> list[str]:
    parts = [""]
    for word in line.split():
        if len(parts[-1]) + len(word) >= width:
            parts.append("")
        parts[-1] += f" {word}" if parts[-1] else word
    return parts
