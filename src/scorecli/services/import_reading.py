"""The first half of an import: files are read, mapped and checked; nothing is written but rejects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from scorecli.domain.money import parse_amount
from scorecli.domain.zones import resolve_zone
from scorecli.errors import (
    DoubtfulDecimal,
    FieldSwitchedOff,
    MappingProblem,
    NeedsDateFormat,
    NeedsDecimal,
    ProfileNotClear,
)
from scorecli.readers import profiles
from scorecli.readers.calls import CallReader, Doubt, ImportContext
from scorecli.readers.mapping import ColumnMap, Wishes, resolve
from scorecli.readers.profiles import Profile
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.table import Table, open_table
from scorecli.services.import_spool import Spool
from scorecli.settings import Settings

_SAMPLES = 3
ReadingProgress = Callable[[int, int, int | None], None]


class FileForm(NamedTuple):
    """How the files are read; None leaves it to be found out."""

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
    missing: tuple[str, ...] = ()
    define_results: bool = False


class MappedColumn(NamedTuple):
    """One column of a file: what it becomes, and the first values it holds."""

    column: str
    field: str | None
    samples: tuple[str, ...]


class FileRead(NamedTuple):
    """What came of reading one file.

    ``start`` and ``stop`` are the marks of its calls in the spool; ``fields`` are the fields that
    the file has; ``unmapped`` the columns kept in ``extra``.
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
    columns: tuple[MappedColumn, ...]
    identity_by_all: bool


class FileReader:
    """Reads files into one spool, each as often as its doubts need."""

    def __init__(
        self,
        settings: Settings,
        form: FileForm,
        results: Mapping[str, str],
        spool: Spool,
        *,
        notice: Callable[[str], None],
        progress: ReadingProgress | None = None,
    ) -> None:
        self._settings = settings
        self._form = form
        self._results = results
        self._spool = spool
        self._notice = notice
        self._progress = progress
        self._zone = resolve_zone(settings.display.time_zone)
        self._off = _switched_off(settings)
        _refuse_switched_off(form.wishes, self._off, settings)

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
            for notice in table.notices:
                self._notice(notice)
            profile = self._profile(table)
            context = ImportContext(
                settings=self._settings,
                profile=profile,
                zone=self._zone,
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
                    return self._pass(table, profile, context, rejected, start)
                except Doubt as doubt:
                    rejected.discard()
                    self._spool.rewind(start)
                    context = self._settle(doubt, table, context)
                except BaseException:
                    rejected.discard()
                    raise
        finally:
            table.close()

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
            self._spool.add(parsed.columns, parsed.calls)
            _collect_samples(samples, batch.header, batch.rows)
            if self._progress is not None:
                self._progress(read, *table.progress())
        for each in readers.values():
            fields.update(each.mapping.fields)
            unmapped.update(dict.fromkeys(each.mapping.header[p] for p in each.mapping.unmapped))
        written = rejects.close()
        last = list(readers.values())[-1].mapping
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
            columns=_described(last, samples),
            identity_by_all=not {"external_id", "started_at"} & fields and not last.key,
        )

    def _mapping(self, header: Sequence[str], profile: Profile) -> ColumnMap:
        return resolve(header, profile, self._form.wishes, self._off)

    def _profile(self, table: Table) -> Profile:
        named = self._form.profile
        if named != "auto":
            profile = profiles.load(named)
        else:
            fitting = profiles.recognise(table.header)
            if len(fitting) > 1:
                raise ProfileNotClear(table.name, [profile.name for profile in fitting])
            profile = fitting[0] if fitting else profiles.load("generic")
            if fitting:
                self._notice(f"{table.name}: read with the profile {profile.name}.")
        if self._form.missing:
            every = (*profile.missing.get("all", ()), *self._form.missing)
            profile = profile._replace(missing={**profile.missing, "all": every})
        return profile

    def _file_zone(self, profile: Profile) -> ZoneInfo:
        named = self._form.time_zone or profile.time_zone
        return resolve_zone(named) if named else self._zone

    def _settle(self, doubt: Doubt, table: Table, context: ImportContext) -> ImportContext:
        mapping = self._mapping(table.header, context.profile)
        reader = CallReader(mapping, context)
        columns = mapping.fields.get(doubt.field, ())
        column = " + ".join(mapping.header[position] for position in columns)
        texts = (text for batch in table.batches() for text in reader.texts(doubt.field, batch))
        if doubt.kind == "order":
            from scorecli.domain.day_texts import OrderEvidence

            evidence = OrderEvidence()
            for text in texts:
                evidence.feed(text)
            if evidence.verdict not in ("DMY", "MDY", "YMD"):
                raise NeedsDateFormat(column, doubt.text, table.name)
            orders = {**context.date_orders, doubt.field: evidence.verdict}
            return context._replace(date_orders=orders)
        decimal = _decimal_of(texts, self._settings.converted_amount.currency)
        if decimal is None:
            raise NeedsDecimal(column, doubt.text, table.name)
        return context._replace(decimal=decimal)


def _decimal_of(texts: Any, currency: str) -> str | None:
    """Return the decimal sign that every clear amount of a column shows, or None."""
    shown = set()
    for text in dict.fromkeys(texts):
        try:
            parse_amount(text, currency)
        except DoubtfulDecimal:
            continue
        except ValueError:
            continue
        readable = set()
        for sign in (".", ","):
            try:
                parse_amount(text, currency, decimal=cast(Any, sign))
            except ValueError:
                continue
            readable.add(sign)
        if len(readable) == 1:
            shown |= readable
    return shown.pop() if len(shown) == 1 else None


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


def _collect_samples(
    samples: dict[str, dict[str, None]], header: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    for position, name in enumerate(header):
        seen = samples.setdefault(name, {})
        if len(seen) >= _SAMPLES:
            continue
        for row in rows[:50]:
            if row[position].strip():
                seen[row[position]] = None
                if len(seen) >= _SAMPLES:
                    break


def _described(
    mapping: ColumnMap, samples: Mapping[str, Mapping[str, None]]
) -> tuple[MappedColumn, ...]:
    field_of = {p: field for field, used in mapping.fields.items() for p in used}
    return tuple(
        MappedColumn(name, field_of.get(position), tuple(samples.get(name, ())))
        for position, name in enumerate(mapping.header)
    )
