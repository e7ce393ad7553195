"""Judges generated claims by SQL over the decoded copies of CMS's tables and holds the engine against it.

usage: oracle.py CMS_FOLDER RELEASE EDIT_LINES [LINES]

Pairs, unit limits and add-on edits are judged here from the Parquet files of CMS_FOLDER (see its README) and, where these cannot
say, from the built-in rows; no code is shared with the engine. EDIT_LINES is the engine's example of that name, which edits the
same claims by RELEASE. Every verdict, reason and finding of the three layers must be the same.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "crates/spinecode-data/facts"
SEED = 20261122
LINES_A_DAY = 7
# NCCI's own list; 59 and X{EPSU} stand on column 2 alone before July 2019.
EITHER = [
    "E1",
    "E2",
    "E3",
    "E4",
    "FA",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "TA",
    "T1",
    "T2",
    "T3",
    "T4",
    "T5",
    "T6",
    "T7",
    "T8",
    "T9",
    "LT",
    "RT",
    "LC",
    "LD",
    "RC",
    "LM",
    "RI",
    "24",
    "25",
    "57",
    "58",
    "78",
    "79",
    "27",
    "91",
]
DISTINCT = ["59", "XE", "XS", "XP", "XU"]
COLUMNS = [
    "claim_id",
    "person_id",
    "payer",
    "claim_type",
    "bill_type_code",
    "place_of_service",
    "rendering_npi",
    "billing_npi",
    "group_id",
    "specialty",
    "frequency_code",
    "line_number",
    "code",
    "modifiers",
    "units",
    "date_of_service",
    "status",
]


def words(values: list[str]) -> str:
    """A list of SQL texts."""
    return ", ".join(f"'{value}'" for value in values)


def load(sql: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """CMS's tables and the built-in rows, each row with its days."""
    for program, name in [
        ("practitioner", "ncci_ptp_prac_2024q3"),
        ("hospital", "ncci_ptp_out_2024q3"),
    ]:
        # A row without a start begins no earlier than the row of the same pair before it ended.
        sql.execute(f"""CREATE TABLE pairs_{program} AS SELECT column1, column2, modifier::INT AS indicator, deletion,
            lag(deletion) OVER (PARTITION BY column1, column2 ORDER BY deletion NULLS LAST) AS before
            FROM '{folder / name}.parquet' WHERE modifier <> 9""")
    sql.execute("""CREATE TABLE pairs AS SELECT 'practitioner' AS program, * FROM pairs_practitioner
        UNION ALL SELECT 'hospital', * FROM pairs_hospital""")
    sql.execute(f"""CREATE TABLE limits AS
        SELECT CASE WHEN service LIKE 'prac%' THEN 'practitioner' ELSE 'hospital' END AS program,
            DATE '2024-07-01' AS start, code, mue_units::INT AS most, mue_mai::INT AS mai
        FROM '{folder}/ncci_mue_2024q3.parquet' WHERE service LIKE 'prac%' OR service LIKE 'out%'
        UNION ALL SELECT 'practitioner', DATE '2026-04-01', code, mue::INT, mai::INT
        FROM '{folder}/ncci_mue_prac_2026q2.parquet'""")
    sql.execute(f"""CREATE TABLE primaries AS SELECT add_on_code AS add_on, nullif(primary_code, 'CCCCC') AS listed,
            aoc_edit_type::INT AS type, aoc_edit_effdt AS first, aoc_edit_deldt AS last
        FROM '{folder}/ncci_aoc_2026q2.parquet' WHERE aoc_edit_deldt IS NULL OR aoc_edit_deldt > aoc_edit_effdt""")
    sql.execute(f"""CREATE TABLE fees AS SELECT date_trunc('quarter', release_start)::DATE AS start, lpad(hcpcs, 5, '0') AS code,
            mod, bilat_surg, status_code <> 'D' AS alive
        FROM '{folder}/pfs_rvu_2020_2025.parquet'
        QUALIFY release_start = max(release_start) OVER (PARTITION BY date_trunc('quarter', release_start))""")
    sql.execute(f"""CREATE TABLE opps AS SELECT date_trunc('quarter', (release || '-01')::DATE)::DATE AS start, code,
            si <> 'D' AS alive
        FROM '{folder}/opps_addendum_b_2023_2026.parquet'""")
    for table in ("ptp_pairs", "unit_limits", "add_on_primaries", "codes"):
        sql.execute(f"""CREATE TABLE own_{table} AS SELECT * REPLACE (
                coalesce("from", '0001-01-01')::DATE AS "from", coalesce(last_day, '9999-12-31')::DATE AS last_day)
            FROM read_csv('{FACTS}/{table}.csv', all_varchar = true)""")


