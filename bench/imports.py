"""Owns the measurement of bringing tickets in: rows a second and peak memory for files of growing length.

    python -m bench.imports                      100,000 rows, then 1,000,000 (CSV; needs some minutes)
    python -m bench.imports --rows 20000 --json  other lengths; one object a line

Each length is brought into a new data folder by a process of its own, as the command line does it: read,
mask, wait on disk, store. CPU time is that process's; peak memory is its largest resident set, and what
importing adds to the program alone.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from app import config, create_app
from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import importing
from app.wiring import MIGRATIONS

LENGTHS = (100_000, 1_000_000)
TEXTS = (
    "申请退货三天了一直没有人回复，订单号 2026030112345678，电话 13812342210",
    "I asked for a refund on Monday and nobody answered; my order is 8842019375",
    "快递显示签收但我没有收到，请尽快处理",
    "客服说 48 小时内回电，到现在没有消息",
)


def write(path: Path, rows: int) -> None:
    """Writes a table of so many tickets, every one different, with times, channels and texts in two languages."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,created_at,first_reply_at,resolved_at,channel,region,priority,text\n")
        for n in range(rows):
            day, hour, minute = 1 + n % 28, n % 24, n % 60
            at = f"2026-{1 + n % 9:02d}-{day:02d}T{hour:02d}:{minute:02d}:00+08:00"
            solved = f"2026-{1 + n % 9:02d}-{day:02d}T{hour:02d}:{minute:02d}:59+08:00"
            stream.write(f"B{n},{at},{solved},{solved},chat,east,ordinary,{TEXTS[n % 4]}（{n}）\n")


def measure(rows: int) -> dict[str, float]:
    """Brings so many rows into a new data folder and returns what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.csv"
        write(path, rows)
        app = create_app(config.Settings(data=Path(folder) / "data"))
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            cpu, wall = time.process_time(), time.perf_counter()
            row = importing.import_tickets(
                SYSTEM, "csv", path, between=lambda _done, _total: db.session.commit()
            )
            db.session.commit()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            size = path.stat().st_size
            created = row.created_count
    return {
        "rows": created, "file_mb": round(size / 2**20, 1), "cpu_s": round(cpu, 1), "wall_s": round(wall, 1),
        "rows_a_cpu_second": round(created / cpu), "peak_mb": round(peak / 1024), "added_mb": round((peak - before) / 1024),
    }  # fmt: skip


def main() -> None:
    """Measures each length in a process of its own, so that one does not count in the other's memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    for rows in given.rows:
        if given.here:
            print(json.dumps(measure(rows)))
            continue
        command = [sys.executable, "-m", "bench.imports", "--here", "--rows", str(rows)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        made = json.loads(answer)
        print(
            answer if given.json else ", ".join(f"{name} {value}" for name, value in made.items()), flush=True
        )


if __name__ == "__main__":
    main()
