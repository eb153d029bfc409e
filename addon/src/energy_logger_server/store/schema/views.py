"""Views in natural units and readable times, for people with a SQL tool.

Times are UTC text with ``Z``, NEM times with ``+10:00``; both databases have the same
views with the same columns.
"""

from energy_logger_server.store.codec.direction import directed_energy_sql
from energy_logger_server.store.codec.reading_flags import (
    NO_FACTOR,
    NO_REACTIVE,
    known_sql,
    quality_now_sql,
    quality_sql,
)

_SQLITE_UTC = "strftime('%Y-%m-%dT%H:%M:%SZ', {0}, 'unixepoch')"
_SQLITE_NEM = "strftime('%Y-%m-%dT%H:%M:%S+10:00', ({0}) + 36000, 'unixepoch')"
_SQLITE_DAY = "date(({0}) * 86400, 'unixepoch')"
_POSTGRES_UTC = (
    "to_char(to_timestamp({0}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
)
_POSTGRES_NEM = (
    "to_char(to_timestamp(({0}) + 36000) AT TIME ZONE 'UTC',"
    ' \'YYYY-MM-DD"T"HH24:MI:SS"+10:00"\')'
)
_POSTGRES_DAY = "to_char(date '1970-01-01' + ({0})::int, 'YYYY-MM-DD')"


def view_statements(dialect: str) -> dict[str, str]:
    """Return the ``CREATE VIEW`` statement of each view.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
    """
    is_postgres = dialect == "postgresql"
    utc = (_POSTGRES_UTC if is_postgres else _SQLITE_UTC).format
    nem = (_POSTGRES_NEM if is_postgres else _SQLITE_NEM).format
    day = (_POSTGRES_DAY if is_postgres else _SQLITE_DAY).format
    start = "t.end_at - t.duration_minutes * 60"
    energy = directed_energy_sql("t.energy_e3", "a.channel_type")
    reactive = f"({known_sql('r.reactive_e1', 'r.flags', NO_REACTIVE)})"
    factor = f"({known_sql('r.power_factor_e4', 'r.flags', NO_FACTOR)})"
    price = f"""
SELECT s.owner AS site_id, s.channel AS channel_type, a.type,
  {utc(start)} AS starts_at, {utc("t.end_at")} AS ends_at,
  {nem("t.end_at")} AS nem_time,
  t.duration_minutes, t.price_e5 / 100000.0 AS price_cents_per_kwh,
  t.spot_e5 / 100000.0 AS spot_cents_per_kwh, t.renewables_percent,
  a.spike_status, a.descriptor, a.estimate, a.tariff_period, a.tariff_season,
  a.tariff_block, a.demand_window, t.range_min_e5 / 100000.0 AS range_min_cents_per_kwh,
  t.range_max_e5 / 100000.0 AS range_max_cents_per_kwh,
  t.low_e5 / 100000.0 AS advanced_low_cents_per_kwh,
  t.predicted_e5 / 100000.0 AS advanced_predicted_cents_per_kwh,
  t.high_e5 / 100000.0 AS advanced_high_cents_per_kwh,
  {utc("t.known_at")} AS known_at, t.run_id"""
    joins = """ t JOIN series s ON s.id = t.series_id
  JOIN interval_attributes a ON a.id = t.attributes_id"""
    return {
        "prices": f"{price} FROM price{joins}",
        "price_forecasts": f"{price} FROM price_outlook{joins}",
        "price_forecast_archive": (
            f"{price}, {utc('t.fetched_at')} AS fetched_at FROM price_archive{joins}"
        ),
        "usage_intervals": f"""
SELECT s.owner AS site_id, s.channel AS channel_identifier, a.channel_type,
  {utc(start)} AS starts_at, {utc("t.end_at")} AS ends_at,
  {nem("t.end_at")} AS nem_time,
  t.duration_minutes, ({energy}) / 1000.0 AS energy_kwh,
  t.cost_e4 / 10000.0 AS cost_cents, t.price_e5 / 100000.0 AS price_cents_per_kwh,
  t.spot_e5 / 100000.0 AS spot_cents_per_kwh, t.renewables_percent, a.quality,
  a.spike_status, a.descriptor, a.tariff_period, a.tariff_season, a.tariff_block,
  a.demand_window, {utc("t.known_at")} AS known_at, t.run_id FROM usage{joins}""",
        "loads": f"""
SELECT l.area_id, a.abbreviation AS area, {utc("l.at")} AS hour_at,
  l.load_e1 / 10.0 AS load_kw, l.is_settled, {utc("l.known_at")} AS known_at, l.run_id
FROM load l JOIN area a ON a.id = l.area_id""",
        "load_forecasts": f"""
SELECT s.owner AS area_id, s.channel AS forecast, {utc("f.at")} AS hour_at,
  f.load_e1 / 10.0 AS load_kw, {utc("f.known_at")} AS known_at, f.run_id
FROM load_forecast f JOIN series s ON s.id = f.series_id""",
        "substation_readings": f"""
SELECT p.area_id, p.name AS substation,
  {utc("r.hour * 3600 + r.minute * 60")} AS read_at,
  r.load_e1 / 10.0 AS load_kw, {reactive} / 10.0 AS reactive_kvar,
  {factor} / 10000.0 AS power_factor,
  {quality_sql("r.flags")} AS quality,
  {quality_now_sql("r.flags")} AS quality_now, f.run_id
FROM substation_reading r JOIN substation p ON p.item = r.item
  LEFT JOIN substation_fetch f
    ON f.hour = r.hour AND f.area_id = p.area_id AND f.minute = r.minute""",
        "ledger_days": f"""
SELECT s.kind, s.owner, s.channel, {day("l.day")} AS day, l.state, l.expected_minutes,
  l.present_minutes, l.estimated_minutes, l.attempts,
  {utc("l.checked_at")} AS checked_at,
  l.cause, l.recheck FROM day_ledger l JOIN series s ON s.id = l.series_id""",
        "runs": f"""
SELECT r.id, r.source, r.trigger, {utc("r.started_at_ms / 1000")} AS started_at,
  {utc("r.finished_at_ms / 1000")} AS finished_at,
  (r.finished_at_ms - r.started_at_ms) / 1000.0 AS duration_s, r.outcome,
  r.series_total, r.series_failed, r.requests FROM run r""",
        "revisions": f"""
SELECT r.kind, s.owner, s.channel, {utc("r.end_at")} AS ends_at, r.duration_minutes,
  {utc("r.known_from")} AS known_from, {utc("r.known_until")} AS known_until, r.reason,
  r.record, r.run_id, r.replaced_by_run_id
FROM revision r LEFT JOIN series s ON s.id = r.series_id""",
    }
