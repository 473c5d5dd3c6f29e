"""Villages and their people out of a table (CSV, XLSX, JSON): one row a village and year."""

from collections.abc import Mapping
from dataclasses import dataclass

from simpul.planning.intake.cells import Unreadable, is_blank, read_count, read_decimal, read_text
from simpul.planning.intake.tables import read_table
from simpul.planning.maps.geojson import level_of, normal_code, plain_name

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "kode", "kodedesa", "kodewilayah", "kodekelurahan", "iddesa"),
    "name": (
        "name", "nama", "desa", "kelurahan", "desakelurahan", "namadesa", "village", "villagename",
    ),
    "district": ("district", "kecamatan", "namakecamatan", "subdistrict"),
    "population": ("population", "penduduk", "jumlahpenduduk", "jiwa", "jumlahjiwa"),
    "year": ("year", "tahun"),
    "lat": ("lat", "latitude", "lintang"),
    "lon": ("lon", "lng", "long", "longitude", "bujur"),
}  # fmt: skip
_COLUMN_OF = {name: column for column, names in COLUMNS.items() for name in names}
MOST_PEOPLE = 5_000_000


@dataclass(frozen=True)
class PopulationRow:
    """One village in one year, as the file has it; `code` is "" where the file has none."""

    line: int
    code: str
    name: str
    district: str
    year: int
    population: int
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class RefusedLine:
    """A row left out, by line, with the reason."""

    line: int
    where: str
    message: str


@dataclass(frozen=True)
class ReadPopulations:
    """What a file holds."""

    rows: tuple[PopulationRow, ...]
    refused: tuple[RefusedLine, ...]


def read_populations(data: bytes, name: str, *, year: int) -> ReadPopulations:
    """Read a table; `year` stands where the table has none. Unusable when it is no table."""
    table = read_table(data, name, lambda heading: plain_name(heading) in _COLUMN_OF)
    columns = [_COLUMN_OF.get(plain_name(heading)) for heading in table.headings]
    rows: list[PopulationRow] = []
    refused: list[RefusedLine] = []
    seen: dict[tuple[str, int], int] = {}
    for row in table.rows:
        named = {column: cell for column, cell in zip(columns, row.cells, strict=True) if column}
        if all(is_blank(cell) for cell in named.values()):
            continue
        read = _row(row.line, named, year)
        if isinstance(read, PopulationRow):
            key = (read.code or f"{plain_name(read.district)}/{plain_name(read.name)}", read.year)
            if key in seen:
                message = f"Desa dan tahun ini sudah ada di baris {seen[key]}."
                read = RefusedLine(row.line, "name", message)
            else:
                seen[key] = row.line
        if isinstance(read, RefusedLine):
            refused.append(read)
        else:
            rows.append(read)
    return ReadPopulations(tuple(rows), tuple(refused))


def _row(line: int, named: Mapping[str, object], year: int) -> PopulationRow | RefusedLine:
    code = normal_code(read_text(named.get("code")))
    name = read_text(named.get("name"))[:80]
    if not name and not code:
        return RefusedLine(line, "name", "Nama atau kode desa belum diisi.")
    where = "population"
    try:
        people = read_count(named.get("population"), most=MOST_PEOPLE)
        where = "year"
        own_year = read_count(named.get("year"), most=2200)
        where = "lat"
        lat, lon = read_decimal(named.get("lat")), read_decimal(named.get("lon"))
    except Unreadable as trouble:
        return RefusedLine(line, where, f"{trouble}.")
    if people is None:
        return RefusedLine(line, "population", "Jumlah penduduk belum diisi; kosong bukan nol.")
    if own_year is not None and own_year < 1900:
        return RefusedLine(line, "year", f"{own_year} bukan tahun.")
    if (lat is None) != (lon is None) or (
        lat is not None and lon is not None and not (-90 <= lat <= 90 and -180 <= lon <= 180)
    ):
        return RefusedLine(line, "lat", "Lintang dan bujur diisi berdua, dalam derajat.")
    return PopulationRow(
        line=line,
        code=code if level_of(code) else "",
        name=name or code,
        district=read_text(named.get("district"))[:80],
        year=own_year or year,
        population=people,
        lat=None if lat is None else float(lat),
        lon=None if lon is None else float(lon),
    )