def generate(sql: duckdb.DuckDBPyConnection, days: int) -> None:
    """Claims of so many billing days: a realistic mix of codes that meet in the tables, modifiers, settings and dates."""
    sql.execute(
        f"CREATE MACRO dice(pos, salt, sides) AS (hash(pos, salt, {SEED}) % sides)::INT"
    )
    # Codes to draw from: those of the field, and every pair partner and primary of a code by number.
    sql.execute("""CREATE TABLE field AS SELECT row_number() OVER (ORDER BY code) - 1 AS pos, code FROM (
        SELECT DISTINCT code FROM own_codes WHERE status = 'valid')""")
    sql.execute("""CREATE TABLE every_code AS SELECT row_number() OVER (ORDER BY code) - 1 AS pos, code FROM (
        SELECT DISTINCT code FROM limits)""")
    sql.execute("""CREATE TABLE partners AS SELECT code, partner,
            row_number() OVER (PARTITION BY code ORDER BY partner) - 1 AS pos, count(*) OVER (PARTITION BY code) AS of
        FROM (SELECT DISTINCT column1 AS code, column2 AS partner FROM pairs WHERE deletion IS NULL OR deletion > '2018-01-01'
            UNION SELECT column2, column1 FROM pairs WHERE deletion IS NULL OR deletion > '2018-01-01')""")
    sql.execute("""CREATE TABLE beside AS SELECT code, partner,
            row_number() OVER (PARTITION BY code ORDER BY partner) - 1 AS pos, count(*) OVER (PARTITION BY code) AS of
        FROM (SELECT DISTINCT add_on AS code, listed AS partner FROM primaries WHERE listed IS NOT NULL
            UNION SELECT listed, add_on FROM primaries WHERE listed IS NOT NULL)""")
    sql.execute("""CREATE TABLE own_beside AS SELECT code, partner,
            row_number() OVER (PARTITION BY code ORDER BY partner) - 1 AS pos, count(*) OVER (PARTITION BY code) AS of
        FROM (SELECT DISTINCT column1 AS code, column2 AS partner FROM own_ptp_pairs
            UNION SELECT column2, column1 FROM own_ptp_pairs)""")
    dates = [
        "2019-06-30",
        "2019-07-01",
        "2019-12-31",
        "2020-01-01",
        "2021-03-15",
        "2022-12-31",
        "2023-01-01",
        "2023-11-07",
        "2024-02-29",
        "2024-06-30",
        "2024-09-30",
        "2024-10-01",
        "2025-05-05",
        "2026-03-31",
        "2026-04-01",
        "2026-06-30",
        "2026-07-01",
    ]
    sql.execute(f"""CREATE TABLE days AS SELECT day,
        CASE WHEN dice(day, 'quarter', 100) < 55 THEN DATE '2024-07-01' + dice(day, 'in', 92)
            WHEN dice(day, 'quarter', 100) < 65 THEN DATE '2018-01-01' + dice(day, 'old', 2373)
            WHEN dice(day, 'quarter', 100) < 72 THEN DATE '2026-04-01' + dice(day, 'new', 91)
            ELSE [{words(dates)}][1 + dice(day, 'date', {len(dates)})]::DATE END AS date,
        CASE WHEN dice(day, 'who', 100) < 50 THEN 'office' WHEN dice(day, 'who', 100) < 60 THEN 'hospital_visit'
            WHEN dice(day, 'who', 100) < 68 THEN 'at_centre' WHEN dice(day, 'who', 100) < 82 THEN 'centre'
            WHEN dice(day, 'who', 100) < 96 THEN 'hospital' ELSE 'untold' END AS sender,
        dice(day, 'payer', 100) < 3 AS follows_cpt, dice(day, 'person', 100) < 2 AS nobody
        FROM range({days}) t(day)""")
    sql.execute("""CREATE TABLE claims AS SELECT *, format('c{}x{}', day, k) AS claim_id,
        CASE WHEN NOT nobody THEN format('p{}', day) END AS person_id,
        CASE WHEN follows_cpt THEN 'cpt' ELSE 'medicare' END AS payer,
        CASE WHEN sender = 'hospital' THEN 'institutional' ELSE 'professional' END AS claim_type,
        CASE WHEN sender = 'hospital' THEN '0131' END AS bill_type_code,
        CASE sender WHEN 'office' THEN '11' WHEN 'hospital_visit' THEN '22' WHEN 'hospital' THEN NULL ELSE '24' END
            AS place_of_service,
        -- The second claim is of the same clinician, of a colleague of group and specialty, or of a stranger.
        CASE WHEN sender IN ('untold', 'hospital', 'centre') THEN NULL WHEN k = 0 OR dice(day * 8 + k, 'npi', 10) < 6 THEN 'A'
            WHEN dice(day * 8 + k, 'npi', 10) < 8 THEN 'B' ELSE 'C' END AS rendering_npi,
        CASE WHEN sender = 'at_centre' THEN 'G' WHEN sender IN ('hospital', 'centre') THEN
            CASE WHEN k = 0 OR dice(day * 8 + k, 'npi', 10) < 7 THEN 'F' ELSE 'H' END END AS billing_npi,
        CASE WHEN rendering_npi IN ('A', 'B') AND dice(day * 8 + k, 'group', 4) > 0 THEN 'g' END AS group_id,
        CASE WHEN sender = 'centre' THEN '49' WHEN group_id IS NOT NULL THEN '09' END AS specialty,
        CASE WHEN dice(day * 8 + k, 'void', 50) = 0 THEN '8' END AS frequency_code
        FROM days, range(3) t(k) WHERE k = 0 OR dice(day, 'claims', 10) < CASE k WHEN 1 THEN 4 ELSE 1 END""")
    # Codes: the first of the day from the field or anywhere; the others are mostly those that the tables speak of with it.
    sql.execute(f"""CREATE TABLE slots AS SELECT day, slot, day * 64 + slot AS pos, dice(pos, 'kind', 100) AS kind
        FROM days, range({LINES_A_DAY}) t(slot)""")
    sql.execute("""CREATE TABLE firsts AS SELECT s.day, coalesce(f.code, e.code) AS first FROM slots s
        LEFT JOIN field f ON s.kind < 85 AND f.pos = dice(s.pos, 'first', (SELECT count(*) FROM field))
        LEFT JOIN every_code e ON s.kind >= 85 AND e.pos = dice(s.pos, 'first', (SELECT count(*) FROM every_code))
        WHERE slot = 0""")
    sql.execute("""CREATE TABLE wanted AS SELECT s.*, first,
            hash(s.pos, 'a', 1) % p.of AS p, hash(s.pos, 'b', 1) % b.of AS b, hash(s.pos, 'c', 1) % o.of AS o
        FROM slots s JOIN firsts USING (day)
            LEFT JOIN (SELECT code, any_value(of) AS of FROM partners GROUP BY 1) p ON kind < 30 AND p.code = first
            LEFT JOIN (SELECT code, any_value(of) AS of FROM beside GROUP BY 1) b ON kind BETWEEN 30 AND 49 AND b.code = first
            LEFT JOIN (SELECT code, any_value(of) AS of FROM own_beside GROUP BY 1) o ON kind BETWEEN 50 AND 59 AND o.code = first
        """)
    sql.execute("""CREATE TABLE drawn AS SELECT s.*, CASE WHEN slot = 0 THEN first
            ELSE coalesce(p.partner, b.partner, o.partner, f.code, e.code, first) END AS code
        FROM (SELECT *, CASE WHEN kind BETWEEN 60 AND 84 THEN dice(pos, 'more', (SELECT count(*) FROM field)) END AS f,
                CASE WHEN kind BETWEEN 85 AND 89 THEN dice(pos, 'more', (SELECT count(*) FROM every_code)) END AS e FROM wanted) s
            LEFT JOIN partners p ON p.code = first AND p.pos = s.p
            LEFT JOIN beside b ON b.code = first AND b.pos = s.b
            LEFT JOIN own_beside o ON o.code = first AND o.pos = s.o
            LEFT JOIN field f ON f.pos = s.f LEFT JOIN every_code e ON e.pos = s.e""")
    modifiers = [
        "RT",
        "LT",
        "RT",
        "LT",
        "50",
        "59",
        "59",
        "XS",
        "XU",
        "25",
        "76",
        "26",
        "TC",
        "51",
        "22",
        "F1",
        "TA",
        "58",
        "79",
        "77",
        "91",
        "52",
    ]
    sql.execute(f"""CREATE TABLE lines AS SELECT c.*, d.pos, d.code, d.slot,
        CASE WHEN dice(d.pos, 'some', 10) < 5 THEN [] WHEN dice(d.pos, 'some', 10) < 9
            THEN [[{words(modifiers)}][1 + dice(d.pos, 'one', {len(modifiers)})]]
            ELSE [[{words(modifiers)}][1 + dice(d.pos, 'one', {len(modifiers)})],
                [{words(modifiers)}][1 + dice(d.pos, 'two', {len(modifiers)})]] END AS mods,
        ['1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '2', '2', '3', '4', '1.5', '0', '9', '2.0']
            [1 + dice(d.pos, 'units', 23)] AS units,
        c.date + (dice(d.pos, 'next', 40) = 0)::INT AS line_date,
        CASE WHEN dice(d.pos, 'status', 50) = 0 THEN 'denied' WHEN dice(d.pos, 'status', 50) = 1 THEN 'paid' END AS status
        FROM drawn d JOIN (SELECT *, row_number() OVER (PARTITION BY day ORDER BY k) - 1 AS nth,
                count(*) OVER (PARTITION BY day) AS of FROM claims) c
            ON c.day = d.day AND c.nth = hash(d.pos, 'claim', 1) % c.of""")
    sql.execute("""CREATE OR REPLACE TABLE lines AS SELECT *,
        row_number() OVER (PARTITION BY claim_id ORDER BY slot) AS line_number FROM lines""")


