"""What the six forms ask, as columns of the process: viewflow's own way."""

from django.db import models
from viewflow.workflow.models import Process


class Six(Process):
    """One case of six tasks."""

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    basis = models.CharField(max_length=200, blank=True)
    progress = models.TextField(blank=True)
    percent = models.IntegerField(null=True, blank=True)
    approved = models.CharField(max_length=10, blank=True)
    opinion = models.TextField(blank=True)
    result = models.TextField(blank=True)
    measures_taken = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    handling = models.CharField(max_length=10, blank=True)
    closing = models.CharField(max_length=10, blank=True)
    closing_opinion = models.TextField(blank=True)
