"""Every work says how it came about: by a person, drawn by chance, of a given work, or an anchor."""

from django.db import migrations, models

CLASSES = [
    ("human", "person"),
    ("sampler", "drawn by chance"),
    ("filter", "a given work, worked over"),
    ("hybrid", "person and machine together"),
    ("noise", "noise"),
    ("plain", "one plain thing"),
    ("control", "control"),
]
ENDS = {
    "uniform noise": "noise",
    "uniform letters": "noise",
    "english frequencies": "noise",
    "plain field": "plain",
    "one phrase": "plain",
}


def class_of(recipe):
    """As each generator's params tell it, for the works that were made before they did."""
    generator, params = recipe.get("generator"), recipe.get("params", {})
    if generator in {"entropy", "letters"}:
        return ENDS.get(params.get("variant"), "control")
    if not any(_is_content(given) for given in recipe.get("inputs", [])):
        return "sampler"
    chance = params.get("network") == "random"
    if generator == "inceptionism":
        chance |= params.get("objective") in {"unit set", "direction"}
    elif generator == "deep_style":
        chance |= params.get("weight_noise", 0) > 0 or params.get("interpolate", False)
    else:
        chance = True
    return "sampler" if chance else "filter"


def _is_content(given):
    return isinstance(given, str) or given.get("role") == "content"  # roles came later


def tell(apps, editor):
    artworks = apps.get_model("works", "Artwork").objects.filter(origin="machine")
    for pk, recipe in artworks.values_list("pk", "recipe"):
        artworks.filter(pk=pk).update(source_class=class_of(recipe))


class Migration(migrations.Migration):
    dependencies = [("works", "0003_measures_of_works")]

    operations = [
        migrations.AddField(
            model_name="artwork",
            name="source_class",
            field=models.CharField(choices=CLASSES, default="human", max_length=10),
            preserve_default=False,
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="artwork",
            constraint=models.CheckConstraint(
                condition=models.Q(source_class__in=[name for name, _ in CLASSES]),
                name="artwork_source_class_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="artwork",
            constraint=models.CheckConstraint(
                condition=models.Q(origin="human", source_class="human")
                | ~models.Q(origin="human") & ~models.Q(source_class="human"),
                name="artwork_is_of_the_human_class_iff_by_a_person",
            ),
        ),
    ]
