"""The models of requests and answers, by their names in the OpenAPI document."""

from recourse_client.generated.models import *  # noqa: F403 # there are hundreds, and new ones with each release
