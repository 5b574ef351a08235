"""The database itself refuses to change an answer: ratings and guesses are written once.

They may be deleted, because a rater may have everything erased. Note for later migrations: SQLite
remakes a table to alter it and drops its triggers; `tests/studies/test_constraints.py` notices.
"""

from django.db import migrations

RULES = [
    ("studies_rating", "rating_is_never_changed"),
    ("studies_guess", "guess_is_never_changed"),
]
REFUSE = """
CREATE FUNCTION studies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def forbid(apps, editor):
    on_postgres = editor.connection.vendor == "postgresql"
    if on_postgres:
        editor.execute(REFUSE, params=None)
    for table, rule in RULES:
        act = (
            "EXECUTE FUNCTION studies_refuse_change()"
            if on_postgres
            else f"BEGIN SELECT RAISE(ABORT, '{rule}'); END"
        )
        editor.execute(f"CREATE TRIGGER {rule} BEFORE UPDATE ON {table} FOR EACH ROW {act}")


def allow(apps, editor):
    on_postgres = editor.connection.vendor == "postgresql"
    for table, rule in RULES:
        editor.execute(f"DROP TRIGGER {rule}" + (f" ON {table}" if on_postgres else ""))
    if on_postgres:
        editor.execute("DROP FUNCTION studies_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("studies", "0001_blind_studies")]

    operations = [migrations.RunPython(forbid, allow)]
