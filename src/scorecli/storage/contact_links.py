"""The link of calls to contacts: by normalised number, live, and only where exactly one has it."""

from __future__ import annotations

LINKED = (
    "(SELECT CASE WHEN count(DISTINCT n.contact_id) = 1 THEN min(n.contact_id) END"
    " FROM contact_number AS n JOIN contact AS k ON k.id = n.contact_id AND k.removed IS NULL"
    " WHERE n.e164 = c.contact_number_e164)"
)
"""The number of the contact that the call ``c`` links to, NULL where there is none."""
LINKED_NAME = (
    "(SELECT NULLIF(TRIM(COALESCE(p.first_name, '') || ' ' || COALESCE(p.last_name, '')), '')"
    f" FROM contact AS p WHERE p.id = {LINKED})"
)
"""The name of that contact."""
OWN_NUMBERS = (
    "SELECT n.e164 FROM contact_number AS n JOIN contact AS k ON k.id = n.contact_id"
    " AND k.removed IS NULL WHERE n.e164 IS NOT NULL AND NOT EXISTS ("
    "SELECT 1 FROM contact_number AS o JOIN contact AS other ON other.id = o.contact_id"
    " AND other.removed IS NULL WHERE o.e164 = n.e164 AND o.contact_id <> n.contact_id)"
)
"""The numbers that exactly one live contact has; ``n.contact_id`` may be asked for as well."""
