"""Written by Django: the peer's one table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="Six",
            fields=[
                (
                    "process_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="viewflow.process",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("basis", models.CharField(blank=True, max_length=200)),
                ("progress", models.TextField(blank=True)),
                ("percent", models.IntegerField(blank=True, null=True)),
                ("approved", models.CharField(blank=True, max_length=10)),
                ("opinion", models.TextField(blank=True)),
                ("result", models.TextField(blank=True)),
                ("measures_taken", models.TextField(blank=True)),
                ("evidence", models.TextField(blank=True)),
                ("handling", models.CharField(blank=True, max_length=10)),
                ("closing", models.CharField(blank=True, max_length=10)),
                ("closing_opinion", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
            bases=("viewflow.process",),
        ),
    ]