def judge(sql: duckdb.DuckDBPyConnection) -> None:
    """Layers 4 to 6: `said` holds one verdict a line and layer, `found` the findings."""
    sql.execute("""CREATE TABLE judged AS SELECT *, CASE setting WHEN 'hospital' THEN 'hospital' WHEN 'untold' THEN NULL
            ELSE 'practitioner' END AS program
        FROM (SELECT *, units::DECIMAL(9, 3) AS counted, CASE WHEN claim_type = 'institutional' THEN 'hospital' WHEN specialty = '49' THEN 'centre'
            WHEN place_of_service = '24' AND rendering_npi IS NOT DISTINCT FROM billing_npi THEN 'untold'
            WHEN place_of_service = '24' AND rendering_npi IS NULL THEN 'untold' ELSE 'professional' END AS setting,
        frequency_code = '8' IS NOT TRUE AND status = 'denied' IS NOT TRUE AS takes_part,
        coalesce(person_id, claim_id) AS who, coalesce(rendering_npi, billing_npi, '') AS clinician
        FROM lines)""")
    # One entity a clinician; clinicians of one group and specialty are one. A facility is its own.
    sql.execute("""CREATE OR REPLACE TABLE judged AS SELECT *, concat_ws('|', who, line_date, setting, payer,
        CASE WHEN setting IN ('hospital', 'centre') THEN coalesce(billing_npi, '') ELSE coalesce(
            max(CASE WHEN takes_part THEN 'group ' || group_id || specialty END)
                OVER (PARTITION BY who, line_date, setting, payer, clinician), clinician) END) AS entity,
        format('{}:{}', claim_id, line_number) AS line FROM judged""")
    sql.execute("""CREATE TABLE active AS SELECT entity, line_date AS date, setting, program, claim_id, line_number, line, code,
        mods, counted FROM judged WHERE takes_part AND payer = 'medicare'""")
    lived(sql)
    pairs(sql)
    limits(sql)
    add_ons(sql)


