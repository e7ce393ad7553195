"""Holds the built-in pairs, unit limits and add-on primaries against the decoded copies of CMS's tables.

usage: agreement.py CMS_FOLDER

Prints for each table how many rows agree, contradict, or are missing. A contradiction fails unless `EXPLAINED` names it.
"""

import sys
from pathlib import Path

import duckdb

FACTS = Path(__file__).resolve().parents[2] / "crates/spinecode-data/facts"
# The day of the pair tables.
DAY = "2024-07-01"
# Contradictions that stand, each with its reason.
EXPLAINED: dict[tuple[str, ...], str] = {}


def own(table: str) -> str:
    """A built-in table with open dates filled in."""
    return f"""(SELECT * REPLACE (coalesce("from", '0001-01-01')::DATE AS "from",
        coalesce(last_day, '9999-12-31')::DATE AS last_day) FROM read_csv('{FACTS}/{table}.csv', all_varchar = true))"""


def pairs(folder: Path) -> list[tuple[str, ...]]:
    """Built-in pairs in force on the day of CMS's tables, and CMS's pairs between codes that we know."""
    contradictions = []
    for program, name, service in [
        ("practitioner", "ncci_ptp_prac_2024q3", "practitioner"),
        ("hospital", "ncci_ptp_out_2024q3", "outpatient_hospital"),
    ]:
        real = (
            f"(FROM '{folder / name}.parquet' WHERE deletion IS NULL AND modifier <> 9)"
        )
        duckdb.execute(f"""CREATE OR REPLACE TABLE held AS
            SELECT p.column1, p.column2, CASE WHEN r.modifier = p.indicator::INT THEN 'same'
                WHEN r.modifier IS NOT NULL THEN 'other indicator' WHEN b.modifier IS NOT NULL THEN 'other direction'
                ELSE 'not in the table' END AS state
            FROM {own("ptp_pairs")} p
            LEFT JOIN {real} r ON r.column1 = p.column1 AND r.column2 = p.column2
            LEFT JOIN {real} b ON b.column1 = p.column2 AND b.column2 = p.column1
            WHERE p."table" IN ('both', '{program}') AND DATE '{DAY}' BETWEEN p."from" AND p.last_day""")
        for state, count in duckdb.execute(
            "SELECT state, count(*) FROM held GROUP BY 1 ORDER BY 1"
        ).fetchall():
            print(f"pairs, {program}: {count:,} built-in rows {state}")
        contradictions += [
            ("pair", program, *row)
            for row in duckdb.execute(
                "SELECT * FROM held WHERE state <> 'same' ORDER BY ALL"
            ).fetchall()
        ]
        known = f"(SELECT DISTINCT code FROM {own('codes')})"
        all_pairs, ours = (
            duckdb.execute(f"""SELECT count(*), count(*) FILTER ((column1, column2) IN
                (SELECT (column1, column2) FROM held WHERE state = 'same'))
            FROM read_csv('{folder}/spine_ptp.csv', all_varchar = true) WHERE service = '{service}' AND deletion IS NULL
                AND modifier <> '9' AND column1 IN {known} AND column2 IN {known}""").fetchone()
        )
        print(
            f"pairs, {program}: of {all_pairs:,} in force between codes that we know, {ours:,} are built in"
        )
    return contradictions


def limits(folder: Path) -> list[tuple[str, ...]]:
    """Unit limits of each quarter and program."""
    contradictions = []
    for program, day, rows in [
        (
            "practitioner",
            DAY,
            (
                f"(SELECT code, mue_units AS most, mue_mai AS mai FROM '{folder}/ncci_mue_2024q3.parquet'"
                " WHERE service LIKE 'prac%')"
            ),
        ),
        (
            "hospital",
            DAY,
            (
                f"(SELECT code, mue_units AS most, mue_mai AS mai FROM '{folder}/ncci_mue_2024q3.parquet'"
                " WHERE service LIKE 'out%')"
            ),
        ),
        (
            "practitioner",
            "2026-04-01",
            f"(SELECT code, mue AS most, mai FROM '{folder}/ncci_mue_prac_2026q2.parquet')",
        ),
    ]:
        held = duckdb.execute(f"""SELECT l.code, l.units::INT, l.mai::INT, r.most::INT, r.mai::INT FROM {own("unit_limits")} l
            LEFT JOIN {rows} r USING (code) WHERE l."table" IN ('both', '{program}')
                AND DATE '{day}' BETWEEN l."from" AND l.last_day ORDER BY ALL""").fetchall()
        # A quarter's file of another year may lack a code that ended or had not begun.
        differ = [row for row in held if row[3] is not None and row[1:3] != row[3:5]]
        absent = [row[0] for row in held if row[3] is None]
        print(
            f"limits, {program} {day}: {len(held) - len(differ) - len(absent):,} rows same, {len(differ)} other,"
            f" {len(absent)} not in the table {' '.join(absent)}"
        )
        contradictions += [("limit", program, day, *map(str, row)) for row in differ]
    return contradictions


def primaries(folder: Path) -> list[tuple[str, ...]]:
    """Add-on primaries with their days, and CMS's rows between codes that we know."""
    real = f"(FROM '{folder}/ncci_aoc_2026q2.parquet' WHERE aoc_edit_deldt IS NULL OR aoc_edit_deldt > aoc_edit_effdt)"
    held = duckdb.execute(f"""SELECT p.add_on, p."primary", p."from"::VARCHAR, p.last_day::VARCHAR,
            r.aoc_edit_effdt::VARCHAR, coalesce(r.aoc_edit_deldt, '9999-12-31')::VARCHAR, r.add_on_code IS NOT NULL
        FROM {own("add_on_primaries")} p LEFT JOIN {real} r ON r.add_on_code = p.add_on AND r.primary_code = p."primary"
        ORDER BY ALL""").fetchall()
    differ = [row[:-1] for row in held if not row[-1] or row[2:4] != row[4:6]]
    known = f"(SELECT DISTINCT code FROM {own('codes')})"
    missing = duckdb.execute(f"""SELECT add_on_code, primary_code FROM {real} WHERE add_on_code IN {known}
        AND primary_code IN {known} AND (add_on_code, primary_code) NOT IN (SELECT (add_on, "primary")
        FROM {own("add_on_primaries")}) ORDER BY ALL""").fetchall()
    print(
        f"primaries: {len(held) - len(differ):,} rows same, {len(differ)} other; of CMS's between codes that we know,"
        f" {len(missing)} are missing {' '.join('/'.join(row) for row in missing)}"
    )
    return [("primary", *map(str, row)) for row in differ] + [
        ("missing primary", *row) for row in missing
    ]


def main() -> None:
    """Measures every table."""
    folder = Path(sys.argv[1])
    contradictions = pairs(folder) + limits(folder) + primaries(folder)
    for one in contradictions:
        print("contradicts:", *one, EXPLAINED.get(one, "- NOT EXPLAINED"))
    sys.exit(any(one not in EXPLAINED for one in contradictions))


if __name__ == "__main__":
    main()
