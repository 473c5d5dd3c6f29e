"""The benchmark of the year's workload runs from end to end; its times mean nothing here."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_a_small_journal_is_made_measured_and_counted(tmp_path: Path):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SIMPUL_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.planning_workload", "--entries", "3000"],
        cwd=ROOT,
        env={**clean, "SIMPUL_BENCH_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert 3000 <= found["entries"] < 3200
    assert {"start_seconds", "seconds", "cpu_seconds", "memory_mb", "budget_seconds"} <= set(found)
    assert "rekam-medis daftar-lama" in str(found["categories"]["Pendaftaran"])