def lived(sql: duckdb.DuckDBPyConnection) -> None:
    """Codes that some list shows alive on a date: in its quarter, or, where that is not there, before and after it."""
    sql.execute(
        "CREATE TABLE asked_life AS SELECT DISTINCT code, date FROM active WHERE date < '2024-07-01'"
    )
    parts = []
    for table in ("fees", "opps"):
        sql.execute(f"""CREATE TABLE {table}_editions AS SELECT start, lead(start) OVER (ORDER BY start) AS next
            FROM (SELECT DISTINCT start FROM {table})""")
        alive = f"(SELECT DISTINCT start, code FROM {table} WHERE alive)"
        parts.append(f"""SELECT a.code, a.date FROM asked_life a
            ASOF JOIN {table}_editions e ON a.date >= e.start
            JOIN {alive} n ON n.start = e.start AND n.code = a.code
            LEFT JOIN {alive} m ON m.start = e.next AND m.code = a.code
            WHERE a.date < e.start + INTERVAL 3 MONTH OR m.code IS NOT NULL""")
    parts.append("""SELECT a.code, a.date FROM asked_life a JOIN own_codes c ON c.code = a.code AND c.status <> 'never_valid'
        AND a.date BETWEEN c."from" AND c.last_day""")
    sql.execute(f"CREATE TABLE lived AS {' UNION '.join(parts)}")


