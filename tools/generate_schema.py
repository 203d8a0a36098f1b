"""Write ``src/scorecli/storage/schema.sql`` from the SQLModel classes.

``--check`` only compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

import scorecli.storage.models  # noqa: F401  # defining the classes fills the metadata

TARGET = Path(__file__).parent.parent / "src/scorecli/storage/schema.sql"
HEAD = "-- Generated from storage/models by tools/generate_schema.py; edit the models, not this.\n"


def schema_sql() -> str:
    """Return the statements that create every table and index, tables first."""
    dialect = sqlite.dialect()
    tables = SQLModel.metadata.sorted_tables
    statements = [str(CreateTable(table).compile(dialect=dialect)).strip() for table in tables]
    for table in tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [
            str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes
        ]
    text = ";\n\n".join(statements) + ";\n"
    tidy = [line.rstrip().replace("\t", "    ") for line in text.splitlines()]
    return HEAD + "\n".join(tidy) + "\n"


def main() -> int:
    """Write the file, or with ``--check`` say whether it is current."""
    wanted = schema_sql()
    if "--check" in sys.argv[1:]:
        current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        if current != wanted:
            sys.stderr.write("schema.sql differs from the models: run tools/generate_schema.py\n")
            return 1
        return 0
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
