"""The first half of an import: files are read, mapped and checked; only rejects are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from scorecli.domain.money import parse_amount
from scorecli.domain.zones import resolve_zone
from scorecli.errors.importing import MappingProblem, NeedsDateFormat, NeedsDecimal, ProfileNotClear
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.errors.values import DoubtfulDecimal
from scorecli.readers import profiles
from scorecli.readers.calls import CallReader
from scorecli.readers.cell_values import TIMES, Doubt, ImportContext, ResultCodes
from scorecli.readers.mapping import ColumnMap, Wishes, resolve
from scorecli.readers.profiles import Profile
from scorecli.readers.recognition import has_header, recognise, recognise_without_header
from scorecli.readers.rejects import Commonest, RejectsFile
from scorecli.readers.table import Table, open_table
from scorecli.services.import_samples import MappedColumn, collect_samples, described
from scorecli.services.import_spool import Spool
from scorecli.settings import Settings

_MOST_SEEN = 50_000
_ORDERS = ("DMY", "MDY", "YMD")
ReadingProgress = Callable[[int, int, int | None], None]


class FileForm(NamedTuple):
    """How the files are read; None leaves it to be found out.

    ``missing``: field, or ``all`` -> words that mean nothing is known, besides the profile's.
    """

    profile: str = "auto"
    wishes: Wishes = Wishes({}, {})
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    columns: Sequence[str] | None = None
    sheet: str | None = None
    time_zone: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    missing: Mapping[str, tuple[str, ...]] = {}
    define_results: bool = False


class FileRead(NamedTuple):
    """What came of reading one file.

    ``start`` and ``stop`` are the marks of its calls in the spool; ``fields`` are the fields that
    the file has; ``unmapped`` the columns that no field took, ``extra`` all that may have a value
    under ``extra``. ``unknown_results`` are codes that
    nobody defined; ``commonest`` is the most frequent reason for rejecting a row.
    """

    name: str
    profile: str
    read: int
    rejected: int
    rejects_file: str | None
    start: int
    stop: int
    fields: frozenset[str]
    unmapped: tuple[str, ...]
    extra: frozenset[str]
    columns: tuple[MappedColumn, ...]
    identity_by_all: bool
    unknown_results: tuple[str, ...]
    commonest: Commonest | None = None


class FileReader:
    """Reads files into one spool, each as often as its doubts need."""

    def __init__(
        self,
        settings: Settings,
        form: FileForm,
        results: ResultCodes,
        spool: Spool,
        *,
        notice: Callable[[str], None],
        progress: ReadingProgress | None = None,
    ) -> None:
        self._settings = settings
        self._form = form
        if not (settings.conversion.enabled and settings.converted_amount.enabled):
            results = results._replace(need_amount=frozenset())  # no amount can be given
        self._results = results
        self._spool = spool
        self._notice = notice
        self._progress = progress
        self._zone = resolve_zone(settings.display.time_zone)
        self._off = _switched_off(settings)
        _refuse_switched_off(form.wishes, self._off, settings)
        self._named = None if form.profile == "auto" else profiles.load(form.profile)
        self._written: list[RejectsFile] = []

    def read(self, path: str, rejects: str | None, *, dry: bool) -> FileRead:
        """Read one file; its bad rows are complete in the rejects file when this returns."""
        form = self._form
        table = open_table(
            path,
            delimiter=form.delimiter,
            encoding=form.encoding,
            header=form.header,
            columns=form.columns,
            sheet=form.sheet,
        )
        try:
            profile = self._profile(table)
            for notice in table.notices:
                self._notice(notice)
            context = ImportContext(
                settings=self._settings,
                profile=profile,
                file_zone=self._file_zone(profile),
                results=self._results,
                define_results=form.define_results,
                date_format=form.date_format,
                decimal=form.decimal,
            )
            start = self._spool.mark()
            while True:
                rejected = RejectsFile(table.name, given=rejects, dry=dry)
                try:
                    read = self._pass(table, profile, context, rejected, start)
                except Doubt as doubt:
                    rejected.discard()
                    self._spool.rewind(start)
                    context = self._settle(doubt, table, context)
                except BaseException:
                    rejected.discard()
                    raise
                else:
                    self._written.append(rejected)
                    return read
        finally:
            table.close()

    def discard_rejects(self) -> None:
        """Remove the rejects files, because nothing was imported."""
        for rejects in self._written:
            rejects.discard()

    def _pass(
        self,
        table: Table,
        profile: Profile,
        context: ImportContext,
        rejects: RejectsFile,
        start: int,
    ) -> FileRead:
        mapping = self._mapping(table.header, profile)
        reader = CallReader(mapping, context)
        readers = {mapping.header: reader}
        read = 0
        fields: set[str] = set(mapping.constants)
        unmapped: dict[str, None] = {}
        samples: dict[str, dict[str, None]] = {name: {} for name in table.header}
        for batch in table.batches():
            header = tuple(batch.header)
            if header not in readers:  # the header of JSON grows as new keys turn up
                readers[header] = CallReader(self._mapping(batch.header, profile), context)
            reader = readers[header]
            parsed = reader.read(batch)
            for problem in parsed.problems:
                rejects.write(problem, batch.header)
            read += parsed.calls + len(parsed.problems)
            collect_samples(samples, batch.header, batch.columns)
            batch.release()
            self._spool.add(parsed.columns, parsed.calls)
            if self._progress is not None:
                self._progress(read, *table.progress())
        for each in readers.values():
            fields.update(each.mapping.fields)
            unmapped.update(dict.fromkeys(each.left_over))
        last = list(readers.values())[-1].mapping
        self._say_what_is_doubtful(table.name, last, profile)
        written = rejects.close()
        return FileRead(
            name=table.name,
            profile=profile.name,
            read=read,
            rejected=rejects.count,
            rejects_file=None if written is None else str(written),
            start=start,
            stop=self._spool.mark(),
            fields=frozenset(fields),
            unmapped=tuple(unmapped),
            extra=frozenset(name for each in readers.values() for name in each.extra),
            columns=described(last, samples),
            identity_by_all=not {"external_id", "started_at"} & fields and not last.key,
            unknown_results=tuple(
                dict.fromkeys(code for each in readers.values() for code in each.unknown_results)
            ),
            commonest=rejects.commonest(),
        )

    def _say_what_is_doubtful(self, file: str, mapping: ColumnMap, profile: Profile) -> None:
        for field, names in mapping.rivals.items():
            taken = mapping.header[mapping.fields[field][0]]
            shown = ", ".join(f'"{name}"' for name in names)
            self._notice(
                f'{file}: "{taken}" was taken for {field}, though {shown} could be it as well;'
                f" --map {field}=COLUMN says which, and a profile can join several."
            )
        if self._named is None or self._named.name in profiles.names():
            return  # those that come with scorecli know several exports of one system
        settled = {*self._form.wishes.columns, *self._form.wishes.constants, *self._off}
        for field, choices in profile.columns.items():
            if choices and field not in mapping.fields and field not in settled:
                shown = " or ".join(
                    " and ".join(f'"{name}"' for name in columns) for columns in choices
                )
                self._notice(
                    f"{file}: the profile {profile.name} reads {field} from {shown},"
                    " which the file does not have."
                )

    def _mapping(self, header: Sequence[str], profile: Profile) -> ColumnMap:
        return resolve(header, profile, self._form.wishes, self._off)

    def _profile(self, table: Table) -> Profile:
        if self._named is not None:
            profile = self._named
            names_are_there = self._form.header is not False and has_header(profile, table.first)
        else:
            fitting = recognise(table.header)
            names_are_there = bool(fitting)
            if not fitting and self._form.columns is None:
                fitting = recognise_without_header(table.first)
            if len(fitting) > 1:
                raise ProfileNotClear(table.name, [profile.name for profile in fitting])
            profile = fitting[0] if fitting else profiles.load("generic")
            if fitting:
                self._notice(f"{table.name}: read with the profile {profile.name}.")
        if profile.header and table.first and not names_are_there and self._form.columns is None:
            table.without_header(profile.header)
        if self._form.missing:
            profile = profile.with_missing(self._form.missing)
        if "result" in self._form.wishes.columns:
            # Who names the column of results wants to know of every code that is none.
            profile = profile._replace(defined_results_only=False)
        return profile

    def _file_zone(self, profile: Profile) -> ZoneInfo:
        named = self._form.time_zone or profile.time_zone
        return resolve_zone(named) if named else self._zone

    def _settle(self, doubt: Doubt, table: Table, context: ImportContext) -> ImportContext:
        """Read the file once more for what settles a doubt; raises where nothing does."""
        mapping = self._mapping(table.header, context.profile)
        columns = mapping.fields.get(doubt.field, ())
        column = " + ".join(mapping.header[position] for position in columns)
        if doubt.kind == "order":
            orders = self._orders(table, context)
            found = orders.get(doubt.field, "doubtful")
            if found == "doubtful":  # another column of times may show how this file writes days
                others = {order for order in orders.values() if order in _ORDERS}
                found = others.pop() if len(others) == 1 else found
            if found not in _ORDERS:
                raise NeedsDateFormat(
                    column, doubt.text, table.name, contradictory=found == "contradictory"
                )
            return context._replace(date_orders={**context.date_orders, doubt.field: found})
        currency = self._form.wishes.constants.get("currency", "").strip().upper()
        decimal = _decimal_of(
            self._texts(table, context, "amount"),
            currency or self._settings.converted_amount.currency,
        )
        if decimal is None:
            raise NeedsDecimal(column, doubt.text, table.name)
        return context._replace(decimal=decimal)

    def _orders(self, table: Table, context: ImportContext) -> dict[str, str]:
        """Return what each column of times shows about the order of day and month."""
        from scorecli.domain.day_texts import OrderEvidence

        orders: dict[str, str] = {}
        for field in TIMES:
            evidence = OrderEvidence()
            for text in self._texts(table, context, field):
                evidence.feed(text)
            orders[field] = evidence.order
        return orders

    def _texts(self, table: Table, context: ImportContext, field: str) -> Iterator[str]:
        readers: dict[tuple[str, ...], CallReader] = {}
        for batch in table.batches():
            header = tuple(batch.header)
            if header not in readers:
                readers[header] = CallReader(self._mapping(header, context.profile), context)
            yield from readers[header].texts(field, batch)


def _decimal_of(texts: Iterable[str], currency: str) -> str | None:
    """Return the decimal sign that every clear amount of a column shows, or None."""
    shown: set[str] = set()
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            continue
        if len(seen) >= _MOST_SEEN:
            seen.clear()
        seen.add(text)
        readable = [sign for sign in (".", ",") if _is_amount(text, currency, sign)]
        if len(readable) == 1:
            shown.update(readable)
        if len(shown) > 1:
            return None
    return shown.pop() if shown else None


def _is_amount(text: str, currency: str, decimal: str) -> bool:
    try:
        parse_amount(text, currency)
    except DoubtfulDecimal:
        return True  # of no use as evidence, so it fits either sign
    except ValueError:
        return False
    try:
        parse_amount(text, currency, decimal=cast(Any, decimal))
    except ValueError:
        return False
    return True


def _switched_off(settings: Settings) -> frozenset[str]:
    off: list[str] = []
    for enabled, fields in (
        (settings.score.enabled, ("stars",)),
        (settings.conversion.enabled, ("converted", "converted_on")),
        (settings.converted_amount.enabled, ("amount", "currency")),
        (settings.tags.enabled, ("call_tags",)),
        (settings.reporting_tags.enabled, ("reporting_tags",)),
        (settings.notes.enabled, ("note",)),
        (settings.results.enabled, ("result",)),
    ):
        if not enabled:
            off += fields
    return frozenset(off)


def _refuse_switched_off(wishes: Wishes, off: frozenset[str], settings: Settings) -> None:
    sections: dict[str, tuple[Any, str]] = {
        "stars": (settings.score, "score"),
        "converted": (settings.conversion, "conversion"),
        "converted_on": (settings.conversion, "conversion"),
        "amount": (settings.converted_amount, "converted_amount"),
        "currency": (settings.converted_amount, "converted_amount"),
        "call_tags": (settings.tags, "tags"),
        "reporting_tags": (settings.reporting_tags, "reporting_tags"),
        "note": (settings.notes, "notes"),
        "result": (settings.results, "results"),
    }
    for field in off:
        if wishes.columns.get(field) or field in wishes.constants:
            section, table = sections[field]
            raise FieldSwitchedOff(section.field_name, table)
    both = set(wishes.constants) & {field for field, column in wishes.columns.items() if column}
    if both:
        field = sorted(both)[0]
        raise MappingProblem(f"{field} has both a --map and a --set.", "Give one of them.")