def pairs(sql: duckdb.DuckDBPyConnection) -> None:
    """Pair edits."""
    sql.execute("""CREATE TABLE met AS SELECT DISTINCT a.entity, a.date, a.program, a.code AS one, b.code AS other
        FROM active a JOIN active b ON a.entity = b.entity AND a.code < b.code WHERE a.program IS NOT NULL""")
    sql.execute("""CREATE TABLE by_table AS SELECT m.*, p.column1, p.column2, p.indicator, m.date < '2024-07-01' AS doubtful
        FROM met m JOIN pairs p ON p.program = m.program AND m.date < '2024-10-01'
            AND least(p.column1, p.column2) = m.one AND greatest(p.column1, p.column2) = m.other
            AND (p.deletion IS NULL OR m.date <= p.deletion) AND (p.before IS NULL OR m.date > p.before)""")
    # Where the files lack the starts, both directions of a pair may seem to be in force: nobody can say which was.
    sql.execute(
        """CREATE TABLE contradicting AS SELECT entity FROM by_table GROUP BY entity, one, other HAVING count(*) > 1"""
    )
    sql.execute("""CREATE TABLE by_rows AS SELECT m.*, r.column1, r.column2, r.indicator::INT AS indicator
        FROM met m JOIN own_ptp_pairs r ON least(r.column1, r.column2) = m.one
            AND greatest(r.column1, r.column2) = m.other AND r."table" IN ('both', m.program) AND m.date BETWEEN r."from" AND r.last_day""")
    sql.execute("""CREATE TABLE told AS SELECT m.*, t.column1, t.column2, t.indicator,
            t.column1 IS NOT NULL AND (NOT t.doubtful OR (x.code IS NOT NULL AND y.code IS NOT NULL)) AS sure
        FROM met m LEFT JOIN by_table t ON t.entity = m.entity AND t.one = m.one AND t.other = m.other
            LEFT JOIN lived x ON x.code = m.one AND x.date = m.date
            LEFT JOIN lived y ON y.code = m.other AND y.date = m.date""")
    sql.execute("""CREATE TABLE answered AS SELECT m.entity, m.one, m.other, m.date,
            CASE WHEN sure THEN m.column1 ELSE r.column1 END AS column1,
            CASE WHEN sure THEN m.column2 ELSE r.column2 END AS column2,
            CASE WHEN sure THEN m.indicator ELSE r.indicator END AS indicator,
            CASE WHEN sure OR r.column1 IS NOT NULL THEN NULL WHEN m.column1 IS NOT NULL THEN 'start_unknown'
                WHEN m.date >= '2024-10-01' THEN 'past_verification' END AS unchecked
        FROM told m LEFT JOIN by_rows r ON r.entity = m.entity AND r.one = m.one AND r.other = m.other
            AND (m.date >= '2024-10-01' OR m.column1 IS NOT NULL)""")
    opens = f"""m IN ({words(EITHER)}) OR (m IN ({words(DISTINCT)}) AND ({{}} OR date >= '2019-07-01'))"""
    sql.execute(f"""CREATE TABLE held AS SELECT a.entity, d.claim_id, d.line AS denied, p.line AS paid, a.column1, a.column2,
            a.indicator, a.date, d.mods AS denied_mods, p.mods AS paid_mods,
            list_filter(d.mods, lambda m: {opens.format("true").replace("date", "a.date")}) AS own,
            list_filter(p.mods, lambda m: {opens.format("false").replace("date", "a.date")}) AS theirs,
            a.indicator = 1 AND len(own) + len(theirs) > 0 AS open
        FROM answered a JOIN active d ON d.entity = a.entity AND d.code = a.column2
            JOIN active p ON p.entity = a.entity AND p.code = a.column1 WHERE a.column1 IS NOT NULL""")
    sql.execute("""CREATE TABLE found AS SELECT entity, 'ptp' AS layer, claim_id, denied AS first,
            CASE WHEN indicator = 1 THEN 'PTP-002' ELSE 'PTP-001' END AS rule,
            CASE WHEN bool_and(open) THEN 'bypassed' ELSE 'fail' END AS verdict,
            list_sort(CASE WHEN bool_and(open) THEN list(paid) ELSE list(paid) FILTER (NOT open) END) AS others,
            column2 AS code, column1 AS other, NULL::VARCHAR AS units, NULL::VARCHAR AS most, NULL::VARCHAR AS mai,
            CASE WHEN bool_and(open) AND len(any_value(own)) > 0 THEN any_value(own)[1] END AS modifier
        FROM held GROUP BY ALL""")
    sql.execute("""CREATE TABLE said AS SELECT 'ptp' AS layer, a.entity, a.line,
            CASE WHEN a.program IS NULL THEN 'not_checked' WHEN f.worst IS NOT NULL AND (f.worst = 'fail' OR u.why IS NULL
                OR f.worst = 'bypassed') THEN f.worst WHEN u.why IS NOT NULL THEN 'not_checked' ELSE 'pass' END AS verdict,
            CASE WHEN a.program IS NULL THEN 'undetermined_setting' ELSE coalesce(u.why, '') END AS unchecked
        FROM active a LEFT JOIN (SELECT first, max(verdict) AS worst FROM found GROUP BY 1) f ON f.first = a.line
            LEFT JOIN (SELECT entity, code, CASE min(CASE unchecked WHEN 'past_verification' THEN 1 ELSE 2 END) WHEN 1
                    THEN 'past_verification' ELSE 'start_unknown' END AS why
                FROM (SELECT entity, unnest([one, other]) AS code, unchecked FROM answered WHERE unchecked IS NOT NULL)
                GROUP BY 1, 2) u ON u.entity = a.entity AND u.code = a.code""")


