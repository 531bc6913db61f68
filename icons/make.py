#!/usr/bin/env python3
"""Draws every icon that the bundlers want from bell.svg. Needs rsvg-convert (Debian: librsvg2-bin)."""

import pathlib
import re
import struct
import subprocess

HERE = pathlib.Path(__file__).parent
SVG = (HERE / "bell.svg").read_text()


def png(size, svg=SVG):
    """One PNG of `size` pixels square."""
    command = ["rsvg-convert", "--width", str(size), "--height", str(size), "--format", "png"]
    return subprocess.run(command, input=svg.encode(), stdout=subprocess.PIPE, check=True).stdout


def ico(sizes):
    """Windows: a directory of PNGs; a size of 256 is written as 0."""
    images = [png(size) for size in sizes]
    offset = 6 + 16 * len(sizes)
    head, entries = struct.pack("<HHH", 0, 1, len(sizes)), b""
    for size, image in zip(sizes, images):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    return head + entries + b"".join(images)


def icns(kinds):
    """macOS: four-letter type, big-endian length including the header, PNG."""
    body = b""
    for kind, size in kinds:
        image = png(size)
        body += kind + struct.pack(">I", len(image) + 8) + image
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def template():
    """macOS menu bars recolour by alpha alone: the bell in black, without ground and gleam."""
    bare = re.sub(r'\s*<rect id="ground".*?/>', "", SVG)
    bare = re.sub(r'\s*<path id="shine".*?/>', "", bare)
    bare = re.sub(r'\s*<rect [^>]*id="band"/>', "", bare)
    bare = re.sub(r'fill="(#[0-9a-f]{6}|url\(#brass\))"', 'fill="#000"', bare)
    return bare.replace('viewBox="0 0 512 512"', 'viewBox="32 64 448 384"')


FILES = {
    "32x32.png": lambda: png(32),
    "128x128.png": lambda: png(128),
    "128x128@2x.png": lambda: png(256),
    "icon.png": lambda: png(512),
    "icon.ico": lambda: ico([16, 24, 32, 48, 64, 256]),
    "icon.icns": lambda: icns(
        [(b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512),
         (b"ic10", 1024), (b"ic11", 32), (b"ic12", 64), (b"ic13", 256), (b"ic14", 512)]
    ),
    "tray-template.png": lambda: png(44, template()),
}

for name, make in FILES.items():
    (HERE / name).write_bytes(make())
