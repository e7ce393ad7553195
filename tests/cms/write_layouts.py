"""Writes decoded copies of CMS's tables back in CMS's own layouts, so that `spinecode data build` can read them.

usage: write_layouts.py FOLDER OUT

FOLDER holds the Parquet files of ../shared/cms (see its README); OUT gets the files, and prints one argument of
`spinecode data build` a line. The pair edits lack their effective dates: `*` stands there, for `--unknown-starts`.
"""

import sys
from pathlib import Path

import duckdb

FEE_COLUMNS = (
    "HCPCS MOD DESCRIPTION STATUS_CODE NOT_USED_FOR_MEDICARE_PAYMENT WORK_RVU NON-FAC_PE_RVU NON-FAC_NA_INDICATOR "
    "FACILITY_PE_RVU FACILITY_NA_INDICATOR MP_RVU NON-FACILITY_TOTAL FACILITY_TOTAL PCTC_IND GLOB_DAYS PRE_OP INTRA_OP "
    "POST_OP MULT_PROC BILAT_SURG ASST_SURG CO-SURG TEAM_SURG ENDO_BASE CONV_FACTOR "
    "PHYSICIAN_SUPERVISION_OF_DIAGNOSTIC_PROCEDURES DIAGNOSTIC_IMAGING_FAMILY_INDICATOR"
)
# A number lost its leading zeros in one of the copies.
FEE_VALUES = """lpad(hcpcs, 5, '0'), mod, NULL, status_code, NULL, printf('%.2f', work_rvu), printf('%.2f', non_fac_pe_rvu),
    non_fac_indicator, printf('%.2f', facility_pe_rvu), facility_indicator, printf('%.2f', mp_rvu),
    printf('%.2f', non_facility_total), printf('%.2f', facility_total), pctc_ind, glob_days, pre_op, intra_op, post_op,
    mult_proc, bilat_surg, asst_surg, co_surg, team_surg, lpad(endo_base, 5, '0'), conv_factor, phys_superv, img_family"""
LIMIT_HEADER = [
    "HCPCS/CPT Code",
    "{} MUE Values",
    "MUE Adjudication Indicator",
    "MUE Rationale",
]
ADJUDICATION = """CASE {0} WHEN 1 THEN '1 Line Edit' WHEN 2 THEN '2 Date of Service Edit: Policy'
    ELSE '3 Date of Service Edit: Clinical' END"""


def write(out: Path, header: list[str], query: str, delimiter: str = ",") -> None:
    """One file: the header, then the rows of the query."""
    table = out.with_suffix(".rows")
    duckdb.sql(
        f"COPY ({query}) TO '{table}' (FORMAT csv, HEADER false, DELIMITER '{delimiter}', NEW_LINE '\\r\\n')"
    )
    with out.open("wb") as file:
        file.write((delimiter.join(header) + "\r\n").encode())
        file.write(table.read_bytes())
    table.unlink()


def pairs(folder: Path, out: Path) -> None:
    """Pair edits of 2024-07-01."""
    header = [
        "Column 1",
        "Column 2",
        "*=in existence prior to 1996",
        "Effective Date",
        "Deletion Date *=no data",
        "Modifier 0=not allowed 1=allowed 9=not applicable",
        "PTP Edit Rationale",
    ]
    for table, name in [
        ("ncci_ptp_prac_2024q3", "ccipra"),
        ("ncci_ptp_out_2024q3", "ccioph"),
    ]:
        query = f"""SELECT column1, column2, NULL, '*', coalesce(strftime(deletion, '%Y%m%d'), '*'), modifier, rationale
            FROM '{folder / table}.parquet'"""
        path = out / f"{name}-v302r0.txt"
        write(path, header, query, "\t")
        print(path)


def limits(folder: Path, out: Path) -> None:
    """Unit limits of 2024-07-01, and of 2026-04-01 for practitioners."""
    settings = [
        ("practitioner", "Practitioner Services"),
        ("outpatient", "Outpatient Hospital Services"),
        ("dme", "DME Supplier Services"),
    ]
    for service, title in settings:
        adjudication = ADJUDICATION.format("mue_mai")
        query = f"""SELECT code, mue_units, {adjudication}, mue_rationale FROM '{folder}/ncci_mue_2024q3.parquet'
            WHERE service LIKE '{service}%'"""
        path = out / f"MCR_MUE_{title.replace(' ', '')}_Eff_07-01-2024.csv"
        write(path, [cell.format(title) for cell in LIMIT_HEADER], query)
        print(path)
    adjudication = ADJUDICATION.format("mai::INT")
    query = f"SELECT code, mue, {adjudication}, rationale FROM '{folder}/ncci_mue_prac_2026q2.parquet'"
    path = out / "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
    write(path, [cell.format("Practitioner Services") for cell in LIMIT_HEADER], query)
    print(path)


def add_ons(folder: Path, out: Path) -> None:
    """Add-on edits of 2026-04-01."""
    names = [
        "AOC_Edit_Type",
        "Add_On_Code",
        "AOC_Del_Dt",
        "Primary_Code",
        "Primary_Code_Del_Dt",
        "AOC_Edit_Eff_Dt",
        "AOC_Edit_Del_Dt",
    ]
    days = [
        f"strftime({column}, '%Y%j')"
        for column in [
            "aoc_deldt",
            "primary_code_deldt",
            "aoc_edit_effdt",
            "aoc_edit_deldt",
        ]
    ]
    query = f"""SELECT aoc_edit_type, add_on_code, {days[0]}, primary_code, {days[1]}, {days[2]}, {days[3]},
        special_instruction_notes FROM '{folder}/ncci_aoc_2026q2.parquet'"""
    path = out / "AOC_V2026Q2-MCR.csv"
    write(path, [*names, "Special_Instruction_Notes"], query)
    print(path)


def fee_schedules(folder: Path, out: Path) -> None:
    """Relative value files of 2020 to 2025, the one of March 2024 as the revision it is."""
    source = f"'{folder}/pfs_rvu_2020_2025.parquet'"
    header = [name.replace("_", " ") for name in FEE_COLUMNS.split()]
    for release, start in duckdb.sql(
        f"SELECT DISTINCT release, release_start FROM {source} ORDER BY 2"
    ).fetchall():
        path = out / f"fees-{start}.csv"
        write(
            path,
            header,
            f"SELECT {FEE_VALUES} FROM {source} WHERE release = '{release}'",
        )
        print(f"fee_schedule@{start}={path}")


def outpatient(folder: Path, out: Path) -> None:
    """Addendum B of 2023 to 2026; the copies lack the payment classification."""
    source = f"'{folder}/opps_addendum_b_2023_2026.parquet'"
    header = [
        "HCPCS Code",
        "Short Descriptor",
        "SI",
        "APC",
        "Relative Weight",
        "Payment Rate",
    ]
    for (release,) in duckdb.sql(
        f"SELECT DISTINCT release FROM {source} ORDER BY 1"
    ).fetchall():
        path = out / f"addendum-{release}.csv"
        write(
            path,
            header,
            f"SELECT code, NULL, si, NULL, NULL, payment_rate FROM {source} WHERE release = '{release}'",
        )
        print(f"opps_b@{release}-01={path}")


def main() -> None:
    """Writes every table that the folder holds."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for each in (pairs, limits, add_ons, fee_schedules, outpatient):
        each(folder, out)


if __name__ == "__main__":
    main()
