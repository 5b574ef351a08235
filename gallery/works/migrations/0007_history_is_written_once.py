"""The database itself refuses to change what is written of a work's history.

Note for later migrations: SQLite remakes a table to alter it and drops its triggers;
`tests/works/test_history.py` notices.
"""

from django.db import migrations

RULE = "change_is_never_changed"
REFUSE = """
CREATE FUNCTION works_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def forbid(apps, editor):
    act = f"BEGIN SELECT RAISE(ABORT, '{RULE}'); END"
    if editor.connection.vendor == "postgresql":
        editor.execute(REFUSE, params=None)
        act = "EXECUTE FUNCTION works_refuse_change()"
    editor.execute(f"CREATE TRIGGER {RULE} BEFORE UPDATE ON works_change FOR EACH ROW {act}")


def allow(apps, editor):
    on_postgres = editor.connection.vendor == "postgresql"
    editor.execute(f"DROP TRIGGER {RULE}" + (" ON works_change" if on_postgres else ""))
    if on_postgres:
        editor.execute("DROP FUNCTION works_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("works", "0006_history_and_framing")]

    operations = [migrations.RunPython(forbid, allow)]