def limits(sql: duckdb.DuckDBPyConnection) -> None:
    """Unit limits."""
    sql.execute("""CREATE TABLE counts AS SELECT entity, date, setting, program, code, sum(counted) AS units,
            sum(counted) FILTER (side = 'L') AS l, sum(counted) FILTER (side = 'R') AS r, sum(counted) FILTER (side = '') AS n
        FROM (SELECT *, CASE WHEN list_contains(mods, '50') OR list_has_all(mods, ['LT', 'RT']) THEN ''
                WHEN list_contains(mods, 'LT') THEN 'L' WHEN list_contains(mods, 'RT') THEN 'R' ELSE '' END AS side FROM active)
        GROUP BY ALL""")
    sql.execute("""CREATE TABLE limited AS SELECT c.*, l.most, l.mai, NULL AS why FROM counts c JOIN limits l
            ON l.program = c.program AND l.code = c.code AND c.date >= l.start AND c.date < l.start + INTERVAL 3 MONTH
        UNION ALL SELECT c.*, o.units::INT, o.mai::INT, CASE WHEN o.code IS NULL THEN
                CASE WHEN c.date >= CASE c.program WHEN 'hospital' THEN DATE '2024-10-01' ELSE DATE '2026-07-01' END
                    THEN 'past_verification' ELSE 'no_table' END END
            FROM counts c LEFT JOIN own_unit_limits o ON o.code = c.code AND c.date BETWEEN o."from" AND o.last_day
                AND o."table" IN ('both', c.program)
            WHERE c.program IS NOT NULL AND NOT EXISTS (FROM limits l WHERE l.program = c.program AND c.date >= l.start
                AND c.date < l.start + INTERVAL 3 MONTH)""")
    # A surgery centre writes both sides on two lines: the busier side counts. Units without sides may be both.
    sql.execute("""CREATE TABLE weighed AS SELECT l.*, CASE WHEN setting = 'centre'
                THEN coalesce(n, 0) + greatest(coalesce(l.l, 0), coalesce(l.r, 0)) ELSE units END AS sum,
            setting = 'centre' AND coalesce(n, 0) = sum AND sum <= 2 * most AND CASE WHEN k.code IS NOT NULL
                THEN k.laterality = 'unilateral' ELSE coalesce(f.bilat_surg IN ('1', '3'), true) END AS maybe_sides
        FROM limited l LEFT JOIN own_codes k ON k.code = l.code AND l.date BETWEEN k."from" AND k.last_day
            LEFT JOIN fees f ON f.code = l.code AND f.mod IS NULL AND l.date >= f.start AND l.date < f.start + INTERVAL 3 MONTH
        """)
    sql.execute("""CREATE TABLE weighed_lines AS SELECT w.*, a.claim_id, a.line, a.line_number, a.counted,
            CASE WHEN why IS NOT NULL THEN 'not_checked' WHEN mai = 1 THEN CASE WHEN counted > most THEN 'fail' ELSE 'pass' END
                WHEN sum <= most THEN 'pass' WHEN maybe_sides THEN 'not_checked' ELSE 'fail' END AS verdict
        FROM weighed w JOIN active a ON a.entity = w.entity AND a.code = w.code""")
    sql.execute("""INSERT INTO said SELECT 'mue', a.entity, a.line, CASE WHEN a.program IS NULL THEN 'not_checked'
            ELSE coalesce(w.verdict, 'not_applicable') END,
            CASE WHEN a.program IS NULL THEN 'undetermined_setting' WHEN w.verdict = 'not_checked' THEN coalesce(why, 'no_table')
                ELSE '' END
        FROM active a LEFT JOIN weighed_lines w ON w.line = a.line""")
    sql.execute("""INSERT INTO found SELECT entity, 'mue', split_part(lines[1], ':', 1), lines[1], 'MUE-001', 'fail',
            list_sort(lines[2:]), code, NULL, units, most::VARCHAR, mai::VARCHAR, NULL
        FROM (SELECT entity, code, list(line ORDER BY counted DESC, claim_id, line_number::VARCHAR) AS lines, most, mai,
                trim(trim(any_value(CASE WHEN mai = 1 THEN counted ELSE sum END)::DECIMAL(12, 3)::VARCHAR, '0'), '.') AS units
            FROM weighed_lines WHERE verdict = 'fail'
            GROUP BY entity, code, most, mai, CASE WHEN mai = 1 THEN line END)""")


