"""Six human tasks one after the other, on viewflow's ready-made views, each with its permission."""

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow import views

from six.models import Six


def step(fields, after):
    """A task for whoever holds its permission and started the case."""
    view = views.UpdateProcessView.as_view(fields=fields)
    return flow.View(view).Permission(auto_create=True).Assign(this.start.owner).Next(after)


class SixFlow(flow.Flow):
    """The flow; the process row is locked, as its manual advises on PostgreSQL."""

    process_class = Six
    lock_impl = lock.select_for_update_lock

    start = (
        flow.Start(views.CreateProcessView.as_view(fields=["title"]))
        .Permission(auto_create=True)
        .Next(this.draft)
    )
    draft = step(["text", "basis"], this.progress)
    progress = step(["progress", "percent"], this.approve)
    approve = step(["approved", "opinion"], this.complete)
    complete = step(["result", "measures_taken", "evidence", "percent"], this.read)
    read = step(["handling"], this.close)
    close = step(["closing", "closing_opinion"], this.end)
    end = flow.End()
