"""The flow's own pages and Django's sign-in."""

from django.contrib.auth import views as auth
from django.urls import path
from viewflow.contrib.auth import AuthViewset
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

from six.flows import SixFlow

site = Site(title="Six", viewsets=[FlowAppViewset(SixFlow, icon="assignment")])
urlpatterns = [
    path("accounts/login/", auth.LoginView.as_view(next_page="/six/tasks/"), name="plain_login"),
    path("accounts/", AuthViewset().urls),
    path("", site.urls),
]