def add_ons(sql: duckdb.DuckDBPyConnection) -> None:
    """Add-on edits."""
    sql.execute("""CREATE TABLE needs AS SELECT DISTINCT a.entity, a.date, a.code, p.listed, p.type FROM active a
            JOIN primaries p ON p.add_on = a.code AND a.date < '2026-07-01' AND a.date >= p.first
                AND (p.last IS NULL OR a.date <= p.last)
        UNION SELECT DISTINCT a.entity, a.date, a.code, p."primary", 1 FROM active a
            JOIN own_add_on_primaries p ON p.add_on = a.code AND a.date >= '2026-07-01' AND a.date BETWEEN p."from" AND p.last_day
        """)
    sql.execute("""CREATE TABLE carried AS SELECT n.entity, n.code, bool_and(n.type = 1) AS closed,
            list_sort(list(DISTINCT a.line) FILTER (a.line IS NOT NULL)) AS beside,
            coalesce(bool_or(a.line IS NOT NULL AND NOT EXISTS (FROM said s WHERE s.line = a.line AND s.verdict = 'fail')), false)
                AS paid
        FROM needs n LEFT JOIN active a ON a.entity = n.entity AND a.code = n.listed GROUP BY 1, 2""")
    sql.execute("""CREATE TABLE strange AS SELECT DISTINCT a.entity FROM active a WHERE a.date >= '2026-07-01'
        AND NOT EXISTS (FROM own_codes k WHERE k.code = a.code AND a.date BETWEEN k."from" AND k.last_day)
        AND NOT EXISTS (FROM needs n WHERE n.entity = a.entity AND n.code = a.code)""")
    sql.execute("""CREATE TABLE last_layer AS SELECT a.entity, a.claim_id, a.line, a.code, beside,
            CASE WHEN c.code IS NULL THEN CASE WHEN a.date < '2026-07-01' OR k.add_on = 'no' THEN 'not_applicable'
                    ELSE 'not_checked' END
                WHEN paid THEN 'pass' WHEN len(coalesce(beside, [])) > 0 THEN 'warn' WHEN s.entity IS NOT NULL THEN 'not_checked'
                WHEN closed THEN 'fail' ELSE 'not_checked' END AS verdict,
            CASE WHEN verdict <> 'not_checked' THEN '' WHEN c.code IS NULL OR s.entity IS NOT NULL THEN 'past_verification'
                ELSE 'no_table' END AS unchecked
        FROM active a LEFT JOIN carried c ON c.entity = a.entity AND c.code = a.code
            LEFT JOIN strange s ON s.entity = a.entity
            LEFT JOIN own_codes k ON k.code = a.code AND a.date BETWEEN k."from" AND k.last_day""")
    sql.execute(
        """INSERT INTO said SELECT 'add_on_table', entity, line, verdict, unchecked FROM last_layer"""
    )
    sql.execute("""INSERT INTO found SELECT entity, 'add_on_table', claim_id, line,
            CASE WHEN verdict = 'fail' THEN 'AOC-001' ELSE 'AOC-002' END, verdict, coalesce(beside, []), code, NULL, NULL, NULL, NULL,
            NULL FROM last_layer WHERE verdict IN ('fail', 'warn')""")
    # A primary that a finding names was looked at.
    sql.execute("""UPDATE said SET verdict = 'pass' WHERE layer = 'add_on_table' AND verdict = 'not_applicable'
        AND line IN (SELECT unnest(others) FROM found WHERE layer = 'add_on_table')""")
    # What takes no part, or whose payer has no such layers, is not spoken of.
    sql.execute("""INSERT INTO said SELECT layer, entity, line, 'not_applicable', '' FROM judged,
        (VALUES ('ptp'), ('mue'), ('add_on_table')) t(layer) WHERE NOT (takes_part AND payer = 'medicare')""")


