"""Every setting there is: a field each, which says everything about it.

Reading, checking, ``/api/settings`` and its description follow from the fields;
``docs/settings.md`` shows them, and a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from energy_logger_server.domain.backups.backup import Retention
from energy_logger_server.domain.backups.schedule import BackupPlan
from energy_logger_server.domain.collecting.area_choice import ALL_AREAS, AreaChoice
from energy_logger_server.domain.notifications.messages import MailSecurity
from energy_logger_server.domain.notifications.quiet_hours import QuietHours
from energy_logger_server.domain.peak_watch.numbers_text import Numbers
from energy_logger_server.domain.peak_watch.rule import (
    ALL_HOURS,
    ALL_MONTHS,
    BillingPeriod,
    PeakRule,
)
from energy_logger_server.domain.setting_state import SettingOrigin
from energy_logger_server.domain.substation_health.faults import HealthRules
from energy_logger_server.store.db.engine import is_sqlite, store_url

from . import kinds
from .kinds import addresses_in, is_mail_address
from .secret import Secret
from .setting import declared_settings, setting

DATABASE_FILE = "energy-logger.db"
"""The store's file in ``DATA_DIR``, unless ``DATABASE_URL`` says otherwise."""

BACKUP_FOLDER = "backups"
"""Name of the folder in ``DATA_DIR``, unless ``BACKUP_DIR`` says otherwise."""

CONTROL_SOCKET = "control.sock"
"""Name of the socket in ``RUNTIME_DIR``."""

