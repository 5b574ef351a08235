"""The database itself refuses to change an answer, or what a study was frozen with.

Answers may be deleted, because a rater may have everything erased. Altering a table on SQLite drops
its triggers, so those of earlier migrations are made anew.
"""

from django.db import migrations

ANSWERS = [
    ("studies_rating", "rating_is_never_changed"),
    ("studies_guess", "guess_is_never_changed"),
    ("studies_choice", "choice_is_never_changed"),
]
FROZEN = (
    "code title purpose medium seed trials_per_rater protocol simulated version previous_id "
    "opened_at document document_sha256 key"
).split()
CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FROZEN)
RULES = [
    *((table, rule, "") for table, rule in ANSWERS),
    ("studies_study", "study_is_frozen_once_open", f"WHEN (OLD.state <> 'draft' AND ({CHANGED}))"),
    (
        "studies_study",
        "study_never_goes_back",
        "WHEN (OLD.state <> 'draft' AND NEW.state = 'draft'"
        " OR OLD.state = 'closed' AND NEW.state <> 'closed')",
    ),
]


def forbid(apps, editor):
    on_postgres = editor.connection.vendor == "postgresql"
    for table, rule, when in RULES:
        act = (
            "EXECUTE FUNCTION studies_refuse_change()"
            if on_postgres
            else f"BEGIN SELECT RAISE(ABORT, '{rule}'); END"
        )
        editor.execute(f"DROP TRIGGER IF EXISTS {rule}" + (f" ON {table}" if on_postgres else ""))
        editor.execute(f"CREATE TRIGGER {rule} BEFORE UPDATE ON {table} FOR EACH ROW {when} {act}")


def allow(apps, editor):
    on_postgres = editor.connection.vendor == "postgresql"
    for table, rule, _ in RULES[2:]:
        editor.execute(f"DROP TRIGGER {rule}" + (f" ON {table}" if on_postgres else ""))


class Migration(migrations.Migration):
    dependencies = [("studies", "0003_protocols")]

    operations = [migrations.RunPython(forbid, allow)]