def compare(sql: duckdb.DuckDBPyConnection, out: Path) -> bool:
    """Every verdict, reason and finding; true where all are the same."""
    read = "read_csv('{}', delim = '\t', all_varchar = true, quote = '', nullstr = '')"
    sql.execute(f"""CREATE TABLE engine_said AS SELECT layer, format('{{}}:{{}}', claim_id, line_number) AS line, verdict,
        coalesce(unchecked, '') AS unchecked FROM {read.format(out / "verdicts.tsv")}""")
    sql.execute(f"""CREATE TABLE engine_found AS SELECT claim_id, rule, verdict, split(lines, ' ')[1] AS first,
            list_sort(split(lines, ' ')[2:]) AS others, modifier, code, other, units, "limit" AS most, mai
        FROM {read.format(out / "findings.tsv")}""")
    left_out = sql.execute(
        "SELECT count(DISTINCT entity) FROM contradicting"
    ).fetchone()[0]
    # One side's row joins the other's by all that both say.
    sql.execute("""CREATE TABLE verdicts AS SELECT coalesce(s.line, e.line) AS line, coalesce(s.layer, e.layer) AS layer,
            s.verdict AS ours, e.verdict AS theirs, s.unchecked AS our_reason, e.unchecked AS their_reason
        FROM (FROM said WHERE entity NOT IN (FROM contradicting)) s
        FULL JOIN (FROM engine_said SEMI JOIN (SELECT line FROM judged WHERE entity NOT IN (FROM contradicting)) USING (line)) e
            ON e.line = s.line AND e.layer = s.layer""")
    sql.execute("""CREATE TABLE findings AS SELECT coalesce(s.first, e.first) AS line, coalesce(s.rule, e.rule) AS rule,
            s.verdict AS ours, e.verdict AS theirs, s.others AS our_others, e.others AS their_others, s.code, s.other,
            s.modifier AS our_modifier, e.modifier AS their_modifier, s.units AS our_units, e.units AS their_units,
            s.first IS NOT NULL AND e.first IS NOT NULL AND s.verdict = e.verdict AND s.others = e.others
            AND s.code IS NOT DISTINCT FROM e.code AND s.units IS NOT DISTINCT FROM e.units AND s.most IS NOT DISTINCT FROM e.most
            AND s.mai IS NOT DISTINCT FROM e.mai AND (s.modifier IS NULL OR s.modifier = e.modifier) AS same
        FROM (FROM found WHERE entity NOT IN (FROM contradicting)) s
        FULL JOIN (FROM engine_found SEMI JOIN (SELECT line AS first FROM judged WHERE entity NOT IN (FROM contradicting))
            USING (first)) e ON e.first = s.first AND e.rule = s.rule AND e.other IS NOT DISTINCT FROM s.other""")
    differ = "ours IS DISTINCT FROM theirs OR our_reason IS DISTINCT FROM their_reason"
    lines, claims = sql.execute(
        "SELECT count(*), count(DISTINCT claim_id) FROM lines"
    ).fetchone()
    verdicts, other_verdicts = sql.execute(
        f"SELECT count(*), count(*) FILTER ({differ}) FROM verdicts"
    ).fetchone()
    findings, other_findings = sql.execute(
        "SELECT count(*), count(*) FILTER (NOT same) FROM findings"
    ).fetchone()
    print(
        f"{lines:,} lines of {claims:,} claims; {left_out:,} billing days left out, whose pairs contradict for want of starts"
    )
    for layer, verdict, count in sql.execute(
        "SELECT layer, ours, count(*) FROM verdicts GROUP BY ALL ORDER BY 1, 3 DESC"
    ).fetchall():
        print(f"  {layer:13} {verdict or '-':15} {count:>9,}")
    for rule, verdict, count in sql.execute(
        "SELECT rule, ours, count(*) FROM findings GROUP BY ALL ORDER BY 1, 2"
    ).fetchall():
        print(f"  {rule:13} {verdict or '-':15} {count:>9,}")
    print(
        f"verdicts the same: {verdicts - other_verdicts:,} of {verdicts:,} = {1 - other_verdicts / verdicts:.4%}"
    )
    print(
        f"findings the same: {findings - other_findings:,} of {findings:,} = {1 - other_findings / findings:.4%}"
    )
    if other_verdicts:
        print(
            sql.sql(f"""SELECT layer, ours, theirs, our_reason, their_reason, count(*) AS n, any_value(line) AS such
            FROM verdicts WHERE {differ} GROUP BY ALL ORDER BY n DESC LIMIT 20""")
        )
    if other_findings:
        print(
            sql.sql("""SELECT rule, ours, theirs, count(*) AS n, any_value(line) AS such, any_value(our_others) AS ours_with,
                any_value(their_others) AS theirs_with, any_value(our_units), any_value(their_units), any_value(our_modifier),
                any_value(their_modifier)
            FROM findings WHERE NOT same GROUP BY ALL ORDER BY n DESC LIMIT 20""")
        )
    return not other_verdicts and not other_findings


def main() -> None:
    """Generates, judges twice and compares."""
    folder, release, edit_lines = (Path(argument) for argument in sys.argv[1:4])
    lines = int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
    sql = duckdb.connect()
    load(sql, folder)
    generate(sql, -(-lines // LINES_A_DAY))
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        columns = ", ".join(
            {
                "modifiers": "array_to_string(mods, ' ') AS modifiers",
                "date_of_service": "line_date AS date_of_service",
            }.get(column, column)
            for column in COLUMNS
        )
        sql.execute(f"""COPY (SELECT {columns} FROM lines ORDER BY day, k, slot)
            TO '{out / "lines.tsv"}' (HEADER, DELIMITER '\t', QUOTE '', NULLSTR '')""")
        began = time.monotonic()
        subprocess.run([edit_lines, out / "lines.tsv", out, release], check=True)
        print(f"the engine: {time.monotonic() - began:.1f} s")
        began = time.monotonic()
        judge(sql)
        print(f"the oracle: {time.monotonic() - began:.1f} s")
        same = compare(sql, out)
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
