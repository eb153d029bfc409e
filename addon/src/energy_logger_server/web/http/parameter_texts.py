"""What the parameters mean, by name; an operation may say more."""

from collections.abc import Mapping

PATH_PARTS: Mapping[str, str] = {
    "area": "An area of KAMO by number or abbreviation, see /api/cooperatives.",
    "date": "A Central date such as 2026-07-21.",
    "id": "A number or name as the matching list shows it.",
    "key": "Name of a setting, in capital or small letters.",
    "kind": "What is counted.",
    "name": "Name of a table, see /api/tables.",
    "owner": "A site of Amber or an area of KAMO.",
    "site": "An Amber site's id, see /api/sites.",
    "substation": "A substation's name, see /api/substations/list.",
}

PARAMETERS: Mapping[str, str] = {
    "archive": "Whether older forecasts are included.",
    "as_of": "What was known at this instant.",
    "channel": "Only this channel: general, controlledLoad or feedIn; for usage the "
    "register, such as E1.",
    "columns": "The columns wanted, with commas between, in that order.",
    "compression": "How the file is packed.",
    "cursor": "Continues where a page ended; from its Link header.",
    "days": "How many days to go back; wins over start and end.",
    "end": "A date (that day included) or a time; without offset on the feed's clock: "
    "Central for KAMO, NEM time (UTC+10) for Amber.",
    "endDate": "Last NEM date, included.",
    "format": "What the answer is written in.",
    "hours": "How many hours to go back; wins over start and end.",
    "kind": "Only this kind.",
    "last_event_id": "The event received last; for clients that can send no headers.",
    "limit": "How many at most; truncated and Link say what is left out.",
    "max_points": "How many points a chart can show; rows are put together until they "
    "are not more.",
    "next": "How many intervals after the current one.",
    "offset": "How many rows to skip; the cursor is faster.",
    "owner": "Only this site or area.",
    "period": "How days are grouped.",
    "previous": "How many intervals before the current one.",
    "raw": "Whether CSV has texts as they are: without the apostrophe before those "
    "that a spreadsheet would run as formulas.",
    "resolution": "Checked, then ignored: records have their own duration.",
    "series": "Only this series.",
    "since": "The cursor of the answer before: only what was added or revised since.",
    "site": "Only this site; needed where an account has several.",
    "sort_by": "Column to sort by.",
    "sort_order": "Direction.",
    "source": "Only this source.",
    "start": "A date or a time, as for end; from its beginning.",
    "startDate": "First NEM date, included.",
    "state": "Only this state.",
    "status": "Only this outcome.",
    "substation": "Only this substation, by name.",
    "types": "Only these, with commas between.",
    "tz": "IANA time zone of the times shown, and of dates asked for; the setting TZ "
    "unless given, and without that the feed's clock.",
}
