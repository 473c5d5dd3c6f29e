"""Take the few third-party files of the web shell into `simpul/web/static/vendor/`.

Run it by hand when a version below is raised, and commit what it writes: running Simpul needs no
Node. It asks `npm pack` for named versions, copies named files only, and writes a manifest with
the licence and the sha256 of each file, so that a reviewer can see where a byte came from.

What is copied is changed for the content security policy `default-src 'self'` and for the
static-files manifest, which refuses a name it cannot find: pictures inside the style sheet
(`url("data:…")`) become files beside it, the line that names a source map is dropped, and so are
the map's rules that show pictures, for Simpul draws its own.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote

VENDOR = Path(__file__).resolve().parent.parent / "simpul" / "web" / "static" / "vendor"

TABLER = "@tabler/core@1.6.1"
ICONS = "@tabler/icons@3.51.0"
HTMX = "htmx.org@2.0.10"
LEAFLET = "leaflet@1.9.4"

OUTLINE_ICONS = [
    "adjustments",
    "alert-circle",
    "alert-octagon",
    "alert-triangle",
    "ambulance",
    "archive",
    "arrow-back-up",
    "arrow-left",
    "arrow-right",
    "arrows-exchange",
    "baby-carriage",
    "bandage",
    "barcode",
    "bed",
    "bell",
    "building-community",
    "building-hospital",
    "calendar",
    "camera",
    "chart-bar",
    "chart-line",
    "check",
    "checks",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle",
    "circle-check",
    "circle-dot",
    "circle-x",
    "clipboard-check",
    "clipboard-list",
    "clock",
    "cloud-off",
    "cloud-upload",
    "credit-card",
    "database",
    "dental",
    "device-desktop",
    "device-floppy",
    "device-tv",
    "dots-vertical",
    "download",
    "eye",
    "eye-off",
    "file-text",
    "files",
    "filter",
    "flag",
    "flask",
    "folder",
    "friends",
    "gauge",
    "git-merge",
    "heartbeat",
    "help",
    "history",
    "home",
    "hourglass",
    "id",
    "info-circle",
    "key",
    "list",
    "list-check",
    "lock",
    "logout",
    "map",
    "map-pin",
    "mask",
    "microscope",
    "minus",
    "notes",
    "pencil",
    "phone",
    "pill",
    "plug-connected",
    "plug-connected-x",
    "plus",
    "printer",
    "refresh",
    "report-medical",
    "rotate-clockwise",
    "route",
    "scale",
    "scan",
    "search",
    "send",
    "server",
    "server-off",
    "settings",
    "shield-lock",
    "speakerphone",
    "star",
    "stethoscope",
    "table",
    "temperature",
    "trash",
    "upload",
    "user",
    "user-check",
    "user-plus",
    "user-question",
    "users",
    "vaccine",
    "volume",
    "volume-off",
    "wifi-off",
    "woman",
    "x",
]
FILLED_ICONS = ["star"]

DATA_URI = re.compile(r'url\("data:image/svg\+xml,(.*?)"\)', re.DOTALL)
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/\s*")
SCRIPT_MAP = re.compile(r"//# sourceMappingURL=\S+\s*")
PICTURED_RULE = re.compile(r"[^{}]*\{[^{}]*url\([\"']?images/[^{}]*\}")
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
BOUNDING_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def fetch(spec: str, into: Path) -> tarfile.TarFile:
    """Download one exact package version with npm and open it."""
    done = subprocess.run(
        ["npm", "pack", spec, "--silent", "--pack-destination", str(into)],
        check=True,
        capture_output=True,
        text=True,
    )
    name = done.stdout.strip().splitlines()[-1]
    return tarfile.open(fileobj=io.BytesIO((into / name).read_bytes()), mode="r:gz")


def member(package: tarfile.TarFile, path: str) -> str:
    """Read one text file of a package."""
    handle = package.extractfile(f"package/{path}")
    if handle is None:
        raise FileNotFoundError(path)
    return handle.read().decode("utf-8")


def style_sheet(css: str) -> tuple[str, dict[str, str]]:
    """Cut embedded pictures out of a style sheet; return it and the pictures by file name."""
    pictures: dict[str, str] = {}

    def lift(match: re.Match[str]) -> str:
        svg = unquote(match.group(1)).replace("\\#", "#")
        name = f"tabler-{hashlib.sha256(svg.encode()).hexdigest()[:8]}.svg"
        pictures[name] = svg.strip() + "\n"
        return f"url({name})"

    css = SOURCE_MAP.sub("", DATA_URI.sub(lift, css))
    remote = re.findall(r"url\([\"']?(?:https?:)?//", css)
    if remote or "data:" in css or "@import" in css:
        raise ValueError("the style sheet still reaches outside its own folder")
    return css, pictures


def without_pictures(css: str) -> str:
    """Drop the rules of a style sheet that show pictures: Simpul draws its own signs on the map."""
    css = PICTURED_RULE.sub("\n", css)
    if "images/" in css or "@import" in css:
        raise ValueError("the map's style sheet still asks for pictures")
    return css


def sprite(package: tarfile.TarFile) -> str:
    """Join the chosen icons into one file of <symbol id="i-NAME">."""
    symbols = []
    for name in OUTLINE_ICONS:
        symbols.append(
            symbol(f"i-{name}", member(package, f"icons/outline/{name}.svg"), filled=False)
        )
    for name in FILLED_ICONS:
        source = member(package, f"icons/filled/{name}.svg")
        symbols.append(symbol(f"i-{name}-filled", source, filled=True))
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def symbol(ident: str, svg: str, *, filled: bool) -> str:
    """Turn one icon file into a symbol that takes the colour of the text around it."""
    match = SVG_BODY.search(svg)
    if match is None:
        raise ValueError(f"no drawing in {ident}")
    drawing = " ".join(BOUNDING_BOX.sub("", match.group(1)).split())
    paint = (
        'fill="currentColor"'
        if filled
        else 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round"'
    )
    return f'<symbol id="{ident}" viewBox="0 0 24 24" {paint}>{drawing}</symbol>'


def collect(work: Path) -> list[tuple[str, str, str, str]]:
    """Return (file name, text, package, licence) for everything that is kept."""
    kept: list[tuple[str, str, str, str]] = []
    with fetch(TABLER, work) as tabler:
        css, pictures = style_sheet(member(tabler, "dist/css/tabler.min.css"))
        licence = str(json.loads(member(tabler, "package.json"))["license"])
        kept.append(("tabler.min.css", css, TABLER, licence))
        kept.extend((name, text, TABLER, licence) for name, text in sorted(pictures.items()))
    with fetch(ICONS, work) as icons:
        licence = str(json.loads(member(icons, "package.json"))["license"])
        kept.append(("icons.svg", sprite(icons), ICONS, licence))
        kept.append(("LICENSE-icons.txt", member(icons, "LICENSE"), ICONS, licence))
    with fetch(HTMX, work) as htmx:
        licence = str(json.loads(member(htmx, "package.json"))["license"])
        kept.append(
            ("htmx.min.js", SOURCE_MAP.sub("", member(htmx, "dist/htmx.min.js")), HTMX, licence)
        )
    with fetch(LEAFLET, work) as leaflet:
        licence = str(json.loads(member(leaflet, "package.json"))["license"])
        script = SCRIPT_MAP.sub("", member(leaflet, "dist/leaflet.js"))
        css = without_pictures(member(leaflet, "dist/leaflet.css"))
        kept.append(("leaflet.js", script, LEAFLET, licence))
        kept.append(("leaflet.css", css, LEAFLET, licence))
        kept.append(("LICENSE-leaflet.txt", member(leaflet, "LICENSE"), LEAFLET, licence))
    return kept


def main() -> int:
    """Write the files and their manifest; files that are no longer named are removed."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        kept = collect(Path(work))
    manifest = []
    for name, text, package, licence in kept:
        data = text.encode("utf-8")
        (VENDOR / name).write_bytes(data)
        source, _, version = package.rpartition("@")
        manifest.append(
            {
                "file": name,
                "name": source,
                "version": version,
                "licence": licence,
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    names = {entry["file"] for entry in manifest} | {"manifest.json"}
    for stray in VENDOR.iterdir():
        if stray.name not in names:
            stray.unlink()
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{len(manifest)} files in {VENDOR.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