NOTHING_TO_COLLECT = "nothing to collect: set AMBER_API_KEY, or KAMO_ENABLED to true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force; of those that nobody set, the defaults."""

    amber_api_key: Secret | None = setting(
        kinds.TOKEN,
        None,
        "Token of the Amber account; without it Amber is not collected.",
        is_editable=True,
    )
    database_url: Secret | None = setting(
        kinds.DATABASE,
        None,
        f"Where the store is; by default the SQLite file `{DATABASE_FILE}` in "
        "`DATA_DIR`.",
    )
    data_dir: Path = setting(
        kinds.FOLDER,
        Path("data"),
        "Where files are kept: the SQLite store and the generated API key.",
    )
    historical_start_date: date | None = setting(
        kinds.START_DATE,
        None,
        "First NEM date of Amber's history to fetch; without it history begins with "
        "the first run.",
        is_editable=True,
    )
    collection_interval_minutes: int = setting(
        kinds.INTERVAL, 5, "How often Amber is asked.", is_editable=True
    )
    poll_interval_minutes: int = setting(
        kinds.INTERVAL, 5, "How often KAMO is asked.", is_editable=True
    )
    collect_forecasts: bool = setting(
        kinds.FLAG,
        True,
        "Whether Amber's price forecasts are collected.",
        is_editable=True,
    )
    forecast_hours_ahead: int = setting(
        kinds.whole_number(1, 72),
        36,
        "How far ahead Amber's forecasts are asked for, in hours.",
        is_editable=True,
    )
    forecast_retention_hours: int | None = setting(
        kinds.RETENTION,
        48,
        "How long a forecast is kept after it was fetched, and until its interval has "
        "begun; 0 or `forever` never drops one.",
        is_editable=True,
    )
    backup_dir: Path | None = setting(
        kinds.FOLDER,
        None,
        f"Where backups are kept; by default the folder `{BACKUP_FOLDER}` in "
        "`DATA_DIR`. Another disk outlives the one that the store is on.",
    )
    backup_time: time | None = setting(
        kinds.TIME_OF_DAY,
        time(3, 40),
        "When a backup is made each day, by the clock of `TZ`, or of UTC without it.",
        is_editable=True,
    )
    backup_daily: int = setting(
        kinds.whole_number(0, 1000),
        7,
        "Of how many days the newest backup is kept.",
        is_editable=True,
    )
    backup_weekly: int = setting(
        kinds.whole_number(0, 1000),
        4,
        "Of how many weeks the newest backup is kept; they begin on Mondays.",
        is_editable=True,
    )
    backup_monthly: int = setting(
        kinds.whole_number(0, 1000),
        12,
        "Of how many months the newest backup is kept.",
        is_editable=True,
    )
    force_reinit: str | None = setting(
        kinds.MARK,
        None,
        "Each new text has every Amber day read again once; it deletes nothing.",
        is_editable=True,
    )
    kamo_enabled: bool = setting(
        kinds.FLAG, True, "Whether KAMO is collected.", is_editable=True
    )
    kamo_substation_areas: AreaChoice = setting(
        kinds.AREAS,
        ALL_AREAS,
        "Areas whose substations are collected, by number or abbreviation "
        "(`1,3` or `OZEC,BAEC`); hourly load is collected of every area.",
        is_editable=True,
    )
    peak_watch_area: str | None = setting(
        kinds.TEXT,
        None,
        "Area whose peak is watched for, by number or abbreviation, such as "
        "`KAMO`; without it none is.",
        is_editable=True,
    )
    peak_watch_lead_hours: int = setting(
        kinds.whole_number(1, 12),
        2,
        "How many hours before it begins an hour is announced that may be the peak.",
        is_editable=True,
    )
    peak_watch_budget_hours: int = setting(
        kinds.whole_number(1, 200),
        20,
        "How many hours of a month, or of a season, are announced at the most.",
        is_editable=True,
    )
    peak_watch_period: BillingPeriod = setting(
        kinds.BILLING_PERIOD,
        BillingPeriod.MONTH,
        "Over what the peak is sought: each month, or months of "
        "`PEAK_WATCH_MONTHS` that follow each other.",
        is_editable=True,
    )
    peak_watch_months: Numbers = setting(
        kinds.numbers(1, 12),
        Numbers("1-12", ALL_MONTHS),
        "Months in which a peak is billed; `6-9,12-3` are a summer and a winter.",
        is_editable=True,
    )
    peak_watch_weekdays: Numbers = setting(
        kinds.numbers(1, 7),
        Numbers("1-7", frozenset(range(1, 8))),
        "Days of the week on which a peak is billed, 1 for Monday.",
        is_editable=True,
    )
    peak_watch_hours: Numbers = setting(
        kinds.numbers(0, 23),
        Numbers("0-23", ALL_HOURS),
        "Central hours of the day in which a peak is billed, by their beginning.",
        is_editable=True,
    )
    peak_watch_peaks: int = setting(
        kinds.whole_number(1, 31),
        1,
        "How many days of a month or season are billed, each with its highest hour.",
        is_editable=True,
    )
    substation_health: bool = setting(
        kinds.FLAG,
        True,
        "Whether substations are watched for readings that cannot be right, and for "
        "their reactive power.",
        is_editable=True,
    )
    substation_frozen_readings: int = setting(
        kinds.whole_number(6, 144),
        HealthRules().frozen_readings,
        "After how many equal readings in a row a substation is frozen, while others "
        "move.",
        is_editable=True,
    )
    substation_gone_readings: int = setting(
        kinds.whole_number(1, 100),
        HealthRules().gone_readings,
        "After how many readings in a row without load, or in which it is missing, a "
        "substation is said to be so.",
        is_editable=True,
    )
    substation_least_kw: int = setting(
        kinds.whole_number(0, 100_000),
        round(HealthRules().least_kw),
        "Usual load of a substation, kW, below which it is not said to be frozen or "
        "without load.",
        is_editable=True,
    )
    substation_sum_percent: int = setting(
        kinds.whole_number(1, 100),
        round(HealthRules().sum_share * 100),
        "By how much an area's substations together may be off its load, in per cent.",
        is_editable=True,
    )
    substation_power_factor_percent: int = setting(
        kinds.whole_number(50, 100),
        round(HealthRules().power_factor * 100),
        "Power factor that a substation should reach, in per cent.",
        is_editable=True,
    )
    substation_least_kvar: int = setting(
        kinds.whole_number(1, 100_000),
        round(HealthRules().least_kvar),
        "Reactive power that is worth compensating, kVAR.",
        is_editable=True,
    )
    api_key: Secret | None = setting(
        kinds.OWN_KEY,
        None,
        "Key of this server's own API; without it one is made and kept in "
        "`DATA_DIR/api_key`, and `energy-logger key show` prints it.",
    )
    smtp_host: str | None = setting(
        kinds.HOST_NAME,
        None,
        "Server that sends mail; without it no mail is sent.",
        is_editable=True,
    )
    smtp_port: int = setting(kinds.PORT, 587, "Port of that server.", is_editable=True)
    smtp_security: MailSecurity = setting(
        kinds.MAIL_SECURITY,
        MailSecurity.STARTTLS,
        "How the connection to that server is encrypted: `starttls` as on port 587, "
        "`tls` as on port 465, `none` for a server of your own network.",
        is_editable=True,
    )
    smtp_user: str | None = setting(
        kinds.TEXT,
        None,
        "User name at that server; without it nobody logs in.",
        is_editable=True,
    )
    smtp_password: Secret | None = setting(
        kinds.PASSWORD, None, "Password at that server.", is_editable=True
    )
    smtp_from: str | None = setting(
        kinds.MAIL_ADDRESS,
        None,
        "Sender of the mails; without it `SMTP_USER` if that is an address, else the "
        "recipient.",
        is_editable=True,
    )
    notification_email: str | None = setting(
        kinds.MAIL_ADDRESS,
        None,
        "Who gets mail when something is wrong.",
        is_editable=True,
    )
    notification_urls: Secret | None = setting(
        kinds.NOTIFICATION_ADDRESSES,
        None,
        "Other services that are notified when something is wrong, an address of "
        "Apprise each, such as `ntfys://my-topic`.",
        is_editable=True,
    )
    notification_quiet_hours: QuietHours | None = setting(
        kinds.QUIET_HOURS,
        None,
        "Hours of the day in which no message is sent, by the clock of `TZ`, else in "
        "UTC; what happens meanwhile is sent after them, in one message.",
        is_editable=True,
    )
    public_url: str | None = setting(
        kinds.BASE_URL,
        None,
        "Address at which you reach the pages; messages name it.",
        is_editable=True,
    )
    port: int = setting(kinds.PORT, 8080, "Port that the server listens on.")
    host: str = setting(
        kinds.ADDRESS,
        "0.0.0.0",  # noqa: S104 - a container is reached from outside or not at all
        "Address that the server listens on.",
    )
    ingress_port: int | None = setting(
        kinds.PORT,
        None,
        "Port for Home Assistant's ingress, which answers the Supervisor without a "
        "key and nobody else; the app sets it. Without it there is no such port.",
    )
    runtime_dir: Path | None = setting(
        kinds.FOLDER,
        None,
        "Folder of the socket by which `energy-logger backup-hold` reaches the server; "
        "the image sets it. Without it there is no such socket.",
    )
    cors_origins: tuple[str, ...] | None = setting(
        kinds.ORIGINS,
        None,
        "Web sites whose scripts may read answers, such as "
        "`https://grafana.example.org`; none unless set.",
    )
    tz: ZoneInfo | None = setting(
        kinds.ZONE,
        None,
        "Zone of exports that name none by `tz`: of the times in them, and of dates "
        "asked for; without it each utility's own clock (Central for KAMO, NEM time "
        "for Amber). What is collected does not depend on it.",
        is_editable=True,
    )
    log_level: str = setting(
        kinds.LOG_LEVEL, "INFO", "How much is logged.", is_editable=True
    )
    amber_base_url: str | None = setting(
        kinds.BASE_URL,
        None,
        "Another Amber, for demo and tests.",
        is_environment_only=True,
    )
    kamo_base_url: str | None = setting(
        kinds.BASE_URL,
        None,
        "Another KAMO, for demo and tests.",
        is_environment_only=True,
    )

    supervisor_token: Secret | None = setting(
        kinds.TOKEN,
        None,
        "Set by Home Assistant's Supervisor, which learns of this server; where it is "
        "set, wrong settings are shown on the page instead of ending the program.",
        is_environment_only=True,
    )
    supervisor_url: str | None = setting(
        kinds.BASE_URL,
        None,
        "Another Supervisor, for tests.",
        is_environment_only=True,
    )

    origins: Mapping[str, SettingOrigin] = field(default_factory=dict)
    """Where those settings come from that somebody set, by name."""

    unusable: Mapping[str, str] = field(default_factory=dict)
    """Why saved values are ignored, by name of the setting."""

    ignored: tuple[str, ...] = ()
    """What else was found and ignored, a sentence each."""

    @property
    def peak_rule(self) -> PeakRule:
        """What the peak watch watches for."""
        return PeakRule(
            months=self.peak_watch_months.chosen,
            weekdays=frozenset(one - 1 for one in self.peak_watch_weekdays.chosen),
            hours=self.peak_watch_hours.chosen,
            peaks=self.peak_watch_peaks,
            period=self.peak_watch_period,
        )

    def watches_substations(self, area_id: int, abbreviation: str) -> bool:
        """Return whether an area's substations are looked after, if it has any."""
        is_read = self.kamo_substation_areas.chooses(area_id, abbreviation)
        return self.substation_health and is_read

    @property
    def health_rules(self) -> HealthRules:
        """From when on something is wrong with a substation."""
        return HealthRules(
            frozen_readings=self.substation_frozen_readings,
            gone_readings=self.substation_gone_readings,
            sum_share=self.substation_sum_percent / 100,
            power_factor=self.substation_power_factor_percent / 100,
            least_kw=float(self.substation_least_kw),
            least_kvar=float(self.substation_least_kvar),
        )

    @property
    def control_socket(self) -> Path | None:
        """Where commands on this machine reach the server."""
        return self.runtime_dir and self.runtime_dir / CONTROL_SOCKET

    @property
    def is_app(self) -> bool:
        """Whether this server is the app of Home Assistant."""
        return self.supervisor_token is not None

    @property
    def store_address(self) -> Secret:
        """Where the store is; may hold a password."""
        return self.database_url or Secret(f"sqlite:///{self.data_dir / DATABASE_FILE}")

    @property
    def backup_folder(self) -> Path:
        """Where backups are kept."""
        return self.backup_dir or self.data_dir / BACKUP_FOLDER

    @property
    def backup_retention(self) -> Retention:
        """How many backups are kept."""
        return Retention(self.backup_daily, self.backup_weekly, self.backup_monthly)

    @property
    def is_store_a_file(self) -> bool:
        """Whether the store is in SQLite."""
        return is_sqlite(store_url(self.store_address.reveal()))

    @property
    def backup_plan(self) -> BackupPlan:
        """When backups are made."""
        return BackupPlan(self.backup_time, self.backup_zone)

    @property
    def backup_zone(self) -> tzinfo:
        """Whose dates and times of day backups go by."""
        return self.tz or UTC

    @property
    def forecast_retention(self) -> timedelta | None:
        """How long old forecasts are kept; None is for ever."""
        if self.forecast_retention_hours is None:
            return None
        return timedelta(hours=self.forecast_retention_hours)

    @property
    def has_a_source(self) -> bool:
        """Whether there is anything to collect."""
        return self.kamo_enabled or self.amber_api_key is not None

    @property
    def has_mail(self) -> bool:
        """Whether mail can be sent: a server and a recipient are known."""
        return self.smtp_host is not None and self.notification_email is not None

    @property
    def mail_sender(self) -> str:
        """Address that mails come from; empty without a recipient."""
        user = self.smtp_user or ""
        return self.smtp_from or (
            user if is_mail_address(user) else self.notification_email or ""
        )

    @property
    def page(self) -> str:
        """Where the pages are, for the reader of a message."""
        if self.public_url is not None:
            return f"{self.public_url}/"
        if self.is_app:
            return "the panel Energy Logger in Home Assistant"
        return f"port {self.port} of the machine that it runs on"

    @property
    def notification_addresses(self) -> tuple[Secret, ...]:
        """Addresses of Apprise, one for each service."""
        text = self.notification_urls
        return () if text is None else tuple(map(Secret, addresses_in(text.reveal())))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was set and is ignored, a sentence each."""
        return (
            *self.ignored,
            *(
                f"the saved value of {name} is ignored: it {problem}"
                for name, problem in self.unusable.items()
            ),
        )


SETTINGS = declared_settings(Settings)
"""Every setting, in the order of the documentation."""

BY_NAME = {one.name: one for one in SETTINGS}
BY_FIELD = {one.field: one for one in SETTINGS}
