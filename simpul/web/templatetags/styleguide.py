"""Made-up contents for the page that shows every component in every state (developers only)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone

register = template.Library()


@register.simple_tag
def styleguide_samples() -> dict[str, Any]:
    """Return patients, trails, messages and choices that exist nowhere."""
    day = timezone.localtime().replace(hour=8, minute=14, second=2, microsecond=0)

    def at(*names: str) -> list[dict[str, Any]]:
        return [
            {"step": name, "at": day + dt.timedelta(minutes=7 * i), "by": ""}
            for i, name in enumerate(names)
        ]

    return {
        "patient": {
            "name": "SITI CONTOHWATI",
            "sex": "female",
            "birth_date": dt.date(1985, 3, 12),
            "mrn": "004512",
        },
        "child": {
            "name": "BY. NY. PERUMPAMAAN DENGAN NAMA YANG SANGAT PANJANG SEKALI",
            "sex": "male",
            "birth_date": timezone.localdate() - dt.timedelta(days=40),
            "mrn": "004513",
        },
        "unknown": {"name": "TANPA IDENTITAS 3", "sex": None, "birth_date": None, "mrn": "009001"},
        "allergies": {
            "known": {"state": "known", "text": "Penisilin (gatal, 2021)"},
            "none": {"state": "none", "asked_on": day.date()},
            "unknown": {"state": "unknown"},
            "unavailable": {"state": "unavailable"},
        },
        "tags": ["HT", "DM"],
        "trails": {
            "saved": at("saved"),
            "shown": at("saved", "shown"),
            "done": at("saved", "shown", "opened", "served", "done"),
        },
        "payers": [("bpjs", "BPJS"), ("umum", "Umum"), ("gratis", "Program")],
        "units": [("umum", "Poli Umum"), ("gigi", "Poli Gigi"), ("kia", "KIA")],
        "errors": ["NIK harus 16 angka, baru 15."],
        "late_actions": [
            {"digit": 1, "label": "Kirim ulang", "url": "#"},
            {"digit": 2, "label": "Alihkan", "url": "#"},
            {"digit": 3, "label": "Cetak slip antar", "url": "#"},
        ],
        "retry": [{"key": "F9", "label": "Simpan lagi", "url": "#", "primary": True}],
        "choices": [
            {"digit": 1, "label": "Kirim ke Klaster 3 · Lansia", "url": "#", "primary": True},
            {"digit": 2, "label": "Tetap KIA, tulis alasan", "url": "#"},
        ],
        "lines": [
            "BUDI MISALNYA · L · 67 th · keluhan: kontrol darah tinggi",
            "Dipilih: Klaster 2 · KIA — pasien laki-laki",
            "Saran: Klaster 3 · Lansia — karena usia 67 th",
        ],
        "queue": [
            ("A17", "BUDI MISALNYA", "67 th", "31 mnt", "", "BPJS · HT DM", "is-late"),
            ("A18", "RINA UPAMA", "28 th", "24 mnt", "hamil", "BPJS", ""),
            ("A19", "SLAMET SEUMPAMA", "81 th", "19 mnt", "lansia", "Umum", ""),
            ("A20", "ASEP ANDAI", "8 th", "12 mnt", "lab selesai", "BPJS", ""),
            ("B03", "SITI CONTOHWATI", "39 th", "4 mnt", "nama mirip", "BPJS", ""),
        ],
    }
