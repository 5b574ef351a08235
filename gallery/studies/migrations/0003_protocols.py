"""Studies become documents: drafted, frozen with a hash, closed; sittings get all their parts."""

import hashlib
import json
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


def name_works(apps, editor):
    works = apps.get_model("studies", "StudyWork").objects
    for pk in list(works.values_list("pk", flat=True)):
        works.filter(pk=pk).update(code=uuid.uuid4())


def seal(apps, editor):
    """Studies that opened before there were documents get one that says so."""
    studies = apps.get_model("studies", "Study").objects
    for pk, title in list(studies.values_list("pk", "title")):
        document = {"format": 0, "title": title, "words": {}}
        spelled = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(spelled.encode()).hexdigest()
        studies.filter(pk=pk).update(document=document, document_sha256=digest)
    studies.filter(state="closed").update(ended_by="admin")


class Migration(migrations.Migration):

    dependencies = [
        ('studies', '0002_answers_are_written_once'),
        ('works', '0004_how_works_came_about'),
    ]

    operations = [
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(choices=[('coherence', 'coherence'), ('surprise', 'surprise'), ('person', 'made by a person')], max_length=10)),
                ('outcome', models.CharField(choices=[('left', 'the left one'), ('tie', 'no difference'), ('right', 'the right one')], max_length=10)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='rater',
            name='rater_first_item_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='rating',
            name='rating_item_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='study',
            name='study_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='studywork',
            name='studywork_arm_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='trial',
            name='trial_shows_a_work_once',
        ),
        migrations.AddField(
            model_name='rater',
            name='facts',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='rater',
            name='facts_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rater',
            name='guess_timing',
            field=models.CharField(choices=[('after', 'after all ratings'), ('interleaved', 'with each work'), ('none', 'never')], default='after', max_length=12),
        ),
        migrations.AddField(
            model_name='rater',
            name='left_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rater',
            name='previewed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rater',
            name='rested_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='created',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='study',
            name='ended_by',
            field=models.CharField(blank=True, choices=[('admin', 'an admin closed it'), ('enough', 'there were enough answers'), ('last_day', 'its last day was over'), ('next', 'its next version opened')], max_length=10),
        ),
        migrations.AddField(
            model_name='study',
            name='document',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='document_sha256',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='study',
            name='key',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='previous',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='studies.study'),
        ),
        migrations.AddField(
            model_name='study',
            name='protocol',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='study',
            name='simulated',
            field=models.BooleanField(default=False, verbose_name='simulated'),
        ),
        migrations.AddField(
            model_name='study',
            name='version',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='studywork',
            name='code',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(name_works, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='studywork',
            name='code',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='studywork',
            name='role',
            field=models.CharField(choices=[('rated', 'rated'), ('noise', 'the anchor of most surprise'), ('plain', 'the anchor of least surprise'), ('practice', 'practice'), ('preview', 'preview')], default='rated', max_length=10),
        ),
        migrations.AddField(
            model_name='studywork',
            name='stratum',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='trial',
            name='allocation_p',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='trial',
            name='informed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='trial',
            name='instructed',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='trial',
            name='kind',
            field=models.CharField(choices=[('practice', 'practice'), ('rated', 'rated'), ('repeat', 'repeat'), ('anchor', 'anchor')], default='rated', max_length=10),
        ),
        migrations.AddField(
            model_name='trial',
            name='right_work',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trials_at_right', to='studies.studywork'),
        ),
        migrations.AlterField(
            model_name='rater',
            name='first_item',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AlterField(
            model_name='rating',
            name='item',
            field=models.CharField(choices=[('coherence', 'coherence'), ('surprise', 'surprise'), ('quality', 'quality'), ('liking', 'liking'), ('instructed', 'the row that names its answer')], max_length=10),
        ),
        migrations.AlterField(
            model_name='study',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='study',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('open', 'open'), ('closed', 'closed')], default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='studywork',
            name='arm',
            field=models.CharField(blank=True, choices=[('a', 'A'), ('b', 'B'), ('c', 'C'), ('d', 'D'), ('e', 'E'), ('f', 'F'), ('g', 'G'), ('h', 'H')], max_length=1),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='rater',
            constraint=models.CheckConstraint(condition=models.Q(('first_item__in', ['', 'coherence', 'surprise', 'quality', 'liking', 'instructed', 'person'])), name='rater_first_item_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rater',
            constraint=models.CheckConstraint(condition=models.Q(('guess_timing__in', ['after', 'interleaved', 'none'])), name='rater_guess_timing_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rater',
            constraint=models.CheckConstraint(condition=models.Q(('facts', {}), ('facts_at__isnull', False), _connector='OR'), name='rater_tells_facts_only_when_asked'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('item__in', ['coherence', 'surprise', 'quality', 'liking', 'instructed'])), name='rating_item_is_known'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open', 'closed'])), name='study_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by__in', ['admin', 'enough', 'last_day', 'next']), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('ended_by', '')), _connector='OR'), name='study_says_why_it_ended_iff_closed'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('opened_at__isnull', True)), models.Q(models.Q(('state', 'draft'), _negated=True), models.Q(('opened_at__isnull', True), _negated=True)), _connector='OR'), name='study_is_dated_unless_a_draft'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('document_sha256', '')), models.Q(models.Q(('state', 'draft'), _negated=True), models.Q(('document_sha256', ''), _negated=True)), _connector='OR'), name='study_is_sealed_unless_a_draft'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('previous', None), ('version', 1)), models.Q(('previous__isnull', False), ('version__gt', 1)), _connector='OR'), name='study_follows_another_iff_a_later_version'),
        ),
        migrations.AddConstraint(
            model_name='studywork',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['rated', 'noise', 'plain', 'practice', 'preview'])), name='studywork_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='studywork',
            constraint=models.CheckConstraint(condition=models.Q(('arm__in', ['', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])), name='studywork_arm_is_known'),
        ),
        migrations.AddConstraint(
            model_name='studywork',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'rated'), models.Q(('arm', ''), _negated=True)), models.Q(models.Q(('role', 'rated'), _negated=True), ('arm', '')), _connector='OR'), name='studywork_has_an_arm_iff_rated'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['practice', 'rated', 'repeat', 'anchor'])), name='trial_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'repeat'), _negated=True), fields=('rater', 'study_work'), name='trial_shows_a_work_once'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('right_work', None), models.Q(('right_work', models.F('study_work')), _negated=True), _connector='OR'), name='trial_has_two_different_works_if_two'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('allocation_p', None), models.Q(('allocation_p__gt', 0), ('allocation_p__lte', 1)), _connector='OR'), name='trial_allocation_p_is_a_probability'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('instructed', None), ('instructed__range', (1, 7)), _connector='OR'), name='trial_instructs_one_to_seven'),
        ),
        migrations.AddField(
            model_name='choice',
            name='trial',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='studies.trial'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('item__in', ['coherence', 'surprise', 'person'])), name='choice_item_is_known'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['left', 'tie', 'right'])), name='choice_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.UniqueConstraint(models.F('trial'), models.F('item'), name='choice_answers_an_item_once'),
        ),
    ]
