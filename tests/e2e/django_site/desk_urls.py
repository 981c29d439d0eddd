"""Addresses of the tests' django-helpdesk: everything is below `/`."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
